/** config.json: what it may say about being called, and that anything else is named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/runtime/settings.ts';

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
