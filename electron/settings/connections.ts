import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlumblineError } from '../../engine/errors';
import { atomicWrite } from '../../engine/node/atomic-write';
import { fileError } from '../../engine/node/file-error';
import type { RedisTarget } from '../../engine/node/redis-target';
import { redisConnectionSchema, type ListedConnection, type RedisConnection } from '../contract';
import { createConnectionSecrets, type GivenSecret, type KeptSecret } from './connection-secrets';
import type { SecretVault } from './secret-vault';

const keptSecret = { secret: z.string().optional(), environment: z.string().optional() };
const storedConnection = redisConnectionSchema.extend({
  ...keptSecret,
  /** The password of the sentinels, which need not be the primary's. */
  sentinel: z.object(keptSecret).optional(),
});
type StoredConnection = z.infer<typeof storedConnection>;
const fileSchema = z.array(storedConnection);

/** The passwords of a connection that is saved. `sentinel`: where the connection is of kind `sentinel`. */
export interface GivenSecrets {
  password: GivenSecret;
  sentinel?: GivenSecret;
}

/** The Redis connections of the profile. A password never leaves this module but as part of a target. */
export interface Connections {
  list(): Promise<ListedConnection[]>;
  canStoreSecrets(): Promise<boolean>;
  /** Errors: `secrets.unavailable`, `settings.invalid`, `file.*`. */
  save(connection: RedisConnection, secrets: GivenSecrets): Promise<void>;
  remove(name: string): Promise<void>;
  /** Where to connect, passwords included. Errors: `redis.unknown_connection`, `secrets.unavailable`. */
  target(name: string): Promise<RedisTarget>;
}

const NO_SECRET: GivenSecret = { value: null, keep: false };
/** A name under which no connection keeps its own password: theirs have no space. */
const ofSentinels = (name: string): string => `${name} sentinels`;

export function createConnections(
  file: string,
  vault: SecretVault,
  environment: Readonly<Record<string, string | undefined>>,
): Connections {
  const secrets = createConnectionSecrets(vault, environment);

  const load = async (): Promise<StoredConnection[]> => {
    const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return '[]';
      throw fileError(thrown, file);
    });
    try {
      return fileSchema.parse(JSON.parse(text));
    } catch (thrown) {
      throw new PlumblineError('settings.invalid', `${file} cannot be read.`, {
        hint: 'Correct it or delete it; it holds the Redis connections.',
        cause: thrown,
      });
    }
  };
  const store = (connections: StoredConnection[]): Promise<void> =>
    atomicWrite(file, JSON.stringify(connections, null, 2) + '\n').catch((thrown: unknown) => {
      throw fileError(thrown, file);
    });

  const states = async (connection: StoredConnection) => ({
    password: await secrets.state(connection.name, connection),
    ...(connection.kind === 'sentinel'
      ? { sentinelPassword: await secrets.state(ofSentinels(connection.name), connection.sentinel ?? {}) }
      : {}),
  });
  const readable = async (name: string, slot: string, kept: KeptSecret): Promise<string> => {
    const password = await secrets.read(slot, kept);
    if (password === null) throw unreadablePassword(name, kept);
    return password;
  };

  return {
    list: async () =>
      Promise.all(
        (await load()).map(async (connection) => ({
          ...redisConnectionSchema.parse(connection),
          ...(await states(connection)),
        })),
      ),
    canStoreSecrets: () => vault.available(),
    save: async (connection, { password, sentinel = NO_SECRET }) => {
      const { name } = connection;
      const all = await load();
      const before = all.find((one) => one.name === name);
      if ((password.keep || sentinel.keep) && before && !sameServer(before, connection)) {
        const { password: own, sentinelPassword = 'none' } = await states(before);
        if ((password.keep && own !== 'none') || (sentinel.keep && sentinelPassword !== 'none'))
          // Else anyone who can edit a connection could have its password sent to a server of theirs.
          throw new PlumblineError('secrets.unavailable', 'The password belongs to the server as it was.', {
            hint: 'Host, port, TLS or user changed: enter the password again.',
          });
      }
      const entry: StoredConnection = {
        ...connection,
        ...(await secrets.protect(name, password, before ?? {})),
        sentinel:
          connection.kind === 'sentinel'
            ? await secrets.protect(ofSentinels(name), sentinel, before?.sentinel ?? {})
            : undefined,
      };
      await store([...all.filter((one) => one.name !== name), entry]);
    },
    remove: async (name) => {
      secrets.forget(name);
      secrets.forget(ofSentinels(name));
      await store((await load()).filter((connection) => connection.name !== name));
    },
    target: async (name) => {
      const connection = (await load()).find((candidate) => candidate.name === name);
      if (!connection)
        throw new PlumblineError('redis.unknown_connection', `There is no Redis connection named ${name}.`, {
          hint: 'Add it under Redis connections.',
        });
      const { name: _name, secret, environment: variable, sentinel, ...where } = connection;
      const password = await readable(name, name, { secret, environment: variable });
      if (connection.kind !== 'sentinel') return { ...where, password };
      return {
        ...where,
        password,
        sentinelPassword: await readable(name, ofSentinels(name), sentinel ?? {}),
      };
    },
  };
}

function sameServer(a: RedisConnection, b: RedisConnection): boolean {
  const whereOf = (one: RedisConnection) => {
    const { host, port, tls, username, caFile, kind, master, others, sentinelUsername } = one;
    return JSON.stringify([host, port, tls, username, caFile, kind, master, others, sentinelUsername]);
  };
  return whereOf(a) === whereOf(b);
}

function unreadablePassword(name: string, { environment }: KeptSecret): PlumblineError {
  return environment === undefined
    ? new PlumblineError('secrets.unavailable', `The stored password of ${name} cannot be decrypted.`, {
        hint: 'Enter it again under Redis connections.',
      })
    : new PlumblineError('secrets.unavailable', `The environment variable ${environment} is not set.`, {
        hint: `Start Plumbline with ${environment} set, or enter the password of ${name}.`,
      });
}
