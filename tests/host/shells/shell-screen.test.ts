/** The screen of a shell as another terminal gets it: whatever was printed, a fresh terminal given the restored text looks the same. */
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { ShellScreen } from '../../../src/host/shells/shell-screen.ts';
import fc from '../../fixtures/properties.ts';

const size = { columns: 20, rows: 6 };

function open(onReply: (bytes: Uint8Array) => void = () => undefined): { screen: ShellScreen; titles: string[] } {
  const titles: string[] = [];
  return { screen: new ShellScreen({ size, onReply, onTitle: (title) => titles.push(title) }), titles };
}

const restored = (screen: ShellScreen): Promise<string> => new Promise((resolve) => screen.whenSettled(resolve));

/** What a terminal shows after these texts, and where its cursor and its modes are. */
async function look(...texts: readonly string[]) {
  const terminal = new headless.Terminal({
    cols: size.columns,
    rows: size.rows,
    allowProposedApi: true,
    logLevel: 'off',
  });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  for (const text of texts) await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { cursorX, cursorY, type } = terminal.buffer.active;
  const found = {
    cells: cellsOf(terminal.buffer.active),
    cursor: [Math.min(cursorX, size.columns - 1), cursorY],
    type,
  };
  const modes = { ...terminal.modes };
  terminal.dispose();
  return { ...found, modes };
}

/** Each row: its text, and the colours of what is not blank (the serializer drops those of blank ends of rows). */
function cellsOf(buffer: InstanceType<typeof headless.Terminal>['buffer']['active']): readonly string[] {
  return Array.from({ length: buffer.length }, (_, row) => {
    const line = buffer.getLine(row);
    const cells = Array.from({ length: size.columns }, (_unused, x) => line?.getCell(x));
    return cells
      .map((cell) => {
        const text = cell?.getChars() ?? '';
        return text.trim() === '' ? ' ' : `${text}${cell?.getFgColor()}/${cell?.getBgColor()}/${cell?.isBold()}`;
      })
      .join('')
      .trimEnd();
  });
}

/** Without moving rows: the serializer gets a wrapped line wrong whose beginning was moved away. */
const pieces = fc.constantFrom(
  ...['ls -l\r\n', 'wide 日本語 ', '👍🏽', 'a'.repeat(25), '\r', '\n', '\b', '\t'],
  ...['\x1b[31mred\x1b[0m', '\x1b[1;44m', '\x1b[38;2;1;2;3mrgb', '\x1b[m', '\x1b[7m'],
  ...['\x1b[H', '\x1b[3;5H', '\x1b[2J', '\x1b[K', '\x1b[3P', '\x1b[2@'],
  ...['\x1b[?1049h', '\x1b[?1049l', '\x1b[?1h', '\x1b[?2004h', '\x1b[?2004l', '\x1b[?1000h', '\x1b[?1006h'],
);

describe('the screen of a shell', () => {
  it('looks the same in a fresh terminal, whatever was printed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (texts) => {
        const { screen } = open();
        screen.write(Buffer.from(texts.join('')), () => undefined);
        const restore = await restored(screen);
        screen.dispose();
        const [own, fresh] = [await look(texts.join('')), await look(restore)];
        expect(fresh).toEqual(own);
      }),
      { numRuns: 60 },
    );
  });

  it('restores the part that scrolls: what is printed afterwards goes where it would have gone', async () => {
    const { screen } = open();
    const text = 'top\r\n\x1b[2;4r\x1b[4;1Hlast';
    screen.write(Buffer.from(text), () => undefined);
    const restore = await restored(screen);
    screen.dispose();
    expect(await look(restore, '\r\nnext')).toEqual(await look(text, '\r\nnext'));
  });

  it.each([
    ['a hidden cursor', '\x1b[?25l', '\x1b[?25l'],
    ['a cursor that is shown again', '\x1b[?25l\x1b[?25h', '\x1b[?25h'],
    ['the shape of the cursor', '\x1b[2 q\x1b[5 q', '\x1b[5 q'],
    ['how the mouse is reported', '\x1b[?1000h\x1b[?1006h', '\x1b[?1006h'],
  ])('restores %s', async (_what, text, found) => {
    const { screen } = open();
    screen.write(Buffer.from(text), () => undefined);
    expect(await restored(screen)).toContain(found);
    screen.dispose();
  });

  it('forgets modes with a reset', async () => {
    const { screen } = open();
    screen.write(Buffer.from('\x1b[?25l\x1b[2;4r\x1bc'), () => undefined);
    expect(await restored(screen)).not.toContain('\x1b[?25l');
    screen.dispose();
  });

  it.each([
    ['where the cursor is', '\x1b[3;5H\x1b[6n', '\x1b[3;5R'],
    ['what the terminal is', '\x1b[c', '\x1b[?1;2c'],
  ])('answers %s', async (_what, question, answer) => {
    const answers: string[] = [];
    const { screen } = open((bytes) => answers.push(Buffer.from(bytes).toString()));
    screen.write(Buffer.from(question), () => undefined);
    await restored(screen);
    screen.dispose();
    expect(answers).toEqual([answer]);
  });

  it.each([
    ['the clipboard', '\x1b]52;c;?\x07'],
    ['the title', '\x1b[21t'],
    ['a colour', '\x1b]10;?\x07'],
  ])('does not answer what would give something away: %s', async (_what, question) => {
    const answers: Uint8Array[] = [];
    const { screen } = open((bytes) => answers.push(bytes));
    screen.write(Buffer.from(`\x1b]2;secret\x07${question}`), () => undefined);
    await restored(screen);
    screen.dispose();
    expect(answers).toEqual([]);
  });

  it('tells titles without control characters, and not more than a line of them', async () => {
    const { screen, titles } = open();
    screen.write(Buffer.from(`\x1b]2;vim \u202e${'x'.repeat(500)}\x07`), () => undefined);
    await restored(screen);
    screen.dispose();
    expect(titles).toEqual([`vim ${'x'.repeat(196)}`]);
  });
});
