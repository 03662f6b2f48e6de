/** Files of this machine that go with a prompt: attached, shown, taken out, refused, and sent with their own session's prompt alone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../../src/protocol/view.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let folder: string;
const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-attachments-'));
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'notes of today.txt'), 'some text');
  writeFileSync(join(folder, 'shot.png'), png);
  writeFileSync(join(folder, 'program'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]));
});
afterEach(() => {
  world.dispose();
  rmSync(folder, { recursive: true });
});

function open(fields: Partial<SessionView> = {}, columns = 100, rows = 30): void {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'web-2': makeServer('web-2') } },
      { type: 'session.added', session: makeSession('S1', { servers: ['web-1', 'web-2'], ...fields }) },
    ),
  );
}

const prompts = (): readonly unknown[] => world.host.callsOf('session.prompt').map(({ text }) => text);

describe('a file of this machine', () => {
  it('is attached by its path with completion, shown, and goes with the prompt', async () => {
    open();
    await world.press('read this');
    await world.press('\x0f');
    await world.press(`${folder}/no`);
    await world.terminal.until('notes of today.txt');
    await world.press('\t\r');
    await world.terminal.until('■ notes of today.txt');
    expect(await world.hint()).toContain('it goes with your next prompt');
    await world.press('\r');
    expect(world.host.callsOf('session.prompt')).toEqual([
      {
        ...{ session: 'S1', text: 'read this' },
        attachments: [{ kind: 'file', name: 'notes of today.txt', mediaType: 'text/plain', text: 'some text' }],
      },
    ]);
    expect(await world.screen()).not.toContain('■ notes');
  });

  it('is attached with /attach, which is not sent', async () => {
    open();
    await world.press(`/attach ${folder}/shot\t`);
    await world.terminal.until('shot.png');
    await world.press('\r');
    await world.terminal.until('■ shot.png image');
    await world.press('what is it\r');
    expect(world.host.callsOf('session.prompt')[0]).toMatchObject({
      text: 'what is it',
      attachments: [{ kind: 'image', mediaType: 'image/png', base64: png.toString('base64') }],
    });
  });

  it('is attached with /attach after other words, which stay in the editor and are not sent yet', async () => {
    open();
    await world.press(`what is it /attach ${folder}/shot.png\r`);
    await world.terminal.until('■ shot.png image');
    expect(prompts()).toEqual([]);
    // The name of the folder may be long enough for another line.
    expect((await world.screen()).replace(/\s+/g, ' ')).toContain('Enter sends it with the rest of the prompt.');
    await world.press('\r');
    expect(world.host.callsOf('session.prompt')).toMatchObject([
      { text: 'what is it', attachments: [{ name: 'shot.png' }] },
    ]);
  });

  it.each([
    ['how does /attach work?', 'There is no file work? on this machine. Nothing was sent'],
    ['look at this /attach', 'Name a file of this machine, for example ~/notes.txt. Nothing was sent'],
  ])('is not there for %j: said, kept, and sent as words with a second Enter', async (text, sentence) => {
    open({}, 160, 30);
    await world.press(`${text}\r`);
    await world.terminal.until(sentence);
    expect(prompts()).toEqual([]);
    expect(await world.hint()).toContain('Enter again sends it as words.');
    expect(await world.screen()).toContain(`❯ ${text}`);
    await world.press('\r');
    expect(prompts()).toEqual([text]);
  });

  it('that is not there leaves its line in the editor, however often it is sent', async () => {
    open({}, 160, 30);
    await world.press('/attach /nope\r');
    await world.terminal.until(
      'There is no file /nope on this machine. Nothing was sent; change the line, or ^U clears it.',
    );
    await world.press('\r');
    expect(prompts()).toEqual([]);
    expect(await world.screen()).toContain('❯ /attach /nope');
  });

  it('is asked for by /attach alone', async () => {
    open();
    await world.press('/attach\r');
    await world.press(`${folder}/shot.png\r`);
    await world.terminal.until('■ shot.png');
    expect(prompts()).toEqual([]);
  });

  it('is taken out again', async () => {
    open();
    await world.press(`/attach ${folder}/shot.png\r`);
    await world.terminal.until('■ shot.png');
    await world.press('\x18');
    await world.press('text\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'text' }]);
  });

  it('stays attached when the prompt could not be sent', async () => {
    open();
    world.host.handlers['session.prompt'] = () => Promise.reject(new Error('Too many prompts wait already.'));
    await world.press(`/attach ${folder}/shot.png\r`);
    await world.terminal.until('■ shot.png');
    await world.press('text\r');
    expect(await world.screen()).toContain('■ shot.png');
    expect(await world.screen()).toContain('❯ text');
  });

  it.each<[string, string, Partial<SessionView>]>([
    ['shot.png', 'demo takes no images', { takesImages: false }],
    ['program', 'is neither text nor', {}],
    ['logs', 'is no file', {}],
    ['nothing', 'There is no file', {}],
  ])('%s is refused: %s', async (name, sentence, fields) => {
    open(fields);
    await world.press(`/attach ${folder}/${name}\r`);
    await world.terminal.until(sentence);
    await world.press('\x15text\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'text' }]);
  });

  it('that is an image is not sent to another session whose agent takes none', async () => {
    open();
    await world.press(`/attach ${folder}/shot.png\r`);
    await world.terminal.until('■ shot.png');
    world.host.emit({ type: 'session.changed', id: 'S1', change: { takesImages: false } });
    await world.press('look\r');
    expect(await world.hint()).toContain('demo takes no images; ^X takes shot.png out.');
    expect(world.host.callsOf('session.prompt')).toEqual([]);
    await world.press('\x18\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'look' }]);
  });

  it('goes with the next prompt of its own session, and with no other', async () => {
    open();
    world.host.emit({ type: 'session.added', session: makeSession('S2', { servers: ['web-2'], createdAtMs: 9 }) });
    const shown = async (session: string): Promise<void> => await world.press(`\x02:session ${session}\ri`);
    await shown('S1');
    await world.press(`/attach ${folder}/shot.png\r`);
    await world.terminal.until('■ shot.png');
    await shown('S2');
    expect(await world.screen()).not.toContain('■ shot.png');
    await world.press('other\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S2', text: 'other' }]);
    await shown('S1');
    expect(await world.screen()).toContain('■ shot.png');
    await world.press('look\r');
    expect(world.host.callsOf('session.prompt')).toMatchObject([
      {},
      { session: 'S1', text: 'look', attachments: [{ name: 'shot.png' }] },
    ]);
  });

  it('that is not there cannot be taken out', async () => {
    open();
    await world.press('\x18');
    expect(await world.hint()).toContain('take out: nothing is attached');
  });
});
