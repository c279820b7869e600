import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const entry = join(root, 'engine/node/plumbline.ts');
const outfile = join(root, 'out/cli/plumbline.js');

await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // DuckDB and the Parquet reader find their wasm files beside their own code in node_modules.
  packages: 'external',
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'info',
});
chmodSync(outfile, 0o755);
