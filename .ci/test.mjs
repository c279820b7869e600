import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureElectron } from '../electron/dev/runtime/electron-runtime.mjs';
import { ensureSystemPackages } from '../electron/dev/runtime/system-packages.mjs';
import { ensurePython } from '../engine/testing/python/environment.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = mkdtempSync(join(tmpdir(), 'plumbline-reports-'));

ensureSystemPackages('tests');
const electron = ensureElectron();
console.log(`Tests use Electron ${electron.version} in ${electron.folder}`);
const { python, missing } = ensurePython();
const environment = {
  ...process.env,
  ELECTRON_OVERRIDE_DIST_PATH: electron.folder,
  PLUMBLINE_PYTHON: python ?? '',
  PLUMBLINE_PYTHON_MISSING: missing ?? '',
};

/** A check counts as one test; a suite counts what its report says. */
const steps = [
  { name: 'prettier', command: ['prettier', '--check', '.'] },
  { name: 'eslint', command: ['eslint', '--max-warnings', '0', '.'] },
  {
    name: 'depcruise',
    command: ['depcruise', '--output-type', 'err', 'engine', 'electron', 'renderer', 'sample-data', 'e2e'],
  },
  { name: 'types', command: ['tsc'] },
  suite('unit', ['vitest', 'run']),
  suite('interop', ['vitest', 'run', '--config', 'engine/testing/python/vitest.config.ts']),
  { name: 'build', command: ['npm', 'run', 'build'], isProgram: true },
  suite('e2e', ['vitest', 'run', '--config', 'e2e/vitest.config.ts'], onDisplay),
];

const results = [];
for (const step of steps) results.push(await run(step));
printSummary();

function suite(name, command, wrap = (it) => it) {
  const report = join(reports, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { name, command: [...command, ...reporters], report, wrap };
}

/** Journeys need a screen: a virtual one, unless this machine is no Linux. */
function onDisplay(command) {
  if (process.platform !== 'linux') return command;
  return ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24', ...command];
}

async function run(step) {
  console.log(`\n== ${step.name}`);
  const started = Date.now();
  const plain = step.isProgram ? step.command : ['npx', '--no-install', ...step.command];
  const [program, ...args] = step.wrap ? step.wrap(plain) : plain;
  const code = await exitCode(program, args);
  const { passed, failed, skipped } = step.report
    ? readReport(step.report)
    : { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 };
  // A suite that ends badly without a failed test (a crash, an error outside tests) has failed too.
  const failures = code !== 0 && failed === 0 ? 1 : failed;
  return { name: step.name, passed, failed: failures, skipped, seconds: (Date.now() - started) / 1000 };
}

function exitCode(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: environment,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function readReport(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function printSummary() {
  rmSync(reports, { recursive: true, force: true });
  const row = (...cells) =>
    console.log(
      cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(9))).join(''),
    );
  console.log('');
  row('step', 'passed', 'failed', 'skipped', 'seconds');
  for (const { name, passed, failed, skipped, seconds } of results)
    row(name, passed, failed, skipped, seconds.toFixed(1));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
  if (missing !== null)
    console.log(`SKIPPED: the interop tests with pandas, polars and Feast did not run, since ${missing}`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
}
