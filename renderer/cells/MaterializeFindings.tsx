import type { MaterializeFinding } from '../../engine/results';
import { entityText } from './MaterializeSamples';

const KINDS: Record<MaterializeFinding['kind'], string> = {
  null_overwrite: 'NULL over',
  int_mismatch: 'stored under',
  orphan_field: 'removed feature',
  unknown_field: 'unknown field',
};

/** A few entities of each thing that the dry run found besides the values. */
export function MaterializeFindings({ findings }: { findings: readonly MaterializeFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <div className="scroll-x" style={{ marginTop: 10 }}>
      <table className="table">
        <thead>
          <tr>
            <th>found</th>
            <th>entity</th>
            <th>view</th>
            <th>what</th>
          </tr>
        </thead>
        <tbody>
          {findings.map(({ kind, view, entity, what }, index) => (
            <tr key={index}>
              <td>{KINDS[kind]}</td>
              <td>{entityText(entity)}</td>
              <td className="dim">{view}</td>
              <td>{what.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
