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
    ['redis://:secret@[::1]:6380', { ...parts, host: '::1', port: 6380, password: 'secret' }],
  ])('%s is read', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  it.each(['localhost:6379', 'http://localhost', 'redis://', 'redis://localhost/one', '', 'redis://h:99999'])(
    '%j is refused',
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  it('never shows the password', () => {
    const url = 'redis://:canary@h/x';
    expect(() => parseRedisUrl(url)).toThrow(expect.not.stringContaining('canary'));
    expect(describeTarget(parseRedisUrl('redis://:canary@h/1'))).toBe('h:6379, database 1');
  });
});
