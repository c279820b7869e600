import type { InspectResult, StoreSummary, ViewOrigin, ViewSummary } from '../../engine/online/inspection';
import { formatBytes, formatCount } from '../app/format';

const ORIGINS: Record<ViewOrigin, string> = {
  notebook: 'this notebook',
  version: 'another version',
  precomputed: 'a Feast service, precomputed',
  foreign: 'not in this notebook',
};

const shortTime = (iso: string | null): string => (iso === null ? '–' : iso.replace('T', ' ').slice(0, 19));

const count = (number: number, one: string, many: string): string =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** What is not as it should be, in words. */
function warnings(store: StoreSummary): string[] {
  const entities = (number: number) => count(number, 'entity', 'entities');
  return [
    ...store.others.map(
      ({ name, state, type, entities: number }) =>
        `${state === 'orphan' ? 'Orphan field' : 'Unknown field'} ${name}, ${type}, in ${entities(number)}: ` +
        (state === 'orphan'
          ? 'no view has it, it is of a feature that was removed or renamed.'
          : 'it may be of a view that this notebook does not define.'),
    ),
    ...Object.entries(store.notFound).map(([why, number]) => `${entities(number)} no lookup finds: ${why}.`),
  ];
}

function ViewRow({
  view,
  onCompare,
}: {
  view: ViewSummary;
  onCompare: ((view: string) => void) | undefined;
}) {
  return (
    <tr data-testid={`inspect-view-${view.name}`}>
      <td>{view.name}</td>
      <td className={view.origin === 'notebook' ? 'dim' : undefined}>{ORIGINS[view.origin]}</td>
      <td className="right">{formatCount(view.entities)}</td>
      <td className={view.expired > 0 ? 'right warn' : 'right'}>{formatCount(view.expired)}</td>
      <td>{shortTime(view.oldest)}</td>
      <td>{shortTime(view.newest)}</td>
      <td className="right">
        {onCompare !== undefined && view.origin === 'notebook' && (
          <button
            className="button"
            data-testid={`inspect-compare-${view.name}`}
            onClick={() => onCompare(view.name)}
          >
            Compare
          </button>
        )}
      </td>
    </tr>
  );
}

function Store({
  store,
  onCompare,
}: {
  store: StoreSummary;
  onCompare(project: string, view: string): void;
}) {
  const { project, joinKeys, entities, bytes, memory } = store;
  return (
    <section data-testid={`inspect-store-${project}`}>
      <div className="store-head">
        <strong>{project}</strong>
        <span className="code dim">{joinKeys.map(({ name, type }) => `${name} ${type}`).join(', ')}</span>
        <span className="grow" />
        <span className="numbers">
          {count(entities, 'entity', 'entities')}, {formatBytes(bytes)} of data
          {memory === null ? '' : `, ${formatBytes(memory)} in Redis`}
        </span>
      </div>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>view</th>
              <th>defined in</th>
              <th className="right">entities</th>
              <th className="right">expired</th>
              <th>oldest, UTC</th>
              <th>newest, UTC</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {store.views.map((view) => (
              <ViewRow key={view.name} view={view} onCompare={(name) => onCompare(project, name)} />
            ))}
          </tbody>
        </table>
      </div>
      {warnings(store).map((text) => (
        <div key={text} className="store-warning">
          <i className="mark edited" /> {text}
        </div>
      ))}
    </section>
  );
}

interface Props {
  result: InspectResult;
  onCompare(project: string, view: string): void;
}

/** What a Redis holds, project by project. */
export function StoreSummaries({ result, onCompare }: Props) {
  const { keys, looked, complete, foreign, stores } = result;
  return (
    <>
      <div role="status" data-testid="inspect-looked">
        Looked at {formatCount(looked)} of {count(keys, 'key', 'keys')}
        {complete ? '' : '; the others were left out, raise the number of keys to see more'}.{' '}
        {foreign > 0 && `${count(foreign, 'key is', 'keys are')} not Feast’s. `}
        {stores.length === 0 && 'No features were found.'}
      </div>
      {stores.map((store) => (
        <Store
          key={`${store.project} ${JSON.stringify(store.joinKeys)}`}
          store={store}
          onCompare={onCompare}
        />
      ))}
    </>
  );
}
