import type { LookupResult, LookupValue } from '../../engine/results';
import type { Catalog } from '../../engine/catalog/model';
import { formatAge } from '../app/format';
import { useApp } from '../store/context';
import type { OutputProps } from './CellOutput';

/** What a request may cost in production (milliseconds). */
const BUDGET_MS = 15;

function print(value: unknown): string {
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

function Latency({ latency }: { latency: NonNullable<LookupResult['latency_ms']> }) {
  const over = latency.p99 > BUDGET_MS;
  return (
    <div className="cell-note numbers">
      {(['p50', 'p95', 'p99'] as const).map((key) => (
        <span key={key} data-latency={key}>
          {key} <strong>{latency[key].toFixed(2)} ms</strong>
        </span>
      ))}
      <span className={over ? 'bad' : 'dim'}>
        {over ? 'over' : 'within'} the budget of {BUDGET_MS} ms
      </span>
    </div>
  );
}

function ValueRow({ feature, value, ttl }: { feature: string; value: LookupValue; ttl: number | null }) {
  return (
    <tr>
      <td>{feature}</td>
      <td className={value.defaulted ? 'right dim' : 'right'}>{print(value.value)}</td>
      <td className={value.status === 'present' ? undefined : 'warn'}>{statusWords(value)}</td>
      <td className="right">{value.age_ms === null ? '–' : formatAge(value.age_ms)}</td>
      <td className="right dim">{ttl === null ? 'none' : formatAge(ttl)}</td>
    </tr>
  );
}

/** Online values with status and age, entity by entity, and how long the store took. */
export function LookupOutput({ block, run }: OutputProps) {
  const result = run.result as LookupResult;
  const catalog = useApp((state) => state.analysis.current?.catalog);
  return (
    <div data-testid={`cell-${block.name}-result`}>
      {result.latency_ms !== null && <Latency latency={result.latency_ms} />}
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
                      .map(([key, part]) => `${key} ${print(part)}`)
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
    </div>
  );
}
