import type { DifferenceResult, DifferenceSample } from '../../engine/online/view-difference';
import { formatCount } from '../app/format';

const KINDS = { differs: 'differs', only_offline: 'not in Redis', only_online: 'only in Redis' } as const;

function Sample({ sample }: { sample: DifferenceSample }) {
  const { kind, entity, stored, truth } = sample;
  const names = Object.keys(truth ?? stored ?? {});
  return (
    <tbody>
      <tr>
        <th colSpan={3} scope="rowgroup">
          <strong>
            {Object.entries(entity)
              .map(([key, value]) => `${key} ${value}`)
              .join(', ')}
          </strong>{' '}
          <span className="warn">{KINDS[kind]}</span>
        </th>
      </tr>
      {names.map((name) => {
        const [online, offline] = [stored?.[name] ?? null, truth?.[name] ?? null];
        return (
          <tr key={name}>
            <td>{name}</td>
            <td className={stored !== null && online !== offline ? 'warn' : 'dim'}>
              {stored === null ? '–' : (online ?? 'NULL')}
            </td>
            <td>{truth === null ? '–' : (offline ?? 'NULL')}</td>
          </tr>
        );
      })}
    </tbody>
  );
}

/** What a Redis has of a view against what the notebook computes. */
export function DifferenceView({ view, at, result }: { view: string; at: string; result: DifferenceResult }) {
  const { equal, differs, only_offline, only_online, complete, older, newer, features, samples } = result;
  const same = differs + only_offline + only_online === 0;
  return (
    <section data-testid="inspect-difference">
      <div role="status">
        <strong>
          {view} at {at}:{' '}
          {same ? 'the store and the notebook are equal.' : 'the store and the notebook differ.'}
        </strong>{' '}
        <span className="numbers">
          {formatCount(equal)} equal, {formatCount(differs)} differ, {formatCount(only_offline)} not in Redis,{' '}
          {complete ? '' : 'at least '}
          {formatCount(only_online)} only in Redis. Event times in Redis: {formatCount(older)} older,{' '}
          {formatCount(newer)} newer.
        </span>
      </div>
      {Object.keys(features).length > 0 && (
        <div className="dim numbers">
          {Object.entries(features)
            .map(([name, entities]) => `${name} differs for ${formatCount(entities)}`)
            .join(', ')}
        </div>
      )}
      {samples.length > 0 && (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th>feature</th>
                <th>in Redis</th>
                <th>in the notebook</th>
              </tr>
            </thead>
            {samples.map((sample, index) => (
              <Sample key={index} sample={sample} />
            ))}
          </table>
        </div>
      )}
    </section>
  );
}
