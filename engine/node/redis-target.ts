import { PlumblineError } from '../errors';

export const REDIS_KINDS = ['standalone', 'sentinel', 'cluster'] as const;
export type RedisKind = (typeof REDIS_KINDS)[number];

/** Where a Redis is and how to get in. Empty user name or password: none. */
export interface RedisTarget {
  host: string;
  port: number;
  db: number;
  tls: boolean;
  username: string;
  password: string;
  /** A file with the certificates (PEM) of the authorities that a TLS server may be signed by; absent: the system's. */
  caFile?: string;
  /** `sentinel`: the address is a sentinel's that knows `master`; `cluster`: a node's. Absent = `standalone`. */
  kind?: RedisKind;
  /** The name under which the sentinels know the primary. */
  master?: string;
  /** What the sentinels themselves ask for; they need not know the primary's users. Absent or empty: none. */
  sentinelUsername?: string;
  sentinelPassword?: string;
  /** More sentinels or nodes to ask, as `host:port`. */
  others?: string[];
}

/** The variable of a password that is written as `${NAME}`, which is read from the environment at each use; else null. */
export const environmentName = (password: string): string | null =>
  /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(password)?.[1] ?? null;

const SENTINEL_WORDS = ['sentinel-username', 'sentinel-password'] as const;
const WORDS = ['ca', 'sentinel', 'cluster', 'node', ...SENTINEL_WORDS];

/**
 * `redis://[user[:password]@]host[:port][/db]`, or `rediss://` for TLS, with `?ca=FILE`, `?sentinel=MASTER` (and what the
 * sentinels ask for: `&sentinel-username=`, `&sentinel-password=`), `?cluster` and `&node=HOST:PORT` for more sentinels or nodes.
 * A password may be `${NAME}`. Error: `usage`; never repeats the URL.
 */
export function parseRedisUrl(
  url: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): RedisTarget {
  const bad = (why: string): PlumblineError =>
    new PlumblineError('usage', `The Redis address is not usable: ${why}.`, {
      hint: 'Write redis://localhost:6379/0, or rediss://user:password@host:port/db?ca=FILE for TLS, with ?sentinel=MASTER or ?cluster.',
    });
  const passwordOf = (text: string): string => {
    const variable = environmentName(text);
    if (variable === null) return text;
    const password = environment[variable];
    if (password === undefined) throw bad(`the environment variable ${variable} is not set`);
    return password;
  };
  if (!URL.canParse(url)) throw bad('it is no URL');
  const parsed = new URL(url);
  if (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')
    throw bad('it does not begin with redis:// or rediss://');
  if (parsed.hostname === '') throw bad('it names no host');
  const db = /^\/?(\d*)$/.exec(parsed.pathname)?.[1];
  if (db === undefined) throw bad('its path is no database number');
  const words = parsed.searchParams;
  const strange = [...words.keys()].find((word) => !WORDS.includes(word));
  if (strange !== undefined) throw bad(`it does not take ${strange}`);
  if (words.has('sentinel') && words.has('cluster'))
    throw bad('it is of a sentinel or of a cluster, not both');
  const [sentinelUsername, sentinelPassword] = SENTINEL_WORDS.map((word) => words.get(word));
  if ((sentinelUsername || sentinelPassword) && !words.get('sentinel'))
    throw bad('it names a user or password of sentinels, but no sentinel=MASTER');
  const nodes = words.getAll('node');
  if (nodes.some((node) => parseNode(node) === null)) throw bad('a node is no HOST:PORT');
  const target: RedisTarget = {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    db: Number(db),
    tls: parsed.protocol === 'rediss:',
    username: decodeURIComponent(parsed.username),
    password: passwordOf(decodeURIComponent(parsed.password)),
  };
  const ca = words.get('ca');
  const master = words.get('sentinel');
  if (ca) target.caFile = ca;
  if (nodes.length > 0) target.others = nodes;
  if (master) Object.assign(target, { kind: 'sentinel', master });
  if (sentinelUsername) target.sentinelUsername = sentinelUsername;
  if (sentinelPassword) target.sentinelPassword = passwordOf(sentinelPassword);
  if (words.has('cluster')) target.kind = 'cluster';
  return target;
}

/** `host:port`; null when it is none. */
export function parseNode(text: string): { host: string; port: number } | null {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text);
  return match?.[1] === undefined ? null : { host: match[1], port: Number(match[2]) };
}

/** Every address to ask, the first one first. */
export function nodesOf({ host, port, others = [] }: RedisTarget): { host: string; port: number }[] {
  return [{ host, port }, ...others.flatMap((node) => parseNode(node) ?? [])];
}

/** For messages and for what records are kept under: host, port and database, never the password. */
export function describeTarget({ host, port, db, kind, master }: RedisTarget): string {
  if (kind === 'cluster') return `cluster ${host}:${port}`;
  const where = `${host}:${port}, database ${db}`;
  return kind === 'sentinel' ? `${master ?? ''} of sentinel ${where}` : where;
}
