import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs electron-builder. PLUMBLINE_ELECTRON_DIST names a folder with an Electron distribution to package instead of
// the one that electron-builder downloads, for trials on machines where that download is blocked.

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
const builder = join(dirname(require.resolve('electron-builder/package.json')), 'cli.js');
const distribution = process.env.PLUMBLINE_ELECTRON_DIST;
const override = distribution
  ? [
      `-c.electronDist=${distribution}`,
      `-c.electronVersion=${readFileSync(join(distribution, 'version'), 'utf8').trim()}`,
    ]
  : [];
const args = ['--publish', 'never', ...override, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [builder, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
