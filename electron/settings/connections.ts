import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlumblineError } from '../../engine/errors';
import { atomicWrite } from '../../engine/node/atomic-write';
import { fileError } from '../../engine/node/file-error';
import type { RedisTarget } from '../../engine/node/redis-target';
import { redisConnectionSchema, type ListedConnection, type RedisConnection } from '../contract';
import type { SecretVault } from './secret-vault';

const storedConnection = redisConnectionSchema.extend({
  /** Ciphertext of the operating system's store. */
  secret: z.string().optional(),
  /** Name of the environment variable that holds the password. */
  environment: z.string().optional(),
});
type StoredConnection = z.infer<typeof storedConnection>;
const fileSchema = z.array(storedConnection);

/** A password written as `${NAME}` is read from the environment at each use. */
const ENVIRONMENT_PASSWORD = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** The Redis connections of the profile. A password never leaves this module but as part of a target. */
export interface Connections {
  list(): Promise<ListedConnection[]>;
  canStoreSecrets(): Promise<boolean>;
  /** `keep`: the password that is there stays. Errors: `secrets.unavailable`, `settings.invalid`, `file.*`. */
  save(connection: RedisConnection, password: string | null, keep: boolean): Promise<void>;
  remove(name: string): Promise<void>;
  /** Where to connect, password included. Errors: `redis.unknown_connection`, `secrets.unavailable`. */
  target(name: string): Promise<RedisTarget>;
}

export function createConnections(
  file: string,
  vault: SecretVault,
  environment: Readonly<Record<string, string | undefined>>,
): Connections {
  const session = new Map<string, string>();

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

  const readPassword = async (connection: StoredConnection): Promise<string | null> => {
    if (connection.environment !== undefined) return environment[connection.environment] ?? null;
    if (connection.secret !== undefined) return vault.decrypt(connection.secret).catch(() => null);
    return session.get(connection.name) ?? '';
  };
  const passwordState = async (connection: StoredConnection): Promise<ListedConnection['password']> => {
    if (connection.secret === undefined && connection.environment === undefined)
      return session.has(connection.name) ? 'session' : 'none';
    return (await readPassword(connection)) === null ? 'unreadable' : 'stored';
  };
  const protect = async (
    name: string,
    password: string | null,
  ): Promise<Pick<StoredConnection, 'secret' | 'environment'>> => {
    session.delete(name);
    if (password === null || password === '') return {};
    const variable = ENVIRONMENT_PASSWORD.exec(password)?.[1];
    if (variable !== undefined) return { environment: variable };
    if (await vault.available()) return { secret: await vault.encrypt(password) };
    session.set(name, password);
    return {};
  };

  return {
    list: async () =>
      Promise.all(
        (await load()).map(async (connection) => ({
          ...redisConnectionSchema.parse(connection),
          password: await passwordState(connection),
        })),
      ),
    canStoreSecrets: () => vault.available(),
    save: async (connection, password, keep) => {
      const all = await load();
      const before = all.find(({ name }) => name === connection.name);
      if (keep && before && !sameServer(before, connection) && (await passwordState(before)) !== 'none')
        // Else anyone who can edit a connection could have its password sent to a server of theirs.
        throw new PlumblineError('secrets.unavailable', 'The password belongs to the server as it was.', {
          hint: 'Host, port, TLS or user changed: enter the password again.',
        });
      const kept = keep && before ? { secret: before.secret, environment: before.environment } : null;
      const entry = { ...connection, ...(kept ?? (await protect(connection.name, password))) };
      await store([...all.filter(({ name }) => name !== connection.name), entry]);
    },
    remove: async (name) => {
      session.delete(name);
      await store((await load()).filter((connection) => connection.name !== name));
    },
    target: async (name) => {
      const connection = (await load()).find((candidate) => candidate.name === name);
      if (!connection)
        throw new PlumblineError('redis.unknown_connection', `There is no Redis connection named ${name}.`, {
          hint: 'Add it under Redis connections.',
        });
      const password = await readPassword(connection);
      if (password === null) throw unreadablePassword(connection);
      const { name: _name, secret: _secret, environment: _environment, ...where } = connection;
      return { ...where, password };
    },
  };
}

function sameServer(a: RedisConnection, b: RedisConnection): boolean {
  const whereOf = ({ host, port, tls, username, caFile, kind, master, others }: RedisConnection) =>
    JSON.stringify([host, port, tls, username, caFile, kind, master, others]);
  return whereOf(a) === whereOf(b);
}

function unreadablePassword(connection: StoredConnection): PlumblineError {
  const { name, environment } = connection;
  return environment === undefined
    ? new PlumblineError('secrets.unavailable', `The stored password of ${name} cannot be decrypted.`, {
        hint: 'Enter it again under Redis connections.',
      })
    : new PlumblineError('secrets.unavailable', `The environment variable ${environment} is not set.`, {
        hint: `Start Plumbline with ${environment} set, or enter the password of ${name}.`,
      });
}
