import { useState } from 'react';
import { storedName } from '../../engine/online/hash-field';
import type { InspectResult } from '../../engine/online/inspection';
import type { DifferenceResult } from '../../engine/online/view-difference';
import { DifferenceView } from '../online/DifferenceView';
import { EntityBrowser } from '../online/EntityBrowser';
import { comparedAt, inspectJob, onlineViews, type InspectDraft } from '../online/inspect-form';
import { StoreSummaries } from '../online/StoreSummaries';
import { useApp } from '../store/context';
import { ConnectionSelect } from './ConnectionSelect';
import { DialogFrame } from './DialogFrame';
import { ErrorNotice } from './ErrorNotice';
import { progressText, useWork } from './use-work';

type Compared = { view: string; at: string; result: DifferenceResult };

/** Browses a Redis that holds Feast features, whoever wrote them. */
export function InspectDialog() {
  const catalog = useApp((state) => state.analysis.current?.catalog);
  const list = useApp((state) => state.connections.list);
  const [draft, setDraft] = useState<InspectDraft>(() => {
    const [cell] = catalog?.materializations.values() ?? [];
    return { redis: cell?.redis ?? list[0]?.name ?? '', project: '', entity: '', limit: '10,000' };
  });
  const [at, setAt] = useState('max');
  const [result, setResult] = useState<InspectResult | null>(null);
  const [compared, setCompared] = useState<Compared | null>(null);
  const { progress, problem, stopped, start, stop } = useWork();

  const set = (change: Partial<InspectDraft>) => setDraft({ ...draft, ...change });
  const inspect = () =>
    start(async (session, options) => {
      setCompared(null);
      setResult(await session.inspect(inspectJob(catalog, draft), options));
    });
  const compare = (project: string, name: string) =>
    start(async (session, options) => {
      setCompared(null);
      const end = comparedAt(at);
      const { redis, limit } = inspectJob(catalog, draft);
      const view = onlineViews(catalog).find((one) => storedName(one) === name);
      if (catalog === undefined || view === undefined) return;
      const found = await session.difference(catalog, { redis, project, view, limit }, end, options);
      setCompared({ view: name, at, result: found });
    });
  const field = (key: 'project' | 'entity' | 'limit', label: string, placeholder: string) => (
    <label className="inline-field">
      {label}
      <input
        className="input"
        data-testid={`inspect-${key}`}
        placeholder={placeholder}
        spellCheck={false}
        value={draft[key]}
        onChange={(event) => set({ [key]: event.target.value })}
      />
    </label>
  );
  const total = result?.stores.reduce((sum, store) => sum + store.entities, 0) ?? 0;
  return (
    <DialogFrame title="What a Redis holds" testId="dialog-inspect" wide>
      <ConnectionSelect value={draft.redis} onChange={(redis) => set({ redis })} />
      <div className="inline-fields">
        {field('project', 'Project', 'all')}
        {field('entity', 'Entity', 'all, or user_id=42')}
        {field('limit', 'Keys at most', '')}
        <label className="inline-field">
          Compare at
          <input
            className="input"
            data-testid="inspect-at"
            value={at}
            onChange={(event) => setAt(event.target.value)}
          />
        </label>
        {progress === null ? (
          <button className="button primary" data-testid="inspect-run" onClick={() => void inspect()}>
            Inspect
          </button>
        ) : (
          <button className="button" data-testid="inspect-stop" onClick={stop}>
            Stop
          </button>
        )}
      </div>
      {progress !== null && (
        <div className="dim numbers" role="status" data-testid="inspect-progress">
          {progressText(progress)}
        </div>
      )}
      {stopped && (
        <div className="dim" role="status" data-testid="inspect-stopped">
          {result === null
            ? 'Stopped before the end.'
            : 'Stopped before the end: what is shown is from before.'}
        </div>
      )}
      <ErrorNotice error={problem} />
      {compared !== null && <DifferenceView {...compared} />}
      {result === null ? (
        <p className="dim">
          Reads only, with SCAN, so that the server goes on serving. Features get their names from this
          notebook; what it does not define is shown as a field number with the type that its bytes name.
        </p>
      ) : (
        <>
          <StoreSummaries result={result} onCompare={(project, view) => void compare(project, view)} />
          <EntityBrowser entities={result.entities} total={total} />
        </>
      )}
    </DialogFrame>
  );
}
