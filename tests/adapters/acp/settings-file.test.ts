/** What is in an agent's settings after a start: ours, its login, and nothing else of what was there. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSettings } from '../../../src/adapters/acp/settings-file.ts';

const settings = { path: 'settings.json', variable: null, content: { tools: { core: ['ours'] } }, keeps: ['security'] };
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-settings-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('settings of an agent', () => {
  it('are made with their folder, for nobody else to read, and named by the variable where there is one', async () => {
    const nested = { ...settings, path: '.agent/deep/settings.json', variable: 'AGENT_SETTINGS' };
    const path = join(home, nested.path);
    expect(await writeSettings({ settings: nested }, home)).toEqual({ AGENT_SETTINGS: path });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(settings.content);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('are not written for an agent that has none', async () => {
    expect(await writeSettings({ settings: null }, home)).toEqual({});
  });

  it.each([
    {
      title: 'its login stays',
      before: { security: { auth: { selectedType: 'oauth' } } },
      after: { security: { auth: { selectedType: 'oauth' } }, ...settings.content },
    },
    { title: 'tools that it allowed itself do not', before: { tools: { core: ['*'] } }, after: settings.content },
    { title: 'servers that it added itself do not', before: { mcpServers: { x: {} } }, after: settings.content },
    { title: 'a list in place of settings is replaced', before: [1], after: settings.content },
  ])('$title', async ({ before, after }) => {
    writeFileSync(join(home, settings.path), JSON.stringify(before));
    expect(await writeSettings({ settings }, home)).toEqual({});
    expect(JSON.parse(readFileSync(join(home, settings.path), 'utf8'))).toEqual(after);
  });

  it('replaces what is no JSON', async () => {
    writeFileSync(join(home, settings.path), '{ // a comment');
    await writeSettings({ settings }, home);
    expect(JSON.parse(readFileSync(join(home, settings.path), 'utf8'))).toEqual(settings.content);
  });

  it('says when the place of the file is none', async () => {
    const inFile = { ...settings, path: '.' };
    await expect(writeSettings({ settings: inFile }, home)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('lets what we set count over what is kept', async () => {
    writeFileSync(join(home, settings.path), JSON.stringify({ tools: { core: ['*'] } }));
    await writeSettings({ settings: { ...settings, keeps: ['tools'] } }, home);
    expect(JSON.parse(readFileSync(join(home, settings.path), 'utf8'))).toEqual(settings.content);
  });
});
