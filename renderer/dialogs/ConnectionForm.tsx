import { useState } from 'react';
import { redisConnectionSchema, type ListedConnection } from '../../electron/contract';
import { toErrorRecord } from '../../engine/errors';
import { useApp, useAppStore } from '../store/context';
import { givenPassword, PasswordField, useTypedPassword } from './PasswordField';

type Kind = NonNullable<ListedConnection['kind']>;
const KINDS: [Kind, string][] = [
  ['standalone', 'one server'],
  ['sentinel', 'Sentinel'],
  ['cluster', 'Cluster'],
];
const HOSTS: Record<Kind, string> = { standalone: 'Host', sentinel: 'A sentinel', cluster: 'A node' };

/** A name that no connection has yet. */
export function freeConnectionName(list: readonly Pick<ListedConnection, 'name'>[]): string {
  const taken = new Set(list.map(({ name }) => name));
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'dev' : `dev_${n}`;
    if (!taken.has(name)) return name;
  }
}

interface Props {
  /** null for a new one. */
  connection: ListedConnection | null;
  onDone(): void;
}

/** The fields of one connection. Passwords are sent to main on save and never shown again. */
export function ConnectionForm({ connection, onDone }: Props) {
  const store = useAppStore();
  const canStore = useApp((state) => state.connections.canStoreSecrets);
  const list = useApp((state) => state.connections.list);
  const [draft, setDraft] = useState({
    name: connection?.name ?? freeConnectionName(list),
    host: connection?.host ?? '127.0.0.1',
    port: String(connection?.port ?? 6379),
    db: String(connection?.db ?? 0),
    username: connection?.username ?? '',
    tls: connection?.tls ?? false,
    caFile: connection?.caFile ?? '',
    kind: connection?.kind ?? 'standalone',
    master: connection?.master ?? '',
    others: connection?.others?.join(', ') ?? '',
    sentinelUsername: connection?.sentinelUsername ?? '',
  });
  const [password, setPassword] = useTypedPassword(connection?.password);
  const [sentinelPassword, setSentinelPassword] = useTypedPassword(connection?.sentinelPassword);
  const [problem, setProblem] = useState<string | null>(null);
  type TextField = Exclude<keyof typeof draft, 'tls' | 'kind'>;
  const field = (key: TextField, label: string, readOnly = false) => (
    <label className="field">
      {label}
      <input
        className="input"
        data-testid={`connection-field-${key}`}
        value={draft[key]}
        readOnly={readOnly}
        spellCheck={false}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
      />
    </label>
  );
  const save = async () => {
    const { kind } = draft;
    if (connection === null && list.some(({ name }) => name === draft.name))
      return setProblem(`There is a connection ${draft.name} already: edit it, or take another name.`);
    if (kind === 'sentinel' && draft.master.trim() === '')
      return setProblem('The sentinels know the primary by a name: enter it.');
    const parsed = redisConnectionSchema.safeParse({
      ...draft,
      port: Number(draft.port),
      db: kind === 'cluster' ? 0 : Number(draft.db),
      kind: kind === 'standalone' ? undefined : kind,
      caFile: draft.tls && draft.caFile !== '' ? draft.caFile : undefined,
      master: kind === 'sentinel' ? draft.master : undefined,
      sentinelUsername:
        kind === 'sentinel' && draft.sentinelUsername !== '' ? draft.sentinelUsername : undefined,
      others: kind === 'standalone' || draft.others.trim() === '' ? undefined : draft.others.split(/[\s,]+/),
    });
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return setProblem(`${issue?.path.join('.') ?? 'A field'}: ${issue?.message ?? 'not valid'}`);
    }
    try {
      await store.getState().connections.save({
        connection: parsed.data,
        password: givenPassword(password),
        keepPassword: password.keep,
        sentinelPassword: kind === 'sentinel' ? givenPassword(sentinelPassword) : null,
        keepSentinelPassword: kind === 'sentinel' && sentinelPassword.keep,
      });
      onDone();
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      setProblem([error.message, error.hint].filter(Boolean).join(' '));
    }
  };
  return (
    <form
      className="connection-form"
      data-testid="connection-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {field('name', 'Name in notebooks', connection !== null)}
      <label className="field">
        Kind
        <select
          className="input"
          data-testid="connection-field-kind"
          value={draft.kind}
          onChange={(event) => {
            const kind = KINDS.find(([one]) => one === event.target.value)?.[0] ?? 'standalone';
            setDraft({ ...draft, kind });
          }}
        >
          {KINDS.map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {field('host', HOSTS[draft.kind])}
      {field('port', 'Port')}
      {draft.kind === 'sentinel' && field('master', 'Name of the primary')}
      {draft.kind !== 'standalone' &&
        field('others', draft.kind === 'cluster' ? 'More nodes (host:port)' : 'More sentinels (host:port)')}
      {draft.kind !== 'cluster' && field('db', 'Database')}
      {field('username', 'User (optional)')}
      <PasswordField
        label="Password"
        testId="connection-field-password"
        value={password}
        onChange={setPassword}
        help={
          canStore
            ? 'Kept in the system’s secret store.'
            : 'This system has no secret store: the password is kept until you quit.'
        }
      />
      {draft.kind === 'sentinel' && (
        <>
          {field('sentinelUsername', 'User of the sentinels (optional)')}
          <PasswordField
            label="Password of the sentinels"
            testId="connection-field-sentinelPassword"
            value={sentinelPassword}
            onChange={setSentinelPassword}
            help="Where the sentinels ask for one. They are never sent the primary’s."
          />
        </>
      )}
      <label className="field">
        TLS
        <input
          type="checkbox"
          style={{ justifySelf: 'start' }}
          checked={draft.tls}
          onChange={(event) => setDraft({ ...draft, tls: event.target.checked })}
        />
      </label>
      {draft.tls && field('caFile', 'CA file (optional, PEM)')}
      {problem !== null && (
        <div className="notice" role="alert">
          {problem}
        </div>
      )}
      <div style={{ display: 'flex', gap: 8 }}>
        <button className="button primary" type="submit" data-testid="connection-save">
          Save
        </button>
        <button className="button" type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
