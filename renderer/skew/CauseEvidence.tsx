import { evidenceOf } from '../../engine/skew/charts/cause-shares';
import type { Cause } from '../../engine/skew/causes/attribution';
import type { BuiltSkew } from '../../engine/skew/skew';
import { useLoaded } from '../app/useLoaded';
import { useApp } from '../store/context';
import { shortened } from './shortened';

interface Props {
  skew: BuiltSkew;
  cause: Cause;
  side: string;
  onShow(): void;
}

/** Rows that show a cause: both values, and the one that the definition gives when the cause is assumed. */
export function CauseEvidence({ skew, cause, side, onShow }: Props) {
  const session = useApp((state) => state.engine.session);
  const key = `${skew.pairs.name} ${cause.cause} ${cause.examples.map(({ row }) => row).join()}`;
  const loaded = useLoaded(session === null ? null : key, (signal) =>
    session === null
      ? null
      : evidenceOf(session.database, skew, cause.examples, { priority: 'screen', signal }),
  );
  const rows = loaded?.state === 'done' ? loaded.value : [];
  const left = skew.result.sides[0];
  return (
    <>
      <div className="scroll-x" style={{ minHeight: 28 + 22 * cause.examples.length }}>
        <table className="table evidence">
          <thead>
            <tr>
              {skew.keys.map((name) => (
                <th key={name}>{name}</th>
              ))}
              <th>{skew.time} (UTC)</th>
              <th className="right">{left}</th>
              <th className="right">{side}</th>
              <th className="right" title="What the definition gives when this cause is assumed">
                recomputed
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, keys, time, ...values }) => (
              <tr key={String(row)}>
                {skew.keys.map((name) => (
                  <td key={name}>{shown(keys[name] ?? null)}</td>
                ))}
                <td>{time === null ? 'NULL' : timeText(time)}</td>
                {shortened([values.left, values.right, values.recomputed]).map(({ text, exact }, at) => (
                  <td className="right" key={at} title={exact}>
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button className="button quiet" onClick={onShow}>
        Show these rows in the charts
      </button>
    </>
  );
}

function shown(value: string | null): string {
  return value ?? 'NULL';
}

function timeText(us: bigint): string {
  return new Date(Number(us / 1000n)).toISOString().slice(0, 19).replace('T', ' ');
}
