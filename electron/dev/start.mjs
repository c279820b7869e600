import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronExecutable, ensureElectron } from './runtime/electron-runtime.mjs';
import { ensureSystemPackages } from './runtime/system-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const appArguments = process.argv.slice(2);

if (hasDisplay()) startApp();
else runSampleHeadless();

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function startApp() {
  ensureSystemPackages('app');
  buildIfOlder();
  const { folder, version } = ensureElectron();
  console.log(`Starting Plumbline on Electron ${version}.`);
  // Chromium's sandbox refuses to run as root; anyone else keeps it.
  const noSandbox = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(electronExecutable(folder), [root, ...noSandbox, ...appArguments], {
    stdio: 'inherit',
  });
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
}

function runSampleHeadless() {
  console.log(
    'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): running the sample notebook headless.',
  );
  const command = ['--import', 'tsx', 'engine/node/plumbline.ts', 'run', 'sample-data/streamrec.plumb.md'];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}

function buildIfOlder() {
  const built = join(root, 'out/renderer/index.html');
  const sources = ['electron', 'renderer', 'engine', 'package-lock.json', 'electron.vite.config.ts'];
  if (
    existsSync(built) &&
    statSync(built).mtimeMs > Math.max(...sources.map((name) => newest(join(root, name))))
  )
    return;
  const { status } = spawnSync('npm', ['run', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Milliseconds of the latest change below a path. */
function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}
