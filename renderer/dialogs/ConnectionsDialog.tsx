import { useEffect, useState } from 'react';
import type { ListedConnection } from '../../electron/contract';
import { toErrorRecord } from '../../engine/errors';
import { useApp, useAppStore } from '../store/context';
import { ConnectionForm, freeConnectionName } from './ConnectionForm';
import { DialogFrame } from './DialogFrame';

const PASSWORDS: Record<ListedConnection['password'], string> = {
  none: 'no password',
  stored: 'password in the system’s store',
  session: 'password until you quit',
  unreadable: 'password can no longer be read: enter it again',
};

function ConnectionRow({ connection, onEdit }: { connection: ListedConnection; onEdit(): void }) {
  const store = useAppStore();
  const test = useApp((state) => state.connections.tests[connection.name]);
  const { connections } = store.getState();
  const { name, host, port, db, tls, kind, master, password } = connection;
  return (
    <div className="connection" data-testid={`connection-${name}`}>
      <strong>{name}</strong>
      <span className="code">
        {kind === 'sentinel' ? `${master} of sentinel ` : kind === 'cluster' ? 'cluster ' : ''}
        {host}:{port}
        {db === 0 ? '' : `/${db}`}
        {tls ? ', TLS' : ''}
      </span>
      <span className={password === 'unreadable' ? 'warn' : 'dim'}>{PASSWORDS[password]}</span>
      <span className="grow" />
      <span className="connection-actions">
        <button
          className="button"
          data-testid={`connection-${name}-test`}
          disabled={test === 'testing'}
          onClick={() => void connections.test(name)}
        >
          {test === 'testing' ? 'Testing…' : 'Test'}
        </button>
        <button className="button" onClick={onEdit}>
          Edit
        </button>
        <button className="button" onClick={() => void connections.remove(name)}>
          Remove
        </button>
      </span>
      {test !== undefined && test !== 'testing' && (
        <span
          className={test.ok ? 'connection-test' : 'connection-test bad'}
          role="status"
          data-testid={`connection-${name}-outcome`}
        >
          <i className={`mark ${test.ok ? 'ok' : 'failed'}`} /> {test.text}
        </span>
      )}
    </div>
  );
}

/** Redis connections: notebooks name them, this profile holds where they lead. */
export function ConnectionsDialog() {
  const store = useAppStore();
  const list = useApp((state) => state.connections.list);
  const localServer = useApp((state) => state.connections.localServer);
  const [editing, setEditing] = useState<ListedConnection | 'new' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    store
      .getState()
      .connections.refresh()
      .catch((thrown: unknown) => setProblem(toErrorRecord(thrown).message));
  }, [store]);

  const startLocal = () => {
    setProblem(null);
    store
      .getState()
      .connections.startLocal(freeConnectionName(list))
      .catch((thrown: unknown) => setProblem(toErrorRecord(thrown).message));
  };
  return (
    <DialogFrame title="Redis connections" testId="dialog-connections">
      <p className="dim">
        A notebook names a connection (<code>redis: dev</code>); address and password stay in your profile.
        Passwords go into the system’s secret store, or are kept until you quit where there is none. Nothing
        is written to a Redis without your yes to that write.
      </p>
      {problem !== null && (
        <div className="notice" role="alert">
          {problem}
        </div>
      )}
      {list.length === 0 && (
        <div className="dim">No connection yet. Add one, or start a local Redis to try it out.</div>
      )}
      {list.map((connection) => (
        <ConnectionRow key={connection.name} connection={connection} onEdit={() => setEditing(connection)} />
      ))}
      {editing === null ? (
        <div style={{ display: 'flex', gap: 8 }}>
          <button className="button" data-testid="connection-add" onClick={() => setEditing('new')}>
            Add a connection
          </button>
          <button
            className="button"
            data-testid="connection-start-local"
            disabled={localServer === null}
            title={localServer ?? 'No redis-server was found on the PATH'}
            onClick={startLocal}
          >
            Start a local Redis
          </button>
        </div>
      ) : (
        <ConnectionForm
          key={editing === 'new' ? '' : editing.name}
          connection={editing === 'new' ? null : editing}
          onDone={() => setEditing(null)}
        />
      )}
    </DialogFrame>
  );
}
