/** Agents of the public registry as entries of agents.json: the exact command of each, and what is never taken over. */
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/adapters/acp/catalogue/catalogue.ts';
import { toInstallCommand } from '../../../../src/adapters/acp/catalogue/install-command.ts';
import { readAcpRegistry } from '../../../../src/adapters/acp/catalogue/read-acp-registry.ts';

const { builtIn } = createCatalogue({ agentsFile: '/nonexistent', demoCommand: ['/bin/true'] });
const known = { builtIn, taken: new Set(['taken']) };

const agent = (distribution: unknown, change: object = {}) => ({
  ...{
    id: 'kimi',
    name: 'Kimi',
    version: '1.2.3',
    description: 'An agent',
    authors: ['a'],
    license: 'MIT',
    icon: './i.svg',
  },
  distribution,
  ...change,
});
const read = (...agents: readonly unknown[]) =>
  readAcpRegistry(JSON.stringify({ version: '1.0.0', agents, extensions: [] }), known);
const npx = { package: '@scope/kimi@1.2.3', args: ['--acp'] };

describe('an agent of the registry', () => {
  it.each([
    ['npx', { npx }, ['npx', '--yes', '@scope/kimi@1.2.3', '--acp']],
    [
      'npx with a command',
      { npx: { ...npx, cmd: 'kimi' } },
      ['npx', '--yes', '--package', '@scope/kimi@1.2.3', 'kimi', '--acp'],
    ],
    ['uvx', { uvx: { package: 'kimi-cli==1.2' } }, ['uvx', 'kimi-cli==1.2']],
    [
      'uvx with a command',
      { uvx: { package: 'kimi', cmd: 'kimi-acp', args: ['x y'] } },
      ['uvx', '--from', 'kimi', 'kimi-acp', 'x y'],
    ],
    ['both', { uvx: { package: 'kimi' }, npx }, ['npx', '--yes', '@scope/kimi@1.2.3', '--acp']],
  ])('by %s gets its command', (_what, distribution, command) => {
    const { entries, left } = read(agent(distribution));
    expect(left).toEqual([]);
    expect(entries.kimi).toEqual({
      extends: 'acp',
      label: 'Kimi',
      command,
      installHint: expect.stringContaining('It needs'),
    });
  });

  it('is read alone, too, with its variables', () => {
    const text = JSON.stringify(agent({ npx: { ...npx, env: { KIMI_MODE: 'acp' } } }));
    expect(readAcpRegistry(text, known).entries.kimi?.env).toEqual({ KIMI_MODE: 'acp' });
  });

  const left = [
    [
      'a download',
      agent({ binary: { 'linux-x86_64': { archive: 'https://x/y.tar.gz', cmd: './kimi' } } }),
      /download only/,
    ],
    ['no way to run', agent({}), /names no way to run/],
    ['an unknown way to run', agent({ pipx: { package: 'kimi' } }), /unknown key "distribution.pipx"/],
    ['an option for a package', agent({ npx: { package: '--call=id' } }), /distribution.npx.package/],
    ['a package that is a path', agent({ npx: { package: '/tmp/evil' } }), /distribution.npx.package/],
    ['a package that is a line', agent({ npx: { package: 'kimi; id' } }), /distribution.npx.package/],
    ['an option for a command', agent({ uvx: { package: 'kimi', cmd: '--python' } }), /distribution.uvx.cmd/],
    ['arguments that are a text', agent({ npx: { package: 'kimi', args: '--acp' } }), /args/],
    ['a library to preload', agent({ npx: { ...npx, env: { LD_PRELOAD: '/tmp/x.so' } } }), /LD_PRELOAD/],
    ['options for Node', agent({ npx: { ...npx, env: { NODE_OPTIONS: '--require /x' } } }), /NODE_OPTIONS/],
    ['another HOME', agent({ npx: { ...npx, env: { HOME: '/root' } } }), /HOME/],
    ['a variable of ours', agent({ npx: { ...npx, env: { SIGNALBOX_TOOL_TOKEN: 'x' } } }), /SIGNALBOX_/],
    ['a variable with a wrong name', agent({ npx: { ...npx, env: { 'A=B': 'x' } } }), /env/],
    ['an id that is a path', agent({ npx }, { id: '../kimi' }), /id/],
    ['an id that objects have', agent({ npx }, { id: '__proto__' }), /id/],
    ['a long id', agent({ npx }, { id: 'k'.repeat(33) }), /at most 32/],
    ['no version', agent({ npx }, { version: 'new' }), /version/],
    ['no name', agent({ npx }, { name: undefined }), /name/],
    ['a built-in id', agent({ npx }, { id: 'codex' }), /built in/],
    ['an id of agents.json', agent({ npx }, { id: 'taken' }), /has an agent of this id/],
    ['a number', 7, /must be an object/],
  ] as const;
  it.each(left)('with %s is left out and named, and the others are taken', (_what, bad, reason) => {
    const found = read(agent({ npx }, { id: 'good' }), bad);
    expect(Object.keys(found.entries)).toEqual(['good']);
    expect(found.left).toEqual([{ id: expect.any(String), reason: expect.stringMatching(reason) }]);
  });

  it('that is named twice counts once', () => {
    const found = read(agent({ npx }), agent({ uvx: { package: 'other' } }));
    expect(found.entries.kimi?.command[0]).toBe('npx');
    expect(found.left).toEqual([{ id: 'kimi', reason: expect.stringContaining('twice') }]);
  });

  it.each([
    ['no JSON', '<!doctype html>', /line 1/],
    ['nothing', '', /line 1/],
    ['a list', '[]', /no ACP registry/],
    ['no agents', '{"version":"1.0.0"}', /"agents" is missing/],
    ['too many agents', JSON.stringify({ agents: Array.from({ length: 1_001 }, () => 1) }), /agents/],
  ])('is not looked for in %s', (_what, text, words) => {
    expect(() => readAcpRegistry(text, known)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(words) }),
    );
  });
});

describe('the command that installs a built-in agent', () => {
  it('is one of npm, for all that are packages there', () => {
    const commands = builtIn.map((one) => [one.id, toInstallCommand(one, '/f')?.join(' ') ?? null]);
    expect(Object.fromEntries(commands)).toMatchObject({
      opencode: 'npm install --prefix /f --no-audit --no-fund opencode-ai',
      auggie: 'npm install --prefix /f --no-audit --no-fund @augmentcode/auggie',
      goose: null,
      demo: null,
    });
  });

  it.each([
    'npm install --global x; id',
    'npm install --global --prefix=/',
    'npm install --global ../x',
    'pip install x',
  ])('is not made of the hint %j', (installHint) => {
    expect(toInstallCommand({ ...(builtIn[0] as (typeof builtIn)[number]), installHint }, '/f')).toBeNull();
  });
});
