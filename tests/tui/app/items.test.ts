/** The cursor of the conversation: choose, fold, copy, go to a block or a record, export, edit and send again. */
import { afterEach, describe, expect, it } from 'vitest';
import { bounds } from '../../../src/protocol/bounds.ts';
import type { ConversationItem } from '../../../src/protocol/view.ts';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { makeBlock, makeServer, makeSession, makeText, makeTool } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let ran: (readonly string[])[];
afterEach(() => world.dispose());

const answer = 'Two ways:\n\n```sh\ndf -h\n```\n\n```sql\nselect 1;\n```\n\n| disk | use |\n|---|--:|\n| root | 91 % |';
const call = makeTool(3, { title: 'df -h', detail: 'status: ok\naudit: id A1-df, logWritten true\nout' });
const items: readonly ConversationItem[] = [
  makeText(1, 'user', 'Look at the disks'),
  makeText(2, 'thought', 'I should look.\nThen think.'),
  call,
  makeText(4, 'agent', answer),
];

async function open(shown = items, [columns, rows]: readonly [number, number] = [100, 40]): Promise<void> {
  ran = [];
  const programs: LocalPrograms = {
    self: ['node', 'main.js'],
    runOnTerminal: () => Promise.reject(new Error('Nothing here needs the terminal.')),
    runQuietly: async (argv) => {
      ran.push(argv);
      const isThere = argv.some((word) => word.includes('there.md'));
      return isThere
        ? { status: 2, words: '/x/there.md exists already; name another file or remove it.', output: '' }
        : { status: 0, words: 'Session S1 was written to /x/new.md.', output: '' };
    },
  };
  world = openScreenWorld(
    columns,
    rows,
    (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'session.added', session: makeSession('S1', { servers: ['web-1'], items: [...shown] }) },
        { type: 'block.added', server: 'web-1', block: makeBlock('A1-df', { text: 'the output\n' }) },
        { type: 'block.added', server: 'web-1', block: makeBlock('A2', { summary: 'uptime' }) },
      ),
    { programs },
  );
  await world.press('\x1b');
  await world.terminal.until((screen) => !screen.includes('```'));
}

it.each([
  ['a long message was parted in the middle of its code', bounds.itemCharactersSplitFrom, '# a comment'],
  ['a short message left its code open, and another follows', 0, 'a comment'],
])('where %s, the next item begins as it should', async (_what, characters, row) => {
  const first = `${'words\n'.repeat(characters / 6)}\n~~~sh\nls\n`;
  await open([makeText(1, 'agent', first), makeText(2, 'agent', '# a comment\n~~~\n\nand **after** it')]);
  const toRow = (line: string): string => line.replaceAll(/[│▎■]/g, '').trim();
  await world.terminal.until((screen) => screen.split('\n').some((line) => toRow(line) === row));
});

/** Rows with the mark of the cursor. */
async function chosen(): Promise<readonly string[]> {
  const screen = await world.screen();
  return screen.split('\n').flatMap((row) => /^│▎(.*?) *[│┃]/.exec(row)?.[1] ?? []);
}

describe('the cursor', () => {
  it('goes from item to item, and leaves with the end', async () => {
    await open();
    expect(await chosen()).toEqual([]);
    await world.press('K');
    expect((await chosen())[0]).toBe('Two ways:');
    await world.press('K');
    expect(await chosen()).toEqual([expect.stringMatching(/^✓ df -h +▸ 3 lines done$/)]);
    await world.press('KKKK');
    expect(await chosen()).toEqual(['❯ Look at the disks']);
    await world.press('J');
    expect(await chosen()).toEqual([expect.stringMatching(/^▸ thought/)]);
    await world.press('G');
    expect(await chosen()).toEqual([]);
  });

  it('brings what it chooses into sight, also far above', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      makeText(index + 1, 'agent', `- item ${index + 1}\n- b\n- c`),
    );
    await open(many, [80, 24]);
    for (let key = 0; key < 12; key += 1) await world.press('K');
    expect((await chosen())[0]).toBe('• item 289');
    await world.press('g');
    await world.press('J');
    expect((await chosen())[0]).toBe('• item 1');
  });

  it('follows a click, and a second one folds', async () => {
    await open();
    const click = async (row: number): Promise<void> => world.press(`\x1b[<0;10;${row}M\x1b[<0;10;${row}m`);
    const row = (await world.screen()).split('\n').findIndex((line) => line.includes('▸ thought')) + 1;
    await click(row);
    expect(await chosen()).toEqual([expect.stringMatching(/^▸ thought/)]);
    // Two clicks at once are one that selects a word.
    world.clock.advance(500);
    await click(row);
    expect((await chosen()).map((line) => line.trim())).toEqual(['▾ thought', 'I should look.', 'Then think.']);
  });
});

describe('a fold', () => {
  it('of one item, and of all of them', async () => {
    await open();
    await world.press('K\r');
    expect(await chosen()).toEqual(['Two ways: ▸ 10 more']);
    await world.press(' ');
    expect(await chosen()).toHaveLength(11);
    await world.press('K\r');
    expect((await chosen()).map((line) => line.trim())).toContain('▎ out');
    await world.press('F');
    expect(await world.screen()).toMatch(/df -h +▸ 3 lines done[\s\S]*Two ways: ▸ 10 more/);
    expect(await world.hint()).toContain('Every item is one line; F shows them again.');
    await world.press('F');
    expect(await world.screen()).toContain('root │ 91 %');
  });

  it('stays when the message grows', async () => {
    await open();
    await world.press('K\r');
    world.host.emit({ type: 'item.appended', session: 'S1', item: 4, text: '\n| home | 4 % |' });
    expect(await world.screen()).toContain('Two ways: ▸ 11 more');
  });
});

describe('a copy', () => {
  const copied = (text: string): string => `\x1b]52;c;${Buffer.from(text).toString('base64')}`;

  it('of an item is its source', async () => {
    await open();
    await world.press('Ky');
    expect(world.terminal.written).toContain(copied(answer));
    expect(await world.hint()).toContain('The item was handed to the clipboard of the terminal (13 lines).');
  });

  it('of code asks which block where there are several', async () => {
    await open();
    await world.press('KY');
    expect(await world.screen()).toMatch(/Copy a block of code[\s\S]*df -h[\s\S]*select 1;/);
    await world.press('\x1b[B\r');
    expect(world.terminal.written).toContain(copied('select 1;'));
  });

  it('of what is too long for a clipboard says what to do', async () => {
    await open([makeText(1, 'agent', '日'.repeat(30_000))]);
    await world.press('Ky');
    expect(await world.hint()).toContain('too long for the clipboard of a terminal; :export writes');
  });
});

describe('a call', () => {
  it('leads to its block, which is chosen there', async () => {
    await open();
    await world.press('KKp');
    expect(await world.hint()).toContain('copy command');
    await world.press('y');
    expect(world.terminal.written).toContain(`\x1b]52;c;${Buffer.from('df -h').toString('base64')}`);
  });

  it('leads to its record', async () => {
    await open();
    world.host.handlers['audit.page'] = () => ({ rows: [], total: 0 });
    await world.press('KKL');
    expect(world.host.callsOf('audit.page').at(-1)).toEqual({ offset: 0, limit: 1, filter: 'id:A1-df' });
    expect(await world.hint()).toContain('The audit log has no record of it yet.');
  });
});

describe('an export', () => {
  it('asks for a path, and says what the program said', async () => {
    await open();
    await world.press('X');
    expect(await world.screen()).toMatch(/write it to: check-the-disks-19(?:69-12-31|70-01-01)\.md/);
    await world.press('\x15/x/new file.md\r');
    expect(ran).toEqual([['node', 'main.js', 'session', 'export', 'S1', '--output=/x/new file.md']]);
    expect(await world.hint()).toContain('Session S1 was written to /x/new.md.');
  });

  it('leaves a file alone that is there', async () => {
    await open();
    await world.press(':');
    await world.press('export there.md\r');
    expect(ran.at(-1)?.at(-1)).toBe('--output=there.md');
    expect(await world.hint()).toContain('exists already; name another file');
  });
});

it('a prompt that is chosen is edited and sent again', async () => {
  await open([...items, makeText(5, 'user', 'And now?')]);
  await world.press('KKKKK');
  expect(await chosen()).toEqual(['❯ Look at the disks']);
  await world.press('E');
  expect(await world.hint()).toContain('Your prompt is in the editor');
  await world.press(' again\r');
  expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'Look at the disks again' }]);
});

it('where one reads stays in its place while the conversation grows and loses its beginning', async () => {
  const many = Array.from({ length: 2_000 }, (_, index) => makeText(index + 1, 'agent', `say ${index + 1}\nmore`));
  await open(many, [80, 24]);
  await world.press('k');
  for (let key = 0; key < 4; key += 1) await world.press('\x1b[5~');
  const before = (await world.screen()).split('\n').slice(2, 18);
  for (let id = 2_001; id <= 2_040; id += 1)
    world.host.emit({ type: 'item.added', session: 'S1', item: makeText(id, 'agent', 'new words') });
  expect((await world.screen()).split('\n').slice(2, 18).map(withoutThumb)).toEqual(before.map(withoutThumb));
});

function withoutThumb(line: string): string {
  return line.replace(/[│┃]$/, '');
}
