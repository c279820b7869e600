import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../../testing/python/environment.mjs';
import { CannotMeasure } from './figure';
import type { Digest, Side, Time } from './measure';

/** A side in a Python process of its own, which measures itself; see bench.py. */
export interface PythonSide extends Side {
  stop(): void;
}

/**
 * Starts `bench.py TOOL ...args` and waits until its data is in memory. Throws `CannotMeasure` without Python.
 * `threads`: what numeric libraries may use; null = as they like.
 */
export async function pythonSide(
  name: string,
  words: readonly string[],
  threads: number | null,
): Promise<PythonSide> {
  const { python, missing } = ensurePython((line) => process.stderr.write(`${line}\n`));
  if (python === null) throw new CannotMeasure(missing);
  const program = fileURLToPath(new URL('../../testing/python/bench.py', import.meta.url));
  const limit =
    threads === null ? {} : { POLARS_MAX_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
  const child = spawn(python, [program, ...words], {
    env: { ...process.env, ...limit },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name}: Python ended (exit code ${child.exitCode ?? '?'})`);
      if (value.startsWith('BENCH ')) return JSON.parse(value.slice('BENCH '.length)) as unknown;
    }
  };
  const ask = (word: string): Promise<unknown> => {
    child.stdin.write(`${word}\n`);
    return answer();
  };
  await answer();
  return {
    name,
    run: async () => (await ask('run')) as Time,
    digest: async () => (await ask('digest')) as Digest,
    stop: () => child.kill(),
  };
}
