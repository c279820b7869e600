import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PlumblineError } from '../errors';
import { PUT_SCRIPT, PUT_SCRIPT_SHA } from './put-script';
import type { RedisCommand, RedisReply } from './redis-commands';
import { redisFailure } from './redis-failure';
import { RedisLink } from './redis-link';

/** A server that gives the next answer of a list to every pipeline, and keeps what was asked. */
function scripted(...answers: (RedisReply[] | Error)[]) {
  const asked: string[] = [];
  let opened = 0;
  const open = async () => {
    opened++;
    return {
      close: () => undefined,
      send: async (commands: readonly RedisCommand[]) => {
        asked.push(commands.map((command) => command[0]).join(' '));
        const answer = answers.shift() ?? [{ value: 1 }];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
  };
  const link = new RedisLink(open, { firstPause: 1, giveUpAfter: 1_000 });
  return { link, asked, opened: () => opened };
}
const error = (message: string): RedisReply[] => [{ error: new Error(message) }];

describe('the link', () => {
  it.each(['LOADING Redis is loading', 'TRYAGAIN Multiple keys', 'CLUSTERDOWN down', 'BUSY Redis is busy'])(
    'sends again after %s',
    async (message) => {
      const { link, asked } = scripted(error(message), error(message));
      expect(await link.send([['PING']])).toEqual({ values: [1], resent: true });
      expect(asked).toHaveLength(3);
    },
  );

  it('opens a new connection after a lost one', async () => {
    const { link, opened } = scripted(new Error('read ECONNRESET'));
    expect(await link.send([['PING']])).toEqual({ values: [1], resent: true });
    expect(opened()).toBe(2);
  });

  it('resends the whole set when one reply of a pipeline was lost', async () => {
    const partly: RedisReply[] = [{ value: 1 }, { error: new Error('Connection is closed.') }];
    const { link } = scripted(partly, [{ value: 1 }, { value: 2 }]);
    expect(await link.send([['PING'], ['PING']])).toEqual({ values: [1, 2], resent: true });
  });

  it('gives up in a bounded time', async () => {
    const lost = Array.from({ length: 1_000 }, () => new Error('read ECONNRESET'));
    const { link } = scripted(...lost);
    await expect(link.send([['PING']])).rejects.toMatchObject({ code: 'redis.retryable', retryable: true });
  });

  it('does not insist on a server that was never there', async () => {
    let opened = 0;
    const link = new RedisLink(async () => {
      opened++;
      throw new PlumblineError('redis.unreachable', 'nobody');
    });
    await expect(link.send([['PING']])).rejects.toMatchObject({ code: 'redis.unreachable' });
    expect(opened).toBe(1);
  });

  it('loads the script once when the server does not know it, and stops when that does not help', async () => {
    const once = scripted(error('NOSCRIPT No matching script'));
    expect(await once.link.send([['EVALSHA', 'x']], 'return 1')).toMatchObject({ values: [1] });
    expect(once.asked).toEqual(['EVALSHA', 'SCRIPT', 'EVALSHA']);
    const twice = scripted(error('NOSCRIPT No'), [{ value: 1 }], error('NOSCRIPT No'));
    await expect(twice.link.send([['EVALSHA', 'x']], 'return 1')).rejects.toMatchObject({
      code: 'redis.refused',
    });
  });

  it('stops when one command of many must not be sent again', async () => {
    const { link, asked } = scripted([
      ...error('LOADING'),
      ...error('OOM command not allowed'),
      ...error('LOADING'),
    ]);
    await expect(link.send([['HSET'], ['HSET'], ['HSET']])).rejects.toMatchObject({
      code: 'redis.needs_user',
    });
    expect(asked).toHaveLength(1);
  });

  it('ends a pause when it is cancelled', async () => {
    const cancel = new AbortController();
    const open = async () => ({
      close: () => undefined,
      send: async () => {
        cancel.abort();
        return error('LOADING');
      },
    });
    const link = new RedisLink(open, { firstPause: 100_000, giveUpAfter: 1_000_000, signal: cancel.signal });
    await expect(link.send([['PING']])).rejects.toMatchObject({ code: 'engine.cancelled' });
  });
});

describe('what an error means', () => {
  it.each([
    ['NOAUTH Authentication required.', 'redis.auth', 'stop'],
    ['WRONGPASS invalid username-password pair', 'redis.auth', 'stop'],
    ["NOPERM this user has no permissions to run the 'hset' command", 'redis.needs_user', 'stop'],
    ["READONLY You can't write against a read only replica.", 'redis.needs_user', 'stop'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'redis.needs_user', 'stop'],
    ['MISCONF Redis is configured to save RDB snapshots', 'redis.needs_user', 'stop'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'redis.refused', 'stop'],
    [
      'ERR Error running script (call to f_6b1bf486c81ceb7edf3c093f4c48582e38c0e791): @user_script:1: ' +
        '-OOM command not allowed when used memory',
      'redis.needs_user',
      'stop',
    ],
    ['Command timed out', 'redis.retryable', 'resend'],
    ["Stream isn't writeable and enableOfflineQueue options is false", 'redis.retryable', 'resend'],
    ['ERR something new', 'redis.refused', 'stop'],
  ])('sorts %s', (message, code, remedy) => {
    const failure = redisFailure(new Error(message));
    expect(failure).toMatchObject({ remedy, error: { code } });
    expect(failure.error.hint).toBeTruthy();
  });
});

describe('the write script', () => {
  it('is named by its own SHA-1', () => {
    expect(createHash('sha1').update(PUT_SCRIPT).digest('hex')).toBe(PUT_SCRIPT_SHA);
  });
});
