import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { jobOf, userView, type UserRow } from './online-job';

/** What is written by processes that are killed while they write it. */
export const CRASH_JOB = jobOf({
  ...userView('stats', { clicks: 'int64', city: 'string' }),
  range: { start: null, end: '2000' },
});

/** Five batches; the first hundred entities are older than what `crashBefore` leaves. */
export const crashRows = (): Record<string, UserRow[]> => ({
  stats: Array.from({ length: 2_200 }, (_, user): UserRow => [
    BigInt(user),
    2_000n,
    BigInt(user),
    `city ${user}`,
  ]),
});
export const crashBefore = (): Record<string, UserRow[]> => ({
  stats: Array.from({ length: 300 }, (_, user): UserRow => [
    BigInt(user),
    user < 100 ? 3_000n : 1_000n,
    -1n,
    'before',
  ]),
});

export interface CrashOptions {
  folder: string;
  url: string;
  /** The step of its work on files at which it kills itself. */
  step?: number;
  /** Milliseconds after the beginning of its write at which it is killed from outside. */
  after?: number;
  /** Arguments of node that run the child; absent: the source itself. */
  program?: readonly string[];
}

/** Runs the writing process until it ends or is killed; gives the signal that ended it, or its exit code. */
export async function crashWrite({ folder, url, step, after, program }: CrashOptions) {
  const script = program ?? ['--import', 'tsx', join(import.meta.dirname, 'writer-child.ts')];
  const child = spawn(process.execPath, [...script, folder, url, String(step ?? 'never')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(child.stdout).on('line', () => {
    if (after !== undefined) setTimeout(() => child.kill('SIGKILL'), after);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return signal ?? code;
}
