import { describe, expect, it } from 'vitest';
import { describeTarget, parseRedisUrl } from './redis-target';

const parts = { host: 'localhost', port: 6379, db: 0, tls: false, username: '', password: '' };

describe('a Redis URL', () => {
  it.each([
    ['redis://localhost', parts],
    ['redis://localhost:7000/3', { ...parts, port: 7000, db: 3 }],
    [
      'rediss://me:p%40ss@redis.example.com/',
      { ...parts, host: 'redis.example.com', tls: true, username: 'me', password: 'p@ss' },
    ],
    [
      'rediss://h:26379/2?sentinel=prime&node=i:26379&node=[::1]:26380&ca=/etc/ca.pem',
      {
        ...parts,
        ...{ host: 'h', port: 26379, db: 2, tls: true, caFile: '/etc/ca.pem' },
        ...{ kind: 'sentinel', master: 'prime', others: ['i:26379', '[::1]:26380'] },
      },
    ],
    [
      'redis://me:p@h/?sentinel=prime&sentinel-username=scout&sentinel-password=p%26w%2B1',
      {
        ...parts,
        ...{ host: 'h', username: 'me', password: 'p', kind: 'sentinel', master: 'prime' },
        ...{ sentinelUsername: 'scout', sentinelPassword: 'p&w+1' },
      },
    ],
    ['redis://h?cluster', { ...parts, host: 'h', kind: 'cluster' }],
    ['redis://:secret@[::1]:6380', { ...parts, host: '::1', port: 6380, password: 'secret' }],
  ])('%s is read', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  it.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://localhost/one',
    '',
    'redis://h:99999',
    'redis://h?cluster&sentinel=m',
    'redis://h?node=x',
    'redis://h?password=canary',
    'redis://h?sentinel-password=canary',
    'redis://h?cluster&sentinel-username=me',
  ])('%j is refused', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('takes passwords from the environment', () => {
    const url = 'redis://me:${OWN}@h/?sentinel=m&sentinel-password=${THEIRS}';
    expect(parseRedisUrl(url, { OWN: 'a b', THEIRS: '${OWN}' })).toMatchObject({
      password: 'a b',
      sentinelPassword: '${OWN}',
    });
    expect(() => parseRedisUrl(url, { OWN: 'canary' })).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('THEIRS is not set') }),
    );
  });

  it('never shows the password', () => {
    for (const url of ['redis://:canary@h/x', 'redis://h?sentinel-password=canary'])
      expect(() => parseRedisUrl(url)).toThrow(expect.not.stringContaining('canary'));
    expect(describeTarget(parseRedisUrl('redis://h?sentinel=m&sentinel-password=canary'))).toBe(
      'm of sentinel h:6379, database 0',
    );
    expect(describeTarget(parseRedisUrl('redis://:canary@h/1'))).toBe('h:6379, database 1');
    expect(describeTarget(parseRedisUrl('redis://:canary@h?cluster'))).toBe('cluster h:6379');
    expect(describeTarget(parseRedisUrl('redis://:canary@h/1?sentinel=m'))).toBe(
      'm of sentinel h:6379, database 1',
    );
  });
});
