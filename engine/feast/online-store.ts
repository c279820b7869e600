import { comment, pythonText } from './python-text';

/** Where the repository's online store is, without any secret. */
export interface FeastConnection {
  host: string;
  port: number;
  db: number;
  tls: boolean;
  username: string;
  /** Then the file names the environment variable REDIS_PASSWORD. */
  hasPassword: boolean;
  /** A file with the certificates of the authorities that a TLS server may be signed by. */
  caFile?: string;
  /** Absent = `standalone`. */
  kind?: 'standalone' | 'sentinel' | 'cluster';
  /** The name under which the sentinels know the primary. */
  master?: string;
  /** More sentinels or nodes, as `host:port`. */
  others?: readonly string[];
  /** What the sentinels themselves ask for; then the file names REDIS_SENTINEL_PASSWORD. */
  sentinelUsername?: string;
  hasSentinelPassword?: boolean;
}

/** Feast cuts the connection string at each comma, so that nothing in it may hold one. */
const givable = (text: string): boolean => !text.includes(',');

/** What Feast hands to its sentinels' own connections. */
function sentinelWords({ tls, caFile, sentinelUsername, hasSentinelPassword }: FeastConnection) {
  return {
    ...(tls ? { ssl: true } : {}),
    ...(tls && caFile ? { ssl_ca_certs: caFile } : {}),
    ...(sentinelUsername ? { username: sentinelUsername } : {}),
    ...(hasSentinelPassword ? { password: '${REDIS_SENTINEL_PASSWORD}' } : {}),
  };
}

/** What of a connection Feast cannot take, in words for the user. */
export function feastConnectionLimits(connection: FeastConnection): string[] {
  const { kind, host, others = [], username, caFile = '', tls } = connection;
  const said: string[] = [];
  if ([host, ...others.map((node) => node.replace(/:\d+$/, ''))].some((name) => name.includes(':')))
    said.push('Feast cannot take an IPv6 address: name the host instead.');
  if (!givable(username)) said.push('Feast cannot take a user name with a comma: it is left out.');
  if (tls && !givable(caFile)) said.push('Feast cannot take a path with a comma: the CA is left out.');
  const words = Object.keys(sentinelWords(connection));
  if (kind === 'sentinel' && words.length > 1)
    said.push(
      `Feast cannot give its sentinels more than one of ${words.join(', ')}: it asks them without any, and finds no primary where they insist.`,
    );
  return said;
}

/** `redis_type` and connection string of Feast's store, as lines of feature_store.yaml below `online_store`. */
export function onlineStoreLines(connection: FeastConnection): string[] {
  const { kind, host, port, db, tls, caFile = '', username, hasPassword } = connection;
  const { master = '', others = [] } = connection;
  const sentinels = kind === 'sentinel' ? sentinelWords(connection) : {};
  const parts = [
    `${host}:${port}`,
    ...(kind === 'sentinel' || kind === 'cluster' ? others : []),
    // a cluster has one database, and Feast's client refuses to be told which
    ...(kind === 'cluster' ? [] : [`db=${db}`]),
    ...(tls ? ['ssl=true'] : []),
    ...(tls && caFile !== '' && givable(caFile) ? [`ssl_ca_certs=${caFile}`] : []),
    ...(username === '' || !givable(username) ? [] : [`username=${username}`]),
    ...(hasPassword ? ['password=${REDIS_PASSWORD}'] : []),
    ...(Object.keys(sentinels).length === 1 ? [`sentinel_kwargs=${JSON.stringify(sentinels)}`] : []),
  ];
  const remarks = [
    ...(hasPassword ? ['Set REDIS_PASSWORD in the environment; Feast cannot take one with a comma.'] : []),
    ...('password' in sentinels && Object.keys(sentinels).length === 1
      ? ['Set REDIS_SENTINEL_PASSWORD in the environment too.']
      : []),
    ...feastConnectionLimits(connection),
  ];
  return [
    'online_store:',
    '  type: redis',
    ...(kind === 'cluster' ? ['  redis_type: redis_cluster'] : []),
    ...(kind === 'sentinel'
      ? ['  redis_type: redis_sentinel', `  sentinel_master: ${pythonText(master)}`]
      : []),
    ...remarks.flatMap(comment).map((line) => `  ${line}`),
    `  connection_string: ${pythonText(parts.join(','))}`,
  ];
}
