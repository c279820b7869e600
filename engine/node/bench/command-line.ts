import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What one call of `plumbline run --json` told and took. */
export interface CommandRun {
  /** Milliseconds from the start of the process to its end. */
  ms: number;
  /** The greatest resident memory of the process, bytes; null where the system does not tell. */
  peak: number | null;
  cells: { name: string; ms: number; rows: number | null; status: string; result: unknown }[];
}

let built = false;

/** Runs the command as a user does, built and in a process of its own. Throws when a cell failed. */
export async function runCommand(words: readonly string[]): Promise<CommandRun> {
  if (!built)
    execFileSync(process.execPath, ['electron/dev/build-cli.mjs'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  built = true;
  const started = performance.now();
  const child = spawn(process.execPath, ['out/cli/plumbline.js', 'run', ...words, '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peak: number | null = null;
  const watch = setInterval(() => (peak = peakOf(child.pid) ?? peak), 50);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const ms = performance.now() - started;
  if (code !== 0)
    throw new Error(`plumbline run ${words.join(' ')} gave exit code ${code}: ${failure(text)}`);
  return { ms, peak, cells: (JSON.parse(text) as Pick<CommandRun, 'cells'>).cells };
}

/** Linux keeps the high-water mark of a process for as long as it lives. */
function peakOf(pid: number | undefined): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}

function failure(text: string): string {
  return /"message": "(.*)"/.exec(text)?.[1] ?? 'it told nothing';
}
