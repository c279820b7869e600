import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const environment = inject('python');

/** Whether the tests of a file can run; `setup.ts` has said why not. */
export const withoutPython = environment.python === null;

/** Runs a program of this folder. Gives what it printed after `RESULT `, from JSON; undefined when nothing. */
export async function runPython(program: string, ...args: string[]): Promise<unknown> {
  if (environment.python === null) throw new Error(environment.missing);
  const path = fileURLToPath(new URL(program, import.meta.url));
  // Feast's DuckDB store writes keys together in the order of a Python set, which this makes the same every time.
  const options = { maxBuffer: 2 ** 26, env: { ...process.env, PYTHONHASHSEED: '0' } };
  const { stdout } = await promisify(execFile)(environment.python, [path, ...args], options);
  const result = /^RESULT (.*)$/m.exec(stdout)?.[1];
  return result === undefined ? undefined : (JSON.parse(result) as unknown);
}
