// The flights are too large to commit: `npm run plumbline` makes their file once, before its first run. Says so on
// standard error, because standard output belongs to the command.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

if (!existsSync(here('data/flights/flights.parquet'))) {
  console.error('Preparing sample-data/data/flights (once)...');
  const tsx = here('../node_modules/tsx/dist/cli.mjs');
  const made = spawnSync(process.execPath, [tsx, here('flights.ts')], { stdio: ['ignore', 2, 2] });
  process.exitCode = made.status ?? 1;
}
