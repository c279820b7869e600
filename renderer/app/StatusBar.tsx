import { useMemo } from 'react';
import { useApp, useAppStore } from '../store/context';
import { formatBytes, formatCount } from './format';

function EngineState() {
  const store = useAppStore();
  const status = useApp((state) => state.engine.status);
  const version = useApp((state) => state.engine.version);
  const memory = useApp((state) => state.engine.memory);
  const restarts = useApp((state) => state.engine.restarts);
  const error = useApp((state) => state.engine.error);
  const words = {
    starting: 'engine starting',
    failed: 'engine failed, click to restart',
    ready: `DuckDB ${version.replace(/^v/, '')}`,
  }[status];
  const mark = { starting: 'running', failed: 'failed', ready: 'ok' }[status];
  return (
    <>
      <button
        data-testid="status-engine"
        title={error === null ? 'Click to restart the engine' : `${error.message} ${error.hint ?? ''}`}
        onClick={() => void store.getState().engine.restart()}
      >
        <i className={`mark ${mark}`} />
        {words}
        {restarts > 0 && status === 'ready' ? `, restarted ${restarts}×` : ''}
      </button>
      {memory !== null && (
        <span data-testid="status-memory" title="Memory that the engine uses, and its limit">
          {formatBytes(memory.used)} of {formatBytes(memory.limit)}
        </span>
      )}
    </>
  );
}

function SampleState() {
  const previewRows = useApp((state) => state.settings.values.previewRows);
  const byCell = useApp((state) => state.runs.byCell);
  const busy = useMemo(
    () => Object.values(byCell).filter((entry) => entry.phase !== 'done').length,
    [byCell],
  );
  return (
    <>
      <span data-testid="status-sample" title="Spine rows of a preview; Run on the whole data takes all">
        previews on {formatCount(previewRows)} spine rows
      </span>
      {busy > 0 && (
        <span data-testid="status-running">{busy === 1 ? '1 cell to run' : `${busy} cells to run`}</span>
      )}
    </>
  );
}

function Problems() {
  const store = useAppStore();
  const diagnostics = useApp((state) => state.analysis.diagnostics);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const count = diagnostics.length;
  return (
    <button
      data-testid="status-problems"
      className={errors > 0 ? 'bad' : undefined}
      onClick={() => store.getState().dialogs.show('problems')}
    >
      {count === 0 ? 'no problems' : count === 1 ? '1 problem' : `${count} problems`}
    </button>
  );
}

function RedisState() {
  const store = useAppStore();
  const list = useApp((state) => state.connections.list);
  const tests = useApp((state) => state.connections.tests);
  const lastCalled = useApp((state) => state.connections.lastCalled);
  const first = list.find(({ name }) => name === lastCalled) ?? list[0];
  const test = first === undefined ? undefined : tests[first.name];
  const known = test !== undefined && test !== 'testing';
  return (
    <button
      data-testid="status-redis"
      title={known ? test.text : 'Redis connections'}
      onClick={() => store.getState().dialogs.show('connections')}
    >
      <i
        className={`mark ${test === 'testing' ? 'running' : known ? (test.ok ? 'ok' : 'failed') : 'idle'}`}
      />
      {first === undefined
        ? 'no Redis'
        : `redis ${first.name}${known && !test.ok ? ' failed' : ''}${list.length > 1 ? ` +${list.length - 1}` : ''}`}
    </button>
  );
}

export function StatusBar() {
  return (
    <footer className="status-bar" data-testid="status-bar">
      <EngineState />
      <SampleState />
      <span className="grow" />
      <span title="All times are instants in UTC">UTC</span>
      <Problems />
      <RedisState />
    </footer>
  );
}
