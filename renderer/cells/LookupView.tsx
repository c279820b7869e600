import { useMemo } from 'react';
import type { Catalog, LookupRequest } from '../../engine/catalog/model';
import { asFeastPython, asRedisCli } from '../../engine/online/lookup-text';
import type { LookupResult, LookupValue } from '../../engine/results';
import { lookupJob } from '../../engine/run/lookup-job';
import { formatAge, formatCount } from '../app/format';
import { CopyButton } from '../inspector/CopyButton';
import { useApp } from '../store/context';

export function printValue(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function statusWords({ status, defaulted }: LookupValue): string {
  const words = { present: 'present', missing: 'missing', expired: 'expired', null: 'NULL stored' }[status];
  return defaulted ? `${words}, default used` : words;
}

/** Milliseconds; null = unlimited. */
function ttlOf(catalog: Catalog | undefined, ref: string): number | null {
  const ttl = catalog?.views.get(ref.split(':')[0] ?? '')?.ttl ?? null;
  return ttl === null ? null : Number(ttl / 1000n);
}

function Latency({ result }: { result: LookupResult }) {
  const { latency_ms: latency, budget_ms: budget, calls } = result;
  if (latency === null) return null;
  const over = latency.p99 > budget;
  return (
    <>
      {(['p50', 'p95', 'p99'] as const).map((key) => (
        <span key={key} data-latency={key}>
          {key} <strong>{latency[key].toFixed(2)} ms</strong>
        </span>
      ))}
      <span className={over ? 'bad' : 'dim'} data-testid="lookup-budget">
        p99 {over ? 'over' : 'within'} the budget of {budget} ms, {formatCount(calls)}{' '}
        {calls === 1 ? 'call' : 'calls'} of {formatCount(result.rows.length)}{' '}
        {result.rows.length === 1 ? 'entity' : 'entities'}
      </span>
    </>
  );
}

/** The same lookup in other tools. The connection's address is known here; its password never is. */
function CopyAs({ catalog, request }: { catalog: Catalog; request: LookupRequest }) {
  const connections = useApp((state) => state.connections.list);
  const at = connections.find(({ name }) => name === request.redis);
  const address = at ?? { host: 'localhost', port: 6379, db: 0, tls: false, username: '' };
  const left = request.features
    .filter(({ view }) => catalog.onDemandViews.has(view))
    .map(({ view, feature }) => `${view}:${feature}`);
  return (
    <>
      <CopyButton
        label="Copy as Feast Python"
        text={() => asFeastPython(lookupJob(catalog, request), left)}
      />
      <CopyButton label="Copy as redis-cli" text={() => asRedisCli(lookupJob(catalog, request), address)} />
    </>
  );
}

function ValueRow({ feature, value, ttl }: { feature: string; value: LookupValue; ttl: number | null }) {
  return (
    <tr>
      <td>{feature}</td>
      <td className={value.defaulted ? 'right dim' : 'right'}>{printValue(value.value)}</td>
      <td className={value.status === 'present' ? undefined : 'warn'}>{statusWords(value)}</td>
      <td className="right">
        {value.age_ms === null
          ? '–'
          : value.age_ms < 0
            ? `in ${formatAge(-value.age_ms)}`
            : formatAge(value.age_ms)}
      </td>
      <td className="right dim">{ttl === null ? 'none' : formatAge(ttl)}</td>
    </tr>
  );
}

/** What of the answer Feast's own client would give otherwise. */
function Differences({ result, catalog }: { result: LookupResult; catalog: Catalog | undefined }) {
  const { limited, expired, defaulted } = useMemo(() => {
    const values = result.rows.flatMap((row) => Object.entries(row.features));
    return {
      limited: values.some(([ref]) => ttlOf(catalog, ref) !== null),
      expired: values.filter(([, { status }]) => status === 'expired').length,
      defaulted: values.filter(([, value]) => value.defaulted).length,
    };
  }, [result, catalog]);
  if (!limited && defaulted === 0) return null;
  return (
    <div className="cell-note" data-testid="lookup-differences">
      {limited && (
        <span>
          {expired === 0
            ? 'A value older than its ttl would count as NULL here, as in training.'
            : `${formatCount(expired)} ${expired === 1 ? 'value is' : 'values are'} older than the ttl and ${
                expired === 1 ? 'counts' : 'count'
              } as NULL here, as in training.`}{' '}
          Feast’s Python client does not check ttl: it returns such a value.
        </span>
      )}
      {defaulted > 0 && (
        <span>
          {formatCount(defaulted)} {defaulted === 1 ? 'default' : 'defaults'} used; Feast has none.
        </span>
      )}
    </div>
  );
}

interface Props {
  result: LookupResult;
  catalog: Catalog | undefined;
  /** null when it is not known any more. */
  request: LookupRequest | null;
}

/** Online values with status and age, entity by entity, and how long the store took. */
export function LookupView({ result, catalog, request }: Props) {
  return (
    <>
      <div className="cell-note numbers">
        <Latency result={result} />
        <span className="grow" />
        {catalog !== undefined && request !== null && <CopyAs catalog={catalog} request={request} />}
      </div>
      <Differences result={result} catalog={catalog} />
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>feature</th>
              <th className="right">value</th>
              <th>status</th>
              <th className="right">age</th>
              <th className="right">ttl</th>
            </tr>
          </thead>
          {result.rows.map((row, index) => (
            <tbody key={index}>
              <tr>
                <th colSpan={5} scope="rowgroup">
                  <strong>
                    {Object.entries(row.entity)
                      .map(([key, part]) => `${key} ${printValue(part)}`)
                      .join(', ')}
                  </strong>
                </th>
              </tr>
              {Object.entries(row.features).map(([ref, value]) => (
                <ValueRow key={ref} feature={ref} value={value} ttl={ttlOf(catalog, ref)} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </>
  );
}
