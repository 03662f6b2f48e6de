/** Copying a person's own login: only what the profile names, never through a link that an agent has left, and never something else than a file. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claude } from '../../../src/adapters/acp/catalogue/claude.ts';
import { cline } from '../../../src/adapters/acp/catalogue/cline.ts';
import { codex } from '../../../src/adapters/acp/catalogue/codex.ts';
import { copilot } from '../../../src/adapters/acp/catalogue/copilot.ts';
import { gemini } from '../../../src/adapters/acp/catalogue/gemini.ts';
import { goose } from '../../../src/adapters/acp/catalogue/goose.ts';
import { kilo } from '../../../src/adapters/acp/catalogue/kilo.ts';
import { opencode } from '../../../src/adapters/acp/catalogue/opencode.ts';
import type { AgentProfile } from '../../../src/adapters/acp/catalogue/profile.ts';
import { qwen } from '../../../src/adapters/acp/catalogue/qwen.ts';
import { prepareLoginImport } from '../../../src/adapters/acp/import-login.ts';
import { findUnusedSettings } from '../../../src/adapters/acp/unused-settings.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-import-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const profile = {
  ...{ id: 'codex', label: 'Codex', loginFiles: ['.codex/auth.json', '.codex/more.json'], origin: 'built-in' as const },
  movedBy: [],
  modelSettings: {
    path: '.codex/model.json',
    files: ['.codex/model.json', '.codex/model.jsonc', { variable: 'MODEL_FILE', below: '' }],
    keys: ['model', 'provider'],
  },
};
const mine = (path: string): string => join(root, 'me', path);
const theirs = (path: string): string => join(root, 'agents/codex/home', path);

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const prepare = (
  fields: Partial<Pick<AgentProfile, 'id' | 'loginFiles' | 'movedBy' | 'modelSettings'>> = {},
  env: NodeJS.ProcessEnv = {},
) =>
  prepareLoginImport(
    { ...profile, ...fields },
    { agentsFolder: join(root, 'agents') },
    { home: join(root, 'me'), env },
  );

describe('a login that is copied', () => {
  it('is what the profile names and what is there, for the owner alone, and nothing before it was said', async () => {
    put(mine('.codex/auth.json'), '{"token":1}');
    put(mine('.codex/history.json'), 'private');
    const found = await prepare();
    expect([found.home, found.files]).toEqual([
      theirs('').replace(/\/$/, ''),
      [{ path: '.codex/auth.json', from: ['~/.codex/auth.json'], keys: null }],
    ]);
    expect(existsSync(found.home)).toBe(false);
    await found.copy();
    expect(readFileSync(theirs('.codex/auth.json'), 'utf8')).toBe('{"token":1}');
    expect(statSync(theirs('.codex/auth.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(theirs('.codex/history.json'))).toBe(false);
  });

  it('brings the choice of model along, and nothing else of the settings', async () => {
    put(mine('.codex/model.json'), '{"permission":{"*":"allow"},"provider":{"own":{}},"model":"own/fast"}');
    const found = await prepare();
    expect(found).toMatchObject({
      files: [{ path: '.codex/model.json', from: ['~/.codex/model.json'], keys: ['model', 'provider'] }],
      warnings: [],
    });
    await found.copy();
    const copied = JSON.parse(readFileSync(theirs('.codex/model.json'), 'utf8'));
    expect(copied).toEqual({ model: 'own/fast', provider: { own: {} } });
  });

  it.each([
    [
      '{\n"model" "a"}',
      ['~/.codex/model.json is not copied, because its line 2 is no JSON; copy model, provider by hand.'],
    ],
    ['{"model":"a"', [expect.stringContaining('its line 1 is no JSON')]],
    ['', []],
    ['// nothing yet\n', []],
    ['{"theme":"dark"}', []],
    ['[]', []],
  ])('leaves settings %j where they are', async (text, warnings) => {
    put(mine('.codex/model.json'), text);
    expect(await prepare()).toMatchObject({ files: [], warnings });
  });

  it('brings the choice of model of several files as one, with the comments and commas that people leave', async () => {
    put(mine('.codex/model.json'), '{"model":"own/slow","provider":{"own":{"url":"a"},"old":{}}}');
    put(
      mine('.codex/model.jsonc'),
      '\ufeff// mine\n{ /* fast */ "model": "own/fast", "provider": {"own": {"key": "//k",},}, }\n',
    );
    put(join(root, 'else/more.json'), '{"provider":{"old":null},"theme":1}');
    const found = await prepare({}, { MODEL_FILE: join(root, 'else/more.json') });
    const from = ['~/.codex/model.json', '~/.codex/model.jsonc', join(root, 'else/more.json')];
    expect(found).toMatchObject({ files: [{ path: '.codex/model.json', from }], warnings: [] });
    await found.copy();
    expect(JSON.parse(readFileSync(theirs('.codex/model.json'), 'utf8'))).toEqual({
      model: 'own/fast',
      provider: { own: { url: 'a', key: '//k' }, old: null },
    });
  });

  it.each([
    ['CODEX_HOME', codex, '', 'auth.json', '.codex/auth.json'],
    ['CLAUDE_CONFIG_DIR', claude, '', '.credentials.json', '.claude/.credentials.json'],
    ['COPILOT_HOME', copilot, '', 'config.json', '.copilot/config.json'],
    ['QWEN_HOME', qwen, '', 'oauth_creds.json', '.qwen/oauth_creds.json'],
    ['GEMINI_CLI_HOME', gemini, '', '.gemini/oauth_creds.json', '.gemini/oauth_creds.json'],
    ['CLINE_DIR', cline, '', 'data/settings/providers.json', '.cline/data/settings/providers.json'],
    ['CLINE_DATA_DIR', cline, '', 'settings/providers.json', '.cline/data/settings/providers.json'],
    ['GOOSE_PATH_ROOT', goose, '', 'config/secrets.yaml', '.config/goose/secrets.yaml'],
    ['XDG_CONFIG_HOME', goose, '', 'goose/secrets.yaml', '.config/goose/secrets.yaml'],
    ['XDG_DATA_HOME', kilo, '', 'kilo/auth.json', '.local/share/kilo/auth.json'],
    ['XDG_DATA_HOME', opencode, '', 'opencode/auth.json', '.local/share/opencode/auth.json'],
    ['XDG_CONFIG_HOME', opencode, '{"model":"m"}', 'opencode/opencode.jsonc', '.config/opencode/opencode.json'],
    ['OPENCODE_CONFIG_DIR', opencode, '{"model":"m"}', 'opencode.json', '.config/opencode/opencode.json'],
  ])('is found below %s', async (variable, { id, loginFiles, movedBy, modelSettings }, text, at, path) => {
    const agent = { id, loginFiles, movedBy, modelSettings };
    const folder = join(root, 'elsewhere');
    put(join(folder, at), text === '' ? 'token' : text);
    expect((await prepare(agent, {})).files).toEqual([]);
    const found = await prepare(agent, { [variable]: folder });
    expect(found.files).toMatchObject([{ path, from: [join(folder, at)] }]);
    await found.copy();
    expect(existsSync(join(root, 'agents', id, 'home', path))).toBe(true);
    // What is where it would be without the variable is not what the agent uses.
    const nowhere = await prepare(agent, { [variable]: join(root, 'nowhere') });
    expect(nowhere.files).toEqual([]);
  });

  it.each([[''], ['relative'], ['~other']])('is below HOME where a variable names no folder: %j', async (value) => {
    put(mine('.codex/auth.json'), 'token');
    const { movedBy } = codex;
    expect((await prepare({ movedBy }, { CODEX_HOME: value })).files).toHaveLength(1);
    put(mine('moved/auth.json'), 'token');
    const moved = await prepare({ movedBy }, { CODEX_HOME: '~/moved' });
    expect(moved.files).toMatchObject([{ path: '.codex/auth.json', from: ['~/moved/auth.json'] }]);
  });

  it('is missed by an agent only until it is copied', async () => {
    const paths = { agentsFolder: join(root, 'agents') };
    const advice = () => findUnusedSettings(profile, { paths, env: { HOME: join(root, 'me') } });
    expect(await advice()).toBe(null);
    put(mine('.codex/model.json'), '{"model":"own/fast"}');
    expect(await advice()).toContain('does not see your choice of model (~/.codex/model.json)');
    put(mine('.codex/auth.json'), '{"token":1}');
    expect(await advice()).toContain('your login and choice of model (~/.codex/auth.json, ~/.codex/model.json)');
    await (await prepare()).copy();
    expect(await advice()).toBe(null);
  });

  it('may be a link on the side of the person', async () => {
    put(join(root, 'vault/auth.json'), 'kept elsewhere');
    mkdirSync(mine('.codex'), { recursive: true });
    symlinkSync(join(root, 'vault/auth.json'), mine('.codex/auth.json'));
    await (await prepare()).copy();
    expect(readFileSync(theirs('.codex/auth.json'), 'utf8')).toBe('kept elsewhere');
  });

  it('replaces a link that the agent has left in its place, and does not follow it', async () => {
    put(mine('.codex/auth.json'), 'token');
    put(join(root, 'ssh/authorized_keys'), 'my keys');
    mkdirSync(theirs('.codex'), { recursive: true });
    symlinkSync(join(root, 'ssh/authorized_keys'), theirs('.codex/auth.json'));
    await (await prepare()).copy();
    expect(readFileSync(join(root, 'ssh/authorized_keys'), 'utf8')).toBe('my keys');
    expect(readFileSync(theirs('.codex/auth.json'), 'utf8')).toBe('token');
  });

  it.each([
    ['a folder that is a link', () => symlinkSync(join(root, 'ssh'), theirs('.codex'))],
    ['a folder that is a file', () => writeFileSync(theirs('.codex'), '')],
    ['a folder in place of the file', () => mkdirSync(theirs('.codex/auth.json'), { recursive: true })],
  ])('is refused where the agent has left %s', async (_what, leave) => {
    put(mine('.codex/auth.json'), 'token');
    mkdirSync(join(root, 'ssh'));
    mkdirSync(theirs(''), { recursive: true });
    leave();
    await expect((await prepare()).copy()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(existsSync(join(root, 'ssh/auth.json'))).toBe(false);
  });

  it.each([
    ['a pipe', () => spawnSync('mkfifo', [mine('.codex/auth.json')]), 'CONFIG_INVALID'],
    ['a folder', () => mkdirSync(mine('.codex/auth.json')), 'CONFIG_INVALID'],
    ['a large file', () => writeFileSync(mine('.codex/auth.json'), 'x'.repeat(2_000_000)), 'TOO_LARGE'],
  ])('is none when it is %s', async (_what, make, code) => {
    mkdirSync(mine('.codex'), { recursive: true });
    make();
    await expect(prepare()).rejects.toMatchObject({ code });
  });

  it('that nobody knows of is none, and says what to do', async () => {
    expect((await prepare()).files).toEqual([]);
    await expect(prepare({ loginFiles: [], modelSettings: null })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
