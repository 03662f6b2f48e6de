/** config.json: what it may say about being called, and that anything else is named. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings, settingsSchema } from '../../src/runtime/settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(value: unknown) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
  return readSettings(file);
}

describe('config.json', () => {
  it('says how to call the operator', async () => {
    expect(
      (await read({ notify: { command: ['notify-send', '{text}'], bell: false, osc: '99' } })).notifyCommand,
    ).toEqual(['notify-send', '{text}']);
  });

  it.each([{}, { notify: {} }, { notify: { osc: false } }, { notify: { osc: true } }])(
    '%j runs no command',
    async (value) => {
      expect((await read(value)).notifyCommand).toBeNull();
    },
  );

  it.each([
    { notify: { command: 'notify-send hello' } },
    { notify: { command: [] } },
    { notify: { command: [''] } },
    { notify: { command: [1] } },
    { notify: { command: Array.from({ length: 65 }, () => 'x') } },
    { notify: { osc: '8' } },
    { notify: { osc: 9 } },
    { notify: { bell: 'loud' } },
    { notify: { comand: ['x'] } },
    { notfy: {} },
    { notify: ['x'] },
  ])('%j is refused', async (value) => {
    await expect(read(value)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('agents that do not answer at present', () => {
  it.each([
    [{}, 1_800_000],
    [{ agents: {} }, 1_800_000],
    [{ agents: { closeIdleAfterMinutes: 0 } }, 0],
    [{ agents: { closeIdleAfterMinutes: 0.5 } }, 30_000],
  ])('%j ends them after %i ms', async (value, ms) => {
    expect((await read(value)).closeIdleAgentsAfterMs).toBe(ms);
  });

  it.each([-1, 10_081, '30', null, true])(
    'closeIdleAfterMinutes %j is named as wrong',
    async (closeIdleAfterMinutes) => {
      await expect(read({ agents: { closeIdleAfterMinutes } })).rejects.toThrow('closeIdleAfterMinutes');
    },
  );
});

describe('transcripts', () => {
  it.each([
    [{}, 1024 ** 3],
    [{ sessions: {} }, 1024 ** 3],
    [{ sessions: { totalGiB: 0.5 } }, 1024 ** 3 / 2],
  ])('%j keeps them below %i bytes', async (value, bytes) => {
    expect((await read(value)).transcriptsBytesMax).toBe(bytes);
  });

  it.each([0, -1, '1', null])('totalGiB %j is named as wrong', async (totalGiB) => {
    await expect(read({ sessions: { totalGiB } })).rejects.toThrow('totalGiB');
  });
});

it('each setting stands in the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const named = namesIn(z.toJSONSchema(settingsSchema, { io: 'input' }));
  expect(named).toContain('secrets.lockVaultAfterMinutes');
  expect(named.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

/** `section.key` for what has keys, else the key. */
function namesIn({ properties = {} }: z.core.JSONSchema.JSONSchema, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([key, value]) =>
    typeof value === 'object' && value.properties !== undefined ? namesIn(value, `${key}.`) : [`${prefix}${key}`],
  );
}
