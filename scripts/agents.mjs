/**
 * `npm run agents`: signalbox with real agents from npm, on real SSH servers. Not part of `npm test`, since the agents are large
 * downloads and change without us. They are installed outside of this folder, once; models are scripted, so no key is needed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureInstalled, requireNode, root, run } from './setup.mjs';

/** Versions that the recipes in src/adapters/acp/catalogue were watched with; `--latest` tries the newest. */
const packages = { 'opencode-ai': '1.18.33', '@qwen-code/qwen-code': '0.15.10' };

requireNode();
ensureInstalled();
const [first, ...rest] = process.argv.slice(2);
const useLatest = first === '--latest';
const vitestArgs = process.argv.slice(2).length === 0 ? [] : useLatest ? rest : [first, ...rest];

const folder = join(tmpdir(), `signalbox-agents-${userInfo().uid}`);
mkdirSync(folder, { recursive: true, mode: 0o700 });
const specs = Object.entries(packages).map(([name, version]) => `${name}@${useLatest ? 'latest' : version}`);
run(
  'npm',
  ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', ...specs],
  'An agent could not be installed.',
);
run(process.execPath, [join(root, 'scripts', 'build.mjs')], 'The build failed.');

const vitest = join(root, 'node_modules', '.bin', 'vitest');
const env = { ...process.env, PATH: `${join(folder, 'node_modules', '.bin')}${delimiter}${process.env.PATH}` };
const args = ['run', '--config', join('.config', 'vitest.agents.config.ts'), ...vitestArgs];
const { status } = spawnSync(vitest, args, { cwd: root, stdio: 'inherit', env });
process.exit(status ?? 1);
