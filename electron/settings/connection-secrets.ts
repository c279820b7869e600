import { environmentName } from '../../engine/node/redis-target';
import type { ListedConnection } from '../contract';
import type { SecretVault } from './secret-vault';

/** Where a password is found; with neither there is none, or one that lives in memory until the app ends. */
export interface KeptSecret {
  /** Ciphertext of the operating system's store. */
  secret?: string | undefined;
  /** Name of the environment variable that holds it. */
  environment?: string | undefined;
}

/** A password as a form gives it: `keep` = the one that is there stays. */
export interface GivenSecret {
  value: string | null;
  keep: boolean;
}

/** The passwords of connections, each under a name of its own. */
export interface ConnectionSecrets {
  /** Empty = none; null = it cannot be read now. */
  read(name: string, kept: KeptSecret): Promise<string | null>;
  state(name: string, kept: KeptSecret): Promise<ListedConnection['password']>;
  /** Where `given` is from now on; `before`: where the one of that name was. */
  protect(name: string, given: GivenSecret, before: KeptSecret): Promise<KeptSecret>;
  forget(name: string): void;
}

export function createConnectionSecrets(
  vault: SecretVault,
  environment: Readonly<Record<string, string | undefined>>,
): ConnectionSecrets {
  const session = new Map<string, string>();
  const read: ConnectionSecrets['read'] = async (name, kept) => {
    if (kept.environment !== undefined) return environment[kept.environment] ?? null;
    if (kept.secret !== undefined) return vault.decrypt(kept.secret).catch(() => null);
    return session.get(name) ?? '';
  };
  return {
    read,
    state: async (name, kept) => {
      if (kept.secret === undefined && kept.environment === undefined)
        return session.has(name) ? 'session' : 'none';
      return (await read(name, kept)) === null ? 'unreadable' : 'stored';
    },
    protect: async (name, { value, keep }, { secret, environment: variable }) => {
      if (keep) return { secret, environment: variable };
      session.delete(name);
      if (value === null || value === '') return {};
      const named = environmentName(value);
      if (named !== null) return { environment: named };
      if (await vault.available()) return { secret: await vault.encrypt(value) };
      session.set(name, value);
      return {};
    },
    forget: (name) => void session.delete(name),
  };
}
