/** `signalbox agent import` and `install`: they show exactly what they would do, ask, and do nothing without a yes. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliRunOptions, runInProcess } from '../run.ts';

let home = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-agent-import-')));
  mkdirSync(join(home, 'bin'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function signalbox(words: readonly string[], options: Partial<CliRunOptions> = {}) {
  const env = { SIGNALBOX_HOME: home, HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` };
  return runInProcess(['agent', ...words], { env, cwd: home, ...options });
}

const agentsFile = (): string => join(home, 'config/agents.json');
const read = () => JSON.parse(readFileSync(agentsFile(), 'utf8')).agents;

function registry(): string {
  const agent = (id: string, distribution: object) => ({
    id,
    name: `The ${id}\u001b[31m`,
    version: '1.0.0',
    description: 'x',
    distribution,
  });
  const agents = [
    agent('kimi', { npx: { package: 'kimi@1.0.0', args: ['--mode', 'a b'], env: { KIMI_MODE: 'acp' } } }),
    agent('other', { uvx: { package: 'other' } }),
    agent('codex', { npx: { package: 'codex' } }),
    agent('binary', { binary: { 'linux-x86_64': { archive: 'https://example.com/b.tgz', cmd: './b' } } }),
  ];
  const file = join(home, 'registry.json');
  writeFileSync(file, JSON.stringify({ version: '1.0.0', agents }));
  return file;
}

describe('agent import', () => {
  it('shows each exact command, asks, and adds all at once', async () => {
    registry();
    const questions: string[] = [];
    const run = await signalbox(['import', 'registry.json'], {
      answers: ['y'],
      onQuestion: (text) => questions.push(text),
    });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain("runs  npx --yes kimi@1.0.0 --mode 'a b'");
    expect(run.stdout).toContain('sets  KIMI_MODE=acp');
    expect(run.stdout).not.toContain('\u001b');
    expect(run.stderr).toContain('left out: codex: signalbox has it built in');
    expect(run.stderr).toContain('left out: binary: it comes as a download only');
    expect(questions).toEqual([expect.stringContaining('Add these 2 agents')]);
    expect(Object.keys(read())).toEqual(['kimi', 'other']);
    expect((await signalbox(['list'])).stdout).toMatch(/^kimi +The kimi/m);
  });

  it('takes only those that are named', async () => {
    await signalbox(['import', registry(), 'other', '--yes']);
    expect(read()).toEqual({ other: expect.objectContaining({ command: ['uvx', 'other'] }) });
  });

  it('with --dry-run and --json tells all and adds nothing', async () => {
    const run = await signalbox(['import', registry(), '--dry-run', '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      entries: { kimi: {}, other: {} },
      left: [{ id: 'codex' }, { id: 'binary' }],
    });
    expect(existsSync(agentsFile())).toBe(false);
  });

  it.each<[string, readonly string[], Partial<CliRunOptions>, RegExp]>([
    ['no terminal and no --yes', ['import', 'registry.json'], {}, /give --yes/],
    ['a no', ['import', 'registry.json'], { answers: ['n'] }, /Nothing was added/],
    ['no answer', ['import', 'registry.json'], { answers: [] }, /Nothing was changed/],
    ['an agent that is not there', ['import', 'registry.json', 'nobody', '--yes'], {}, /no agent nobody/],
    ['an http address', ['import', 'http://127.0.0.1:9/registry.json', '--yes'], {}, /no https address/],
    ['a file address', ['import', 'file:///etc/passwd', '--yes'], {}, /no https address/],
    ['a file that is not there', ['import', 'absent.json', '--yes'], {}, /cannot be read/],
    ['a folder', ['import', '.', '--yes'], {}, /is not a file/],
    ['a file that is none', ['import', 'large.json', '--yes'], {}, /larger than/],
    ['an address nobody answers at', ['import', 'https://127.0.0.1:9/r.json', '--yes'], {}, /cannot be fetched/],
  ])('adds nothing with %s', async (_what, words, options, message) => {
    registry();
    writeFileSync(join(home, 'large.json'), '');
    truncateSync(join(home, 'large.json'), 5 * 1024 * 1024);
    const run = await signalbox(words, options);
    expect(run.stderr).toMatch(message);
    expect(existsSync(agentsFile())).toBe(false);
  });

  it('asks no server for anything that does not speak https', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await signalbox(['import', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, '--yes']);
    server.close();
    expect(asked).toBe(0);
  });
});

/** An npm that notes its arguments, and brings a program as the real one does. */
function fakeNpm(script: string): void {
  writeFileSync(join(home, 'bin/npm'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${home}/npm-arguments'\n${script}\n`);
  chmodSync(join(home, 'bin/npm'), 0o755);
}
const brings = `mkdir -p "$3/node_modules/.bin" && printf '#!/bin/sh\\n' > "$3/node_modules/.bin/opencode" && chmod +x "$3/node_modules/.bin/opencode"`;

describe('agent install', () => {
  it('shows the command, asks, runs it, and the program is found', async () => {
    fakeNpm(brings);
    const run = await signalbox(['install', 'opencode'], { answers: ['yes'] });
    expect(run.code, run.stderr).toBe(0);
    const folder = join(home, 'data/agents/opencode/program');
    expect(run.stderr).toContain(`NOT CONTAINED:\n  npm install --prefix ${folder} --no-audit --no-fund opencode-ai`);
    expect(readFileSync(join(home, 'npm-arguments'), 'utf8').split('\n').slice(0, 3)).toEqual([
      'install',
      '--prefix',
      folder,
    ]);
    expect((await signalbox(['list'])).stdout).toContain(`Found at ${folder}/node_modules/.bin/opencode`);
  });

  it.each<[string, string, readonly string[], Partial<CliRunOptions>, RegExp]>([
    ['without a terminal and --yes', brings, ['install', 'opencode'], {}, /Nothing was installed: give --yes/],
    ['after a no', brings, ['install', 'opencode'], { answers: [''] }, /Nothing was installed\./],
    ['for an agent that is no package', brings, ['install', 'goose', '--yes'], {}, /no package of goose/],
    ['for an unknown agent', brings, ['install', 'nobody', '--yes'], {}, /no agent "nobody"/],
  ])('runs nothing %s', async (_what, script, words, options, message) => {
    fakeNpm(script);
    expect((await signalbox(words, options)).stderr).toMatch(message);
    expect(existsSync(join(home, 'npm-arguments'))).toBe(false);
  });

  it.each([
    ['npm fails', 'exit 7', /npm ended with status 7; nothing is installed/],
    ['npm is killed', 'kill -9 $$', /npm was ended by SIGKILL/],
    ['the package has another program', 'exit 0', /brought no program "opencode"/],
  ])('says it when %s', async (_what, script, message) => {
    fakeNpm(script);
    const run = await signalbox(['install', 'opencode', '--yes']);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(message);
  });
});
