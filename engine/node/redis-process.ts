import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlumblineError } from '../errors';
import { redisOpener } from './redis-connection';
import type { RedisTarget } from './redis-target';

/** A redis-server of our own on the loopback interface. */
export interface RedisProcess {
  target: RedisTarget;
  pid: number;
  /** Stops the server by its process id, waits until it is gone and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function answersPing(target: RedisTarget): Promise<boolean> {
  try {
    const connection = await redisOpener(target, { connect: 500, reply: 500 })();
    const [reply] = await connection.send([['PING']]);
    connection.close();
    return reply !== undefined && 'value' in reply;
  } catch {
    return false;
  }
}

const exited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Waits until the server answers; at most ten seconds. */
async function ready(child: ChildProcess, target: RedisTarget, output: () => string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await answersPing(target))) {
    if (exited(child) || Date.now() > end)
      throw new PlumblineError('redis.unreachable', 'The local redis-server did not start.', {
        cause: output().slice(-500),
        hint: 'Start redis-server by hand and read what it prints.',
      });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Starts `binary` in a new temporary folder, without persistence, on a free loopback port, and waits until it
 * answers. `settings` are command line arguments, for instance `--maxmemory 3mb` as two entries.
 * Error: `redis.unreachable`.
 */
export async function startRedisProcess(
  binary: string,
  settings: readonly string[] = [],
  at: { port?: number; password?: string } = {},
): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-redis-'));
  const port = at.port ?? (await freePort());
  const target = { host: '127.0.0.1', port, db: 0, tls: false, username: '', password: at.password ?? '' };
  const fixed = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const secret = at.password === undefined ? [] : ['--requirepass', at.password];
  const child = spawn(binary, [...fixed, ...secret, ...settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => (output += error.message));
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    if (!exited(child) && child.pid !== undefined) child.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, target, () => output);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { target, pid: child.pid ?? 0, stop };
}
