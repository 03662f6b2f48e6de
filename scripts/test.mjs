/** `npm test`: everything, from a fresh clone: types, lint, build, tests. Stops at the first part that fails and says which. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureInstalled, requireNode, root } from './setup.mjs';

requireNode();
ensureInstalled();
ensurePrograms();

const bin = (name) => join(root, 'node_modules', '.bin', name);
// Colours are for a terminal; a log is read by programs, too.
const colour = process.stdout.isTTY ? [] : ['--no-color'];
const vitestArgs = ['run', '--config', join('.config', 'vitest.config.ts'), ...colour, ...process.argv.slice(2)];
step('types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']);
step('lint and format', bin('biome'), ['check', '--error-on-warnings']);
step('build', process.execPath, [join('scripts', 'build.mjs')]);
// The last one: its own summary is the end of what is printed.
process.exitCode = run('tests', bin('vitest'), vitestArgs);

function step(name, program, args) {
  const status = run(name, program, args);
  if (status === 0) return;
  console.error(`\nnpm test stopped at: ${name} (exit status ${status}).`);
  process.exit(status);
}

/** The exit status; 1 when a signal ended it or it could not be started, which is said. */
function run(name, program, args) {
  console.error(`\n== ${name}`);
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status === null) console.error(`${name} did not end by itself: ${error ? error.message : signal}.`);
  return status ?? 1;
}

/** The real programs the tests talk to. Root on a Debian machine gets them; elsewhere the tests that need one say so and are left out. */
function ensurePrograms() {
  const wanted = [
    { program: 'sshd', debian: 'openssh-server' },
    { program: 'ssh', debian: 'openssh-client' },
    { program: 'sudo', debian: 'sudo', onlyOn: 'linux' },
    { program: 'busybox', debian: 'busybox', onlyOn: 'linux' },
    { program: 'bwrap', debian: 'bubblewrap', onlyOn: 'linux' },
    { program: 'pasta', debian: 'passt', onlyOn: 'linux' },
    { program: 'tmux', debian: 'tmux' },
    { program: 'git', debian: 'git' },
    { program: 'pam_oath', debian: 'libpam-oath', onlyOn: 'linux', isHere: hasPamModule },
  ].filter((one) => one.onlyOn === undefined || one.onlyOn === process.platform);
  const isMissing = ({ program, isHere = isThere }) => !isHere(program);
  let missing = wanted.filter(isMissing);
  if (missing.length > 0 && process.getuid?.() === 0 && isThere('apt-get')) {
    install(missing.map((one) => one.debian));
    missing = wanted.filter(isMissing);
  }
  if (missing.length === 0) return;
  const programs = missing.map((one) => one.program).join(', ');
  const packages = missing.map((one) => one.debian).join(' ');
  console.error(
    `Missing: ${programs}. Tests that need them are left out; on Debian or Ubuntu: sudo apt-get install ${packages}`,
  );
}

/** PAM's modules lie in a folder that is named after the machine. */
function hasPamModule(name) {
  const libraries = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return libraries.some((library) => existsSync(`/usr/lib/${library}/security/${name}.so`));
}

/** The package lists may be there already; they are fetched only when the first try finds no package. */
function install(packages) {
  console.error(`Installing ${packages.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const add = () => apt('install', '-y', '--no-install-recommends', ...packages);
  if (add().status === 0) return;
  const updated = apt('update');
  const added = add();
  if (added.status !== 0) console.error(`${updated.stderr}${added.stderr}`.trim());
}

function isThere(program) {
  // sshd is in sbin, which is often not on the path of a user who is not root.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
