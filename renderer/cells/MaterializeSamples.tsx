import type { MaterializeSample } from '../../engine/results';

const OUTCOMES: Record<MaterializeSample['outcome'], string> = {
  added: 'added',
  changed: 'changed',
  replaced: 'replaced, same event time',
  skipped_older: 'skipped, not newer',
  skipped_equal: 'skipped, equal',
};

/** `user_id 42, item_id 7`. */
export function entityText(entity: MaterializeSample['entity']): string {
  return Object.entries(entity)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}

function SampleRows({ sample }: { sample: MaterializeSample }) {
  const { view, entity, outcome, before, after } = sample;
  return (
    <tbody>
      <tr>
        <th colSpan={3} scope="rowgroup">
          <strong>{entityText(entity)}</strong> in {view}: {OUTCOMES[outcome]}
        </th>
      </tr>
      {Object.entries(after).map(([feature, value]) => {
        const stored = before?.[feature] ?? null;
        return (
          <tr key={feature}>
            <td>{feature}</td>
            <td className="dim">{before === null ? '–' : (stored ?? 'NULL')}</td>
            <td style={before !== null && stored !== value ? { fontWeight: 600 } : undefined}>
              {value ?? 'NULL'}
            </td>
          </tr>
        );
      })}
    </tbody>
  );
}

/** A few entities before and after, value by value. */
export function MaterializeSamples({ samples }: { samples: readonly MaterializeSample[] }) {
  if (samples.length === 0) return <div className="cell-note">There is no sample to show.</div>;
  return (
    <div className="scroll-x" style={{ marginTop: 10 }}>
      <table className="table">
        <thead>
          <tr>
            <th>feature</th>
            <th>stored</th>
            <th>new</th>
          </tr>
        </thead>
        {samples.map((sample, index) => (
          <SampleRows key={index} sample={sample} />
        ))}
      </table>
    </div>
  );
}
