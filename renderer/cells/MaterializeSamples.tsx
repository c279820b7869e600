import type { MaterializeSample } from '../../engine/results';

const OUTCOMES: Record<MaterializeSample['outcome'], string> = {
  added: 'added',
  changed: 'changed',
  skipped_older: 'skipped, not newer',
  skipped_equal: 'skipped, equal',
};

function text(value: string | null | undefined): string {
  return value ?? 'NULL';
}

/** A few entities before and after, value by value. */
export function MaterializeSamples({ samples }: { samples: readonly MaterializeSample[] }) {
  if (samples.length === 0) return <div className="cell-note">There is no sample to show.</div>;
  return (
    <div className="scroll-x" style={{ marginTop: 10 }}>
      <table className="table">
        <thead>
          <tr>
            <th>view</th>
            <th>entity</th>
            <th>outcome</th>
            <th>feature</th>
            <th>stored</th>
            <th>new</th>
          </tr>
        </thead>
        <tbody>
          {samples.flatMap((sample, index) =>
            Object.keys(sample.after).map((feature, position) => {
              const before = sample.before?.[feature] ?? null;
              const after = sample.after[feature] ?? null;
              return (
                <tr key={`${index} ${feature}`}>
                  <td>{position === 0 ? sample.view : ''}</td>
                  <td>
                    {position === 0
                      ? Object.entries(sample.entity)
                          .map(([key, value]) => `${key} ${value}`)
                          .join(', ')
                      : ''}
                  </td>
                  <td>{position === 0 ? OUTCOMES[sample.outcome] : ''}</td>
                  <td>{feature}</td>
                  <td className="dim">{sample.before === null ? '–' : text(before)}</td>
                  <td style={before === after ? undefined : { fontWeight: 600 }}>{text(after)}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}
