import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createConnections } from './connections';
import { createSecretVault, type SafeStorage, type SecretVault } from './secret-vault';

const PASSWORD = 'canary-4711';
const dev = { name: 'dev', host: 'redis.test', port: 6379, db: 2, tls: false, username: 'app' };
const given = (value: string | null) => ({ password: { value, keep: false } });
const KEPT = { password: { value: null, keep: true } };

let file: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-connections-'));
  file = join(folder, 'connections.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Turns the text around: enough to see that what is stored is not the password. */
function vault(available = true): SecretVault {
  const turn = (text: string) => [...text].reverse().join('');
  return {
    available: () => Promise.resolve(available),
    encrypt: (text) => Promise.resolve(`key1:${turn(text)}`),
    decrypt: (text) =>
      text.startsWith('key1:')
        ? Promise.resolve(turn(text.slice(5)))
        : Promise.reject(new Error('other key')),
  };
}

test('a password is stored encrypted, listed as stored and given to the target only', async () => {
  const connections = createConnections(file, vault(), {});
  await connections.save(dev, given(PASSWORD));
  expect(await readFile(file, 'utf8')).not.toContain(PASSWORD);
  expect(await connections.list()).toEqual([{ ...dev, password: 'stored' }]);
  const { name: _name, ...place } = dev;
  expect(await connections.target('dev')).toEqual({ ...place, password: PASSWORD });
});

test('without a store the password lives for the session only', async () => {
  const connections = createConnections(file, vault(false), {});
  expect(await connections.canStoreSecrets()).toBe(false);
  await connections.save(dev, given(PASSWORD));
  expect(await readFile(file, 'utf8')).not.toContain(PASSWORD);
  expect((await connections.list())[0]?.password).toBe('session');
  expect((await connections.target('dev')).password).toBe(PASSWORD);
  const nextSession = createConnections(file, vault(false), {});
  expect((await nextSession.list())[0]?.password).toBe('none');
});

test('a password may come from the environment', async () => {
  const environment: Record<string, string> = { REDIS_PASSWORD: PASSWORD };
  const connections = createConnections(file, vault(false), environment);
  await connections.save(dev, given('${REDIS_PASSWORD}'));
  expect((await connections.target('dev')).password).toBe(PASSWORD);
  delete environment['REDIS_PASSWORD'];
  expect((await connections.list())[0]?.password).toBe('unreadable');
  await expect(connections.target('dev')).rejects.toMatchObject({ code: 'secrets.unavailable' });
});

test('a password that cannot be decrypted is asked for again', async () => {
  await createConnections(file, vault(), {}).save(dev, given(PASSWORD));
  const other: SecretVault = { ...vault(), decrypt: () => Promise.reject(new Error('keychain was reset')) };
  const connections = createConnections(file, other, {});
  expect((await connections.list())[0]?.password).toBe('unreadable');
  await expect(connections.target('dev')).rejects.toMatchObject({ code: 'secrets.unavailable' });
  await connections.save(dev, given(null));
  expect((await connections.target('dev')).password).toBe('');
});

test('a stored password is kept, but never for another server', async () => {
  const connections = createConnections(file, vault(), {});
  await connections.save(dev, given(PASSWORD));
  await connections.save({ ...dev, db: 5 }, KEPT);
  expect(await connections.target('dev')).toMatchObject({ db: 5, password: PASSWORD });
  for (const change of [
    { host: 'evil.test' },
    { port: 1 },
    { tls: true },
    { username: 'other' },
    { caFile: '/evil.pem' },
    { kind: 'cluster' as const },
    { others: ['evil.test:1'] },
  ])
    await expect(connections.save({ ...dev, ...change }, KEPT)).rejects.toMatchObject({
      code: 'secrets.unavailable',
    });
  expect((await connections.target('dev')).host).toBe('redis.test');
});

test('the sentinels’ password is a secret of its own', async () => {
  const connections = createConnections(file, vault(), { SENTINEL: 'canary-env' });
  const watched = { ...dev, kind: 'sentinel' as const, master: 'prime', sentinelUsername: 'scout' };
  const both = { ...given(PASSWORD), sentinel: { value: 'canary-sentinel', keep: false } };
  await connections.save(watched, both);
  expect(await readFile(file, 'utf8')).not.toContain('canary');
  const [listed] = await connections.list();
  expect(listed).toEqual({ ...watched, password: 'stored', sentinelPassword: 'stored' });
  const read = () => connections.target('dev');
  expect(await read()).toMatchObject({
    password: PASSWORD,
    sentinelUsername: 'scout',
    sentinelPassword: 'canary-sentinel',
  });
  await connections.save(watched, { ...KEPT, sentinel: { value: '${SENTINEL}', keep: false } });
  expect(await read()).toMatchObject({ password: PASSWORD, sentinelPassword: 'canary-env' });
  const keepSentinel = { ...given(null), sentinel: KEPT.password };
  for (const change of [{ host: 'evil.test' }, { sentinelUsername: 'other' }, { others: ['evil.test:1'] }])
    await expect(connections.save({ ...watched, ...change }, keepSentinel)).rejects.toMatchObject({
      code: 'secrets.unavailable',
    });
  await connections.save(watched, keepSentinel);
  expect(await read()).toMatchObject({ password: '', sentinelPassword: 'canary-env' });
  await connections.save(dev, given(PASSWORD));
  expect(await read()).not.toHaveProperty('sentinelPassword');
});

test('a sentinels’ password lives for the session where there is no store', async () => {
  const connections = createConnections(file, vault(false), {});
  const watched = { ...dev, kind: 'sentinel' as const, master: 'prime' };
  await connections.save(watched, { ...given(null), sentinel: { value: 'canary', keep: false } });
  expect(await connections.list()).toMatchObject([{ password: 'none', sentinelPassword: 'session' }]);
  await connections.save(watched, { ...KEPT, sentinel: { value: null, keep: true } });
  expect(await connections.target('dev')).toMatchObject({ password: '', sentinelPassword: 'canary' });
  await connections.remove('dev');
  await connections.save(watched, { ...given(null), sentinel: { value: null, keep: true } });
  expect(await connections.target('dev')).toMatchObject({ sentinelPassword: '' });
});

test('a removed or unknown connection is named in the error', async () => {
  const connections = createConnections(file, vault(), {});
  await connections.save(dev, given(PASSWORD));
  await connections.remove('dev');
  expect(await connections.list()).toEqual([]);
  await expect(connections.target('dev')).rejects.toMatchObject({
    code: 'redis.unknown_connection',
    message: expect.stringContaining('dev') as string,
  });
});

test('a damaged list is reported and left alone', async () => {
  await writeFile(file, '[{"name":');
  const connections = createConnections(file, vault(), {});
  await expect(connections.list()).rejects.toMatchObject({ code: 'settings.invalid' });
  await expect(connections.save(dev, given(null))).rejects.toMatchObject({ code: 'settings.invalid' });
  expect(await readFile(file, 'utf8')).toBe('[{"name":');
});

describe('the vault', () => {
  const synchronous: SafeStorage = {
    isEncryptionAvailable: () => true,
    encryptString: (text) => Buffer.from(`s${text}`),
    decryptString: (encrypted) => encrypted.toString().slice(1),
  };
  const asynchronous: SafeStorage = {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(`a${text}`)),
    decryptStringAsync: (encrypted) => Promise.resolve({ result: encrypted.toString().slice(1) }),
  };

  test.each([
    ['older', synchronous],
    ['newer', asynchronous],
    ['both', { ...synchronous, ...asynchronous }],
  ])('works with the %s half of safeStorage', async (_name, storage) => {
    const made = createSecretVault(storage, 'darwin');
    expect(await made.available()).toBe(true);
    expect(await made.decrypt(await made.encrypt(PASSWORD))).toBe(PASSWORD);
  });

  test.each([
    ['basic_text', false],
    ['unknown', false],
    ['gnome_libsecret', true],
  ])('on Linux the backend %s counts: %s', async (backend, available) => {
    const storage = { ...synchronous, getSelectedStorageBackend: () => backend };
    expect(await createSecretVault(storage, 'linux').available()).toBe(available);
  });

  test('a store that throws is not available', async () => {
    const storage: SafeStorage = {
      isEncryptionAvailable: () => {
        throw new Error('no bus');
      },
    };
    expect(await createSecretVault(storage, 'darwin').available()).toBe(false);
  });
});
