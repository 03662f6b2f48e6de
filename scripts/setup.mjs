/** Makes a fresh clone runnable: installs what package-lock.json says and builds what src says. Uses only what Node brings along. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with a sentence when this Node is too old to run anything here. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`signalbox needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(2);
}

/** Installs when node_modules is missing or differs from package-lock.json. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing the dependencies of package-lock.json ...');
  run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci failed; it needs access to a package registry.');
}

/** Builds when dist is missing or older than what it is made from. */
export function ensureBuilt() {
  if (isBuilt()) return;
  console.error('Building ...');
  run(process.execPath, [join(root, 'scripts', 'build.mjs')], 'The build failed.');
}

/** Runs a program with this terminal; ends the process with its status when it fails. */
export function run(program, args, complaint) {
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${complaint} (${error ? error.message : signal ? `ended by ${signal}` : `exit status ${status}`})`);
  process.exit(status ?? 1);
}

/** npm keeps its own copy of the lock file in node_modules: what it says is what is there. */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null) return existsSync(join(root, 'node_modules'));
  if (present === null) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Optional ones are for other systems, unless they are there in another version.
    return present[path] ? present[path].version === version : optional === true;
  });
}

function readPackages(file) {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).packages ?? null) : null;
}

function isBuilt() {
  const built = join(root, 'dist', 'main.cjs');
  if (!existsSync(built)) return false;
  const builtMs = statSync(built).mtimeMs;
  const inputs = ['package.json', 'package-lock.json', 'tsconfig.json', join('scripts', 'build.mjs')];
  return [...filesBelow(join(root, 'src')), ...inputs.map((name) => join(root, name))].every(
    (file) => statSync(file).mtimeMs <= builtMs,
  );
}

/** Folders count as well: theirs is the time that changes when a file is removed. */
function filesBelow(folder) {
  return [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, name))];
}
