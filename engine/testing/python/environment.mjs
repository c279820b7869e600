import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const files = ['requirements.txt', 'constraints.txt'].map((name) => join(here, name));
const windows = process.platform === 'win32';

/** See environment.d.mts. A parent that has looked already tells by PLUMBLINE_PYTHON or PLUMBLINE_PYTHON_MISSING. */
export function ensurePython(say = (line) => process.stdout.write(`${line}\n`)) {
  if (process.env.PLUMBLINE_PYTHON) return { python: process.env.PLUMBLINE_PYTHON, missing: null };
  const missing = process.env.PLUMBLINE_PYTHON_MISSING;
  if (missing) return refuse(missing, say);
  const program = windows ? 'python' : 'python3';
  const version = output(program, ['--version']);
  if (version === null) return refuse(`there is no ${program} on the PATH`, say);
  const folder = join(cacheFolder(), `python-${digest(version)}`);
  const python = join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(join(folder, '.ready'))) return { python, missing: null };
  say('Installing pandas, polars and Feast for the interoperability tests...');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const problem =
    failure(program, ['-m', 'venv', folder]) ??
    failure(python, ['-m', 'pip', 'install', '--quiet', '-r', files[0], '-c', files[1]]);
  if (problem !== null) return refuse(problem, say);
  writeFileSync(join(folder, '.ready'), `${version}\n`);
  return { python, missing: null };
}

function refuse(missing, say) {
  say(`SKIPPED: what needs Python, since ${missing}`);
  return { python: null, missing };
}

function output(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** The last line of what a program said when it failed; null when it did not. */
function failure(program, args) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 600_000 });
  if (status === 0) return null;
  const said = (stderr ?? '').trim().split('\n').at(-1) || error?.message || `exit code ${status}`;
  return `\`${args.slice(0, 3).join(' ')}\` failed: ${said}`;
}

function digest(version) {
  const hash = createHash('sha256').update(version);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline');
}
