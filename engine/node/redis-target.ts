import { PlumblineError } from '../errors';

/** Where a Redis is and how to get in. Empty user name or password: none. */
export interface RedisTarget {
  host: string;
  port: number;
  db: number;
  tls: boolean;
  username: string;
  password: string;
  /** Certificates (PEM) of the authorities that a TLS server may be signed by; absent: those of the system. */
  ca?: string;
}

/** `redis://[user[:password]@]host[:port][/db]`, or `rediss://` for TLS. Error: `usage`; never repeats the URL. */
export function parseRedisUrl(url: string): RedisTarget {
  const bad = (why: string): PlumblineError =>
    new PlumblineError('usage', `The Redis address is not usable: ${why}.`, {
      hint: 'Write redis://localhost:6379/0, or rediss://user:password@host:port/db for TLS.',
    });
  if (!URL.canParse(url)) throw bad('it is no URL');
  const parsed = new URL(url);
  if (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')
    throw bad('it does not begin with redis:// or rediss://');
  if (parsed.hostname === '') throw bad('it names no host');
  const db = /^\/?(\d*)$/.exec(parsed.pathname)?.[1];
  if (db === undefined) throw bad('its path is no database number');
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    db: Number(db),
    tls: parsed.protocol === 'rediss:',
    username: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
}

/** For messages: host, port and database, never the password. */
export const describeTarget = ({ host, port, db }: RedisTarget): string => `${host}:${port}, database ${db}`;
