import { storedName } from './hash-field';
import type { LookupJob, OnlineView } from './job';
import { lookupCommands } from './lookup';
import type { RedisArgument } from './redis-commands';

/** Where a lookup goes, without a secret. */
export interface LookupAddress {
  host: string;
  port: number;
  db: number;
  tls: boolean;
  username: string;
}

function pythonKey(views: readonly OnlineView[], name: string, text: string): string {
  const type = views.flatMap((view) => view.joinKeys).find((key) => key.name === name)?.type;
  return `${JSON.stringify(name)}: ${type === 'string' ? JSON.stringify(text) : text}`;
}

/**
 * The same lookup as Feast's Python client makes it, from a repository that `export-feast` wrote. `left`: features of the
 * lookup that Feast does not have, as `view:feature`.
 */
export function asFeastPython(job: LookupJob, left: readonly string[] = []): string {
  const refs = job.views.flatMap((view) =>
    view.features.map(({ name }) => JSON.stringify(`${view.view}:${name}`)),
  );
  const remarks = [
    ...(job.views.some((view) => view.ttl !== null)
      ? ['# Feast does not check ttl here: a value that Plumbline calls expired is returned.']
      : []),
    ...(job.views.some((view) => view.features.some((feature) => feature.default !== null))
      ? ['# Feast has no defaults: where Plumbline puts one, this gives None.']
      : []),
    ...(left.length === 0 ? [] : [`# Computed by Plumbline from these: ${left.join(', ')}.`]),
  ];
  return [
    'from feast import FeatureStore',
    '',
    `store = FeatureStore(repo_path=".")  # project ${JSON.stringify(job.project)}`,
    ...remarks,
    'features = store.get_online_features(',
    '    features=[',
    ...refs.map((ref) => `        ${ref},`),
    '    ],',
    '    entity_rows=[',
    ...job.entities.map(
      (entity) =>
        `        {${Object.entries(entity)
          .map(([name, text]) => pythonKey(job.views, name, text))
          .join(', ')}},`,
    ),
    '    ],',
    ').to_dict()',
    '',
  ].join('\n');
}

/** An argument as redis-cli reads it back, byte for byte. */
export function redisCliArgument(argument: RedisArgument): string {
  const bytes = typeof argument === 'string' ? new TextEncoder().encode(argument) : argument;
  const letters = Array.from(bytes, (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${letters.join('')}"`;
}

const shellWord = (text: string): string =>
  /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The same lookup for a shell with redis-cli: what it prints are the stored bytes, event time first. */
export function asRedisCli(job: LookupJob, at: LookupAddress): string {
  const options = [
    `-h ${shellWord(at.host)} -p ${at.port} -n ${at.db}`,
    ...(at.tls ? ['--tls'] : []),
    ...(at.username === '' ? [] : [`--user ${shellWord(at.username)}`]),
  ];
  const fields = job.views.map(
    (view) => `# ${storedName(view)}: event time, ${view.features.map(({ name }) => name).join(', ')}`,
  );
  const commands = lookupCommands(job).map(([name, ...args]) =>
    [name, ...args.map(redisCliArgument)].join(' '),
  );
  return [
    '# A password, where there is one, goes into the environment variable REDISCLI_AUTH.',
    ...fields,
    `redis-cli ${options.join(' ')} <<'END'`,
    ...commands,
    'END',
    '',
  ].join('\n');
}
