import { PlumblineError, type ErrorCode } from '../errors';

/** What to do about a failure: send again, load the script and send again, or stop. */
export type Remedy = 'resend' | 'load-script' | 'stop';

export interface RedisFailure {
  remedy: Remedy;
  error: PlumblineError;
}

interface Kind {
  code: ErrorCode;
  remedy: Remedy;
  says: string;
  hint: string;
}

const AGAIN = 'Try again in a moment; nothing that was written is written twice.';

/** The error words of the Redis protocol that Plumbline tells apart. Any other word stops the work. */
const KINDS: Record<string, Kind> = {
  LOADING: { code: 'redis.retryable', remedy: 'resend', says: 'is loading its data from disk', hint: AGAIN },
  TRYAGAIN: { code: 'redis.retryable', remedy: 'resend', says: 'is moving the keys', hint: AGAIN },
  CLUSTERDOWN: { code: 'redis.retryable', remedy: 'resend', says: 'reports its cluster down', hint: AGAIN },
  BUSY: { code: 'redis.retryable', remedy: 'resend', says: 'is busy with a script', hint: AGAIN },
  NOSCRIPT: {
    code: 'redis.refused',
    remedy: 'load-script',
    says: 'lost the write script twice',
    hint: 'Is another client flushing scripts? Stop it and write again.',
  },
  NOAUTH: {
    code: 'redis.auth',
    remedy: 'stop',
    says: 'wants a password',
    hint: 'Enter the password in the connection.',
  },
  WRONGPASS: {
    code: 'redis.auth',
    remedy: 'stop',
    says: 'does not accept the user name or password',
    hint: 'Check the user name and the password in the connection.',
  },
  NOPERM: {
    code: 'redis.needs_user',
    remedy: 'stop',
    says: 'does not allow this user the command or key',
    hint: 'The user needs HGET, HMGET, HLEN, HKEYS, HEXISTS, HSET, EXPIRE, EVALSHA, SCRIPT, INFO and DBSIZE on the keys of the project.',
  },
  READONLY: {
    code: 'redis.needs_user',
    remedy: 'stop',
    says: 'is a read-only replica',
    hint: 'Connect to the primary.',
  },
  OOM: {
    code: 'redis.needs_user',
    remedy: 'stop',
    says: 'has reached its maxmemory',
    hint: 'Free memory or raise maxmemory, then write again; entities that were written are skipped.',
  },
  MISCONF: {
    code: 'redis.needs_user',
    remedy: 'stop',
    says: 'refuses writes because it cannot save to disk',
    hint: 'See the server log; free the disk or set stop-writes-on-bgsave-error to no.',
  },
  WRONGTYPE: {
    code: 'redis.refused',
    remedy: 'stop',
    says: 'holds something other than a hash under a key of this project',
    hint: 'Another program uses the same key. Choose another project name or database.',
  },
};

const LOST = /closed|ECONNRESET|EPIPE|ETIMEDOUT|timed out|writeable|socket hang up|aborted|end of stream/i;

/** Redis before 7 wraps the error of a call inside a script in words of its own. */
const SCRIPT_WORD = new RegExp(`@user_script[^]*?\\b(${Object.keys(KINDS).join('|')})\\b`);

function protocolWord(message: string): string | null {
  const first = /^-?([A-Z]+)\b/.exec(message)?.[1] ?? '';
  if (first in KINDS) return first;
  return SCRIPT_WORD.exec(message)?.[1] ?? null;
}

/** A connection that broke or stayed silent after it had worked. */
export function connectionLost(cause: unknown): PlumblineError {
  return new PlumblineError('redis.retryable', 'The connection to Redis was lost.', {
    cause,
    hint: AGAIN,
    retryable: true,
  });
}

/** Sorts what a command or a connection gave into what to do and what to say. Unknown = stop. */
export function redisFailure(thrown: unknown): RedisFailure {
  if (thrown instanceof PlumblineError)
    return { remedy: thrown.retryable ? 'resend' : 'stop', error: thrown };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const word = protocolWord(message);
  const kind = word === null ? undefined : KINDS[word];
  if (kind !== undefined) {
    const error = new PlumblineError(kind.code, `Redis ${kind.says}.`, {
      cause: thrown,
      hint: kind.hint,
      retryable: kind.remedy === 'resend',
    });
    return { remedy: kind.remedy, error };
  }
  if (LOST.test(message)) return { remedy: 'resend', error: connectionLost(thrown) };
  return {
    remedy: 'stop',
    error: new PlumblineError('redis.refused', `Redis answered: ${message}`, {
      cause: thrown,
      hint: 'Plumbline does not know this answer and stopped. The server log may say more.',
    }),
  };
}
