import { useEffect, useMemo, useRef, useState } from 'react';
import type { LookupRequest } from '../../engine/catalog/model';
import { toErrorRecord, type ErrorRecord } from '../../engine/errors';
import type { LookupResult } from '../../engine/results';
import { LookupView } from '../cells/LookupView';
import {
  firstDraft,
  lookupFeatures,
  lookupRequest,
  neededKeys,
  type LookupDraft,
} from '../online/lookup-form';
import { useApp, useAppStore } from '../store/context';
import { ConnectionSelect } from './ConnectionSelect';
import { DialogFrame } from './DialogFrame';
import { ENGINE_STARTING, ErrorNotice } from './ErrorNotice';

type Found = { request: LookupRequest; result: LookupResult };

/** Features of entities as serving would get them now, without a cell. */
export function LookupDialog() {
  const store = useAppStore();
  const catalog = useApp((state) => state.analysis.current?.catalog);
  const connections = useApp((state) => state.connections.list);
  const [draft, setDraft] = useState<LookupDraft>(() =>
    firstDraft(
      catalog,
      connections.map(({ name }) => name),
    ),
  );
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<ErrorRecord | null>(null);
  const [busy, setBusy] = useState(false);
  const cancel = useRef<AbortController | null>(null);
  const views = useMemo(() => (catalog === undefined ? [] : lookupFeatures(catalog)), [catalog]);
  const keys = useMemo(
    () => (catalog === undefined ? [] : neededKeys(catalog, draft.features)),
    [catalog, draft.features],
  );
  useEffect(() => () => cancel.current?.abort(), []);

  const set = (change: Partial<LookupDraft>) => setDraft({ ...draft, ...change });
  const toggle = (ref: string, on: boolean) =>
    set({ features: on ? [...draft.features, ref] : draft.features.filter((other) => other !== ref) });
  const look = async () => {
    const { session } = store.getState().engine;
    if (catalog === undefined || session === null) return setProblem(ENGINE_STARTING);
    setProblem(null);
    setBusy(true);
    cancel.current = new AbortController();
    try {
      const request = lookupRequest(catalog, draft);
      const result = await session.lookup(request, cancel.current.signal);
      setFound({ request, result });
    } catch (thrown) {
      setProblem(toErrorRecord(thrown));
      setFound(null);
    } finally {
      setBusy(false);
    }
  };
  return (
    <DialogFrame title="Look up features" testId="dialog-lookup" wide>
      <ConnectionSelect value={draft.redis} onChange={(redis) => set({ redis })} />
      <label className="field">
        Project
        <input
          className="input"
          data-testid="lookup-project"
          value={draft.project}
          onChange={(event) => set({ project: event.target.value })}
        />
      </label>
      <fieldset className="choices" data-testid="lookup-features">
        <legend>Features</legend>
        {views.length === 0 && <span className="dim">The notebook has no view.</span>}
        {views.map(({ view, features }) => (
          <div key={view} className="choice-group">
            <strong>{view}</strong>
            {features.map((ref) => (
              <label key={ref} className="choice">
                <input
                  type="checkbox"
                  checked={draft.features.includes(ref)}
                  onChange={(event) => toggle(ref, event.target.checked)}
                />
                {ref.slice(view.length + 1)}
              </label>
            ))}
          </div>
        ))}
      </fieldset>
      <label className="field">
        Entities
        <textarea
          className="input area"
          data-testid="lookup-entities"
          rows={3}
          spellCheck={false}
          placeholder={keys.join(', ')}
          value={draft.entities}
          onChange={(event) => set({ entities: event.target.value })}
        />
        <span className="help">
          One a line: <code>{keys.join(', ') || 'join keys'}</code>. All of them are read in one call.
        </span>
      </label>
      <label className="field">
        Calls that are timed
        <input
          className="input"
          inputMode="numeric"
          data-testid="lookup-calls"
          value={draft.calls}
          onChange={(event) => set({ calls: event.target.value })}
        />
      </label>
      <label className="field">
        Budget, ms
        <input
          className="input"
          inputMode="decimal"
          data-testid="lookup-budget-ms"
          value={draft.budget}
          onChange={(event) => set({ budget: event.target.value })}
        />
      </label>
      <div>
        <button
          className="button primary"
          data-testid="lookup-run"
          disabled={busy}
          onClick={() => void look()}
        >
          {busy ? 'Looking up…' : 'Look up'}
        </button>
      </div>
      <ErrorNotice error={problem} />
      {found !== null && (
        <div data-testid="lookup-result">
          <LookupView result={found.result} catalog={catalog} request={found.request} />
        </div>
      )}
    </DialogFrame>
  );
}
