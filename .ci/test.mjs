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
const checks = [
  { name: 'prettier', command: ['prettier', '--check', '.'] },
  { name: 'eslint', command: ['eslint', '--max-warnings', '0', '.'] },
  {
    name: 'depcruise',
    command: ['depcruise', '--output-type', 'err', 'engine', 'electron', 'renderer', 'sample-data', 'e2e'],
  },
  { name: 'types', command: ['tsc'] },
];
const interop = suite('interop', ['vitest', 'run', '--config', 'engine/testing/python/vitest.config.ts']);
const build = { name: 'build', command: ['npm', 'run', 'build'], isProgram: true };
const unit = suite('unit', ['vitest', 'run']);
const journeys = ['1/2', '2/2'].map((shard, i) =>
  suite(
    `e2e ${shard}`,
    ['vitest', 'run', '--config', 'e2e/vitest.config.ts', `--shard=${shard}`],
    onDisplay(99 + 100 * i),
  ),
);

// The checks keep one core busy, Python another; the unit tests take both. Each half of the journeys has a display of its own.
const results = [
  ...(await beside(checks, [build, interop])),
  await run(unit),
  ...(await beside(...journeys.map((half) => [half]))),
];
printSummary();

/** Runs lanes of steps next to each other, and the steps of a lane in turn. */
async function beside(...lanes) {
  const done = await Promise.all(lanes.map((steps) => inTurn(steps)));
  return done.flat();
}

async function inTurn(steps) {
  const done = [];
  for (const step of steps) done.push(await runQuietly(step));
  return done;
}

function suite(name, command, wrap = (it) => it) {
  const report = join(reports, `${name.replaceAll(/\W/g, '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { name, command: [...command, ...reporters], report, wrap };
}

/** Journeys need a screen: a virtual one, unless this machine is no Linux. The first free one from `display` on is taken. */
function onDisplay(display) {
  if (process.platform !== 'linux') return (command) => command;
  const screen = ['xvfb-run', '-a', '-n', String(display), '-s', '-screen 0 1920x1200x24'];
  return (command) => [...screen, ...command];
}

function run(step) {
  console.log(`\n== ${step.name}`);
  return outcome(step, 'inherit');
}

/** Prints what a step said once it has ended, so that steps beside each other stay apart. */
async function runQuietly(step) {
  const said = [];
  const result = await outcome(step, 'pipe', (chunk) => said.push(chunk));
  console.log(`\n== ${step.name}`);
  process.stdout.write(Buffer.concat(said));
  return result;
}

async function outcome(step, stdio, hear) {
  const started = Date.now();
  const plain = step.isProgram ? step.command : ['npx', '--no-install', ...step.command];
  const [program, ...args] = step.wrap ? step.wrap(plain) : plain;
  const code = await exitCode(program, args, stdio, hear);
  const { passed, failed, skipped } = step.report
    ? readReport(step.report)
    : { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 };
  // A suite that ends badly without a failed test (a crash, an error outside tests) has failed too.
  const failures = code !== 0 && failed === 0 ? 1 : failed;
  return { name: step.name, passed, failed: failures, skipped, seconds: (Date.now() - started) / 1000 };
}

function exitCode(program, args, stdio, hear) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: environment,
      stdio: ['ignore', stdio, stdio],
      shell: process.platform === 'win32',
    });
    if (hear) for (const stream of [child.stdout, child.stderr]) stream.on('data', hear);
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
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
