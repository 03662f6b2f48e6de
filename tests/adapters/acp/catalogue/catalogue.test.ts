/** The catalogue and agents.json: merged field by field, and a broken file is a warning that leaves the built-in agents. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/adapters/acp/catalogue/catalogue.ts';
import { present } from '../../../../src/base/assert.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-catalogue-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const demoCommand = ['/usr/bin/node', '/opt/main.js', 'demo-agent'];
const builtIn = [
  'opencode',
  'claude',
  'gemini',
  'goose',
  'codex',
  'qwen',
  'copilot',
  'kilo',
  'cline',
  'auggie',
  'demo',
];

async function read(text: string | null) {
  const agentsFile = join(folder, `agents-${Math.random()}.json`);
  if (text !== null) writeFileSync(agentsFile, text);
  const { profiles, warnings } = await createCatalogue({ agentsFile, demoCommand }).read();
  return {
    warnings,
    ids: profiles.map((one) => one.id),
    get: (id: string) =>
      present(
        profiles.find((one) => one.id === id),
        id,
      ),
  };
}

describe('the built-in agents', () => {
  it('are there without a file and without a word', async () => {
    const { ids, warnings, get } = await read(null);
    expect(ids).toEqual(builtIn);
    expect(warnings).toEqual([]);
    expect(get('demo').command).toEqual(demoCommand);
  });

  it('are offered nothing on this machine by opencode, whose own tools are denied', async () => {
    const opencode = (await read(null)).get('opencode');
    expect(opencode.offers).toEqual({ readFiles: false, writeFiles: false, terminals: false });
    expect(JSON.parse(opencode.env.OPENCODE_CONFIG_CONTENT ?? '')).toMatchObject({
      permission: { '*': 'deny', 'signalbox_*': 'allow' },
    });
  });

  it('say honestly which recipes were tried', async () => {
    const { get } = await read(null);
    expect(builtIn.filter((id) => get(id).tried)).toEqual([
      'opencode',
      'claude',
      'gemini',
      'codex',
      'qwen',
      'copilot',
      'kilo',
      'demo',
    ]);
  });
});

describe('agents.json', () => {
  it('changes single fields of a built-in agent and leaves the others', async () => {
    const { get, warnings } = await read(
      '{"agents": {"goose": {"enabled": false, "env": {"A": "b"}}, "qwen": {"fs": true}}}',
    );
    expect(warnings).toEqual([]);
    expect(get('goose')).toMatchObject({
      enabled: false,
      label: 'goose',
      command: ['goose', 'acp'],
      env: { A: 'b' },
      origin: 'agents.json',
    });
    expect(get('qwen').offers).toEqual({ readFiles: true, writeFiles: true, terminals: false });
    expect(get('codex').origin).toBe('built-in');
  });

  it('adds an agent, offered nothing unless the entry says so', async () => {
    const { get } = await read(
      '{"agents": {"mine": {"extends": "acp", "command": ["mine", "--acp"]}, "open": {"command": ["o"], "fs": true, "terminal": true}}}',
    );
    expect(get('mine')).toMatchObject({
      offers: { readFiles: false, writeFiles: false, terminals: false },
      localToolsOff: false,
    });
    expect(get('open').offers).toEqual({ readFiles: true, writeFiles: true, terminals: true });
  });

  it('asks for version 2 of the protocol only where the entry says so', async () => {
    const { get, warnings } = await read(
      '{"agents": {"two": {"command": ["t"], "protocol": 2}, "any": {"command": ["a"], "protocol": "auto"}, "three": {"command": ["h"], "protocol": 3}}}',
    );
    expect([get('two').protocol, get('any').protocol, get('opencode').protocol]).toEqual([2, 'auto', 1]);
    expect(warnings).toEqual([
      expect.stringContaining('agent "three" is left as it was: "protocol" must be 1 or 2 or "auto"'),
    ]);
  });

  it('derives an agent from a built-in one, and does not call it tried', async () => {
    const { get } = await read(
      '{"agents": {"opencode-next": {"extends": "opencode", "command": ["opencode-next", "acp"]}}}',
    );
    expect(get('opencode-next')).toMatchObject({
      localToolsOff: true,
      tried: false,
      env: (await read(null)).get('opencode').env,
    });
  });

  const broken = [
    ['no JSON', '{"agents": ', /line 1: .*using the built-in agents/],
    ['a comment', '{\n  // mine\n  "agents": {}}', /line 2: JSON has no comments/],
    ['an agent twice', '{"agents": {\n"goose": {},\n"goose": {}}}', /line 3: the name "goose" stands twice/],
    ['a list', '[]', /not valid/],
    ['an unknown key at the top', '{"agents": {}, "agent": {}}', /not valid .*agent/],
    ['nothing', '', /not valid/],
    [
      'an unknown field',
      '{"agents": {\n"goose": {"comand": ["x"]}}}',
      /line 2: agent "goose" is left as it was: unknown key "comand" \(did you mean "command"\?\)/,
    ],
    ['a wrong network', '{"agents": {"goose": {"network": "lan"}}}', /"network" must be .*auto/],
    ['a number as a variable', '{"agents": {"goose": {"env": {"A": 1}}}}', /"env.A" must be a text/],
    [
      'a command that is a line',
      '{"agents": {"goose": {"command": "goose acp"}}}',
      /"goose" is left as it was: "command" must be an array/,
    ],
    ['an empty command', '{"agents": {"goose": {"command": []}}}', /"goose" is left as it was/],
    ['a variable name with "="', '{"agents": {"goose": {"passEnv": ["A=b"]}}}', /"goose" is left as it was/],
    [
      'a new agent without a command',
      '{"agents": {"mine": {}}}',
      /"mine" is left as it was: a new agent needs "command"/,
    ],
    ['an unknown parent', '{"agents": {"mine": {"extends": "gose"}}}', /names no agent \("gose"\)/],
    ['an id that is a path', '{"agents": {"../x": {"command": ["x"]}}}', /an id is made of/],
    ['an entry that is a number', '{"agents": {"goose": 7}}', /"goose" is left as it was/],
  ] as const;

  it.each(broken)('with %s leaves the built-in agents and one warning', async (_what, text, words) => {
    const { ids, warnings, get } = await read(text);
    expect(ids).toEqual(builtIn);
    expect(get('goose').command).toEqual(['goose', 'acp']);
    expect(warnings).toEqual([expect.stringMatching(words)]);
  });

  it('keeps the good entries beside a bad one', async () => {
    const { get, warnings } = await read('{"agents": {"goose": {"x": 1}, "qwen": {"label": "Q"}}}');
    expect(get('qwen').label).toBe('Q');
    expect(warnings).toHaveLength(1);
  });

  it('that cannot be read is a warning', async () => {
    const { profiles, warnings } = await createCatalogue({ agentsFile: folder, demoCommand }).read();
    expect(profiles).toHaveLength(builtIn.length);
    expect(warnings).toEqual([expect.stringContaining('cannot be read')]);
  });
});
