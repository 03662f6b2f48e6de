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
import type { AgentProfile } from '../../../src/adapters/acp/catalogue/profile.ts';
import { prepareLoginImport } from '../../../src/adapters/acp/import-login.ts';
import { findUnusedSettings } from '../../../src/adapters/acp/unused-settings.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-import-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const profile = {
  ...{ id: 'codex', label: 'Codex', loginFiles: ['.codex/auth.json', '.codex/more.json'], origin: 'built-in' as const },
  modelSettings: { path: '.codex/model.json', keys: ['model', 'provider'] },
};
const mine = (path: string): string => join(root, 'me', path);
const theirs = (path: string): string => join(root, 'agents/codex/home', path);

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const prepare = (fields: Partial<Pick<AgentProfile, 'loginFiles' | 'modelSettings'>> = {}) =>
  prepareLoginImport({ ...profile, ...fields }, { agentsFolder: join(root, 'agents') }, join(root, 'me'));

describe('a login that is copied', () => {
  it('is what the profile names and what is there, for the owner alone, and nothing before it was said', async () => {
    put(mine('.codex/auth.json'), '{"token":1}');
    put(mine('.codex/history.json'), 'private');
    const found = await prepare();
    expect([found.home, found.files]).toEqual([theirs('').replace(/\/$/, ''), ['.codex/auth.json']]);
    expect(existsSync(found.home)).toBe(false);
    await found.copy();
    expect(readFileSync(theirs('.codex/auth.json'), 'utf8')).toBe('{"token":1}');
    expect(statSync(theirs('.codex/auth.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(theirs('.codex/history.json'))).toBe(false);
  });

  it('brings the choice of model along, and nothing else of the settings', async () => {
    put(mine('.codex/model.json'), '{"permission":{"*":"allow"},"provider":{"own":{}},"model":"own/fast"}');
    const found = await prepare();
    expect(found).toMatchObject({ files: ['.codex/model.json'], part: { keys: ['model', 'provider'] }, warnings: [] });
    await found.copy();
    const copied = JSON.parse(readFileSync(theirs('.codex/model.json'), 'utf8'));
    expect(copied).toEqual({ model: 'own/fast', provider: { own: {} } });
  });

  it.each([
    [
      '// mine\n{"model":"a"}',
      [expect.stringContaining('~/.codex/model.json is not copied, because it is no plain JSON')],
    ],
    ['{"theme":"dark"}', []],
    ['[]', []],
  ])('leaves settings %j where they are', async (text, warnings) => {
    put(mine('.codex/model.json'), text);
    expect(await prepare()).toMatchObject({ files: [], part: null, warnings });
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
