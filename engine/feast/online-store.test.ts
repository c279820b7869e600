import { describe, expect, it } from 'vitest';
import { feastConnectionLimits, onlineStoreLines, type FeastConnection } from './online-store';

const one: FeastConnection = { host: 'h', port: 1, db: 4, tls: false, username: '', hasPassword: false };
const textOf = (connection: FeastConnection): string => onlineStoreLines(connection).join('\n');

describe('the online store of a Feast repository', () => {
  it('is a server, a cluster or a primary that sentinels know', () => {
    expect(textOf(one)).toBe('online_store:\n  type: redis\n  connection_string: "h:1,db=4"');
    expect(textOf({ ...one, kind: 'cluster', others: ['i:2'] })).toBe(
      'online_store:\n  type: redis\n  redis_type: redis_cluster\n  connection_string: "h:1,i:2"',
    );
    expect(textOf({ ...one, kind: 'sentinel', master: 'prime', others: ['i:2'] })).toBe(
      [
        'online_store:',
        '  type: redis',
        '  redis_type: redis_sentinel',
        '  sentinel_master: "prime"',
        '  connection_string: "h:1,i:2,db=4"',
      ].join('\n'),
    );
  });

  it('names variables in the place of passwords', () => {
    const text = textOf({ ...one, kind: 'sentinel', hasPassword: true, hasSentinelPassword: true });
    expect(text).toContain('password=${REDIS_PASSWORD}');
    expect(text).toContain(
      String.raw`sentinel_kwargs={\"password\":\"\${REDIS_SENTINEL_PASSWORD}\"}`.replace('\\$', '$'),
    );
    expect(text).toContain('# Set REDIS_SENTINEL_PASSWORD');
  });

  it.each<[string, Partial<FeastConnection>, string, string]>([
    ['an IPv6 address', { host: '::1' }, 'IPv6', 'nothing'],
    ['an IPv6 node', { kind: 'cluster', others: ['[::1]:2'] }, 'IPv6', 'nothing'],
    ['a user with a comma', { username: 'a,b' }, 'user name with a comma', 'a,b'],
    ['a CA with a comma', { tls: true, caFile: 'a,b' }, 'the CA is left out', 'a,b'],
    [
      'more for the sentinels than one word',
      { kind: 'sentinel', tls: true, hasSentinelPassword: true },
      'more than one of ssl, password',
      'sentinel_kwargs',
    ],
  ])('says that Feast cannot take %s', (_, change, limit, left) => {
    const connection = { ...one, ...change };
    expect(feastConnectionLimits(connection)).toEqual([expect.stringContaining(limit)]);
    expect(textOf(connection).replaceAll('\n  # ', ' ')).toContain(limit);
    expect(textOf(connection)).not.toContain(left);
  });

  it('says nothing of what it can take', () => {
    expect(feastConnectionLimits({ ...one, tls: true, caFile: 'ca.pem', username: 'me' })).toEqual([]);
  });
});
