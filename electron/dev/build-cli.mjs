import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const outdir = join(root, 'out/cli');

await build({
  // The Parquet reader's thread is a script of its own, found beside the command.
  entryPoints: [join(root, 'engine/node/plumbline.ts'), join(root, 'engine/node/parquet-thread.ts')],
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // DuckDB and the Parquet reader find their wasm files beside their own code in node_modules.
  packages: 'external',
  logLevel: 'info',
});
chmodSync(join(outdir, 'plumbline.js'), 0o755);
