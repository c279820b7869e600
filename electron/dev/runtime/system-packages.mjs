import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the app needs of a Debian system, and the tests besides: a package, and how to see that it is there. */
const FOR_APP = [
  { package: 'unzip', program: 'unzip' },
  { package: 'libnss3', library: 'libnss3.so' },
  { package: 'libgtk-3-0', library: 'libgtk-3.so.0' },
  { package: 'libgbm1', library: 'libgbm.so.1' },
  { package: 'libasound2', library: 'libasound.so.2' },
];
const FOR_TESTS = [
  ...FOR_APP,
  { package: 'xvfb', program: 'xvfb-run' },
  { package: 'xauth', program: 'xauth' },
  { package: 'redis-server', program: 'redis-server' },
  { package: 'redis-tools', program: 'redis-cli' },
  { package: 'openssl', program: 'openssl' },
];

/** For `app` or `tests`: installs what is missing when root on Debian, else says the one line to run. */
export function ensureSystemPackages(purpose) {
  if (process.platform !== 'linux') return;
  const missing = missingPackages(purpose === 'tests' ? FOR_TESTS : FOR_APP);
  if (missing.length === 0) return;
  const names = missing.map(aptName).join(' ');
  if (process.getuid() !== 0 || !isProgram('apt-get')) {
    console.error(
      `Missing system packages. Run:\n  sudo apt-get install -y --no-install-recommends ${names}`,
    );
    process.exit(1);
  }
  console.log(`Installing system packages: ${names}`);
  const apt = (...args) =>
    execFileSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...missing.map(aptName));
}

function missingPackages(needed) {
  const libraries =
    spawnSync('ldconfig', ['-p'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
    }).stdout ?? '';
  return needed.filter(({ program, library }) =>
    program ? !isProgram(program) : !libraries.includes(`${library} `),
  );
}

function isProgram(name) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${name}`));
}

/** Newer Debian and Ubuntu releases call some libraries by another name. */
function aptName({ package: name }) {
  const renamed = `${name}t64`;
  if (!name.startsWith('lib')) return name;
  const known = spawnSync('apt-cache', ['show', renamed], { stdio: 'ignore' });
  return known.status === 0 ? renamed : name;
}
