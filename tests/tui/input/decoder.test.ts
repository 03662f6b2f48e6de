/** Bytes to keys: every form terminals send, cut at every place, and nothing that was not typed. */

import { describe, expect, it } from 'vitest';
import { InputDecoder } from '../../../src/tui/input/decoder.ts';
import { type InputEvent, keyId } from '../../../src/tui/input/key.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import fc from '../../fixtures/properties.ts';

/** One word an event: `ctrl-b`, `paste:text`, `mouse:press left 3,4`, `focus:true`, `reply`. */
function word(event: InputEvent): string {
  switch (event.kind) {
    case 'key':
      return keyId(event.key);
    case 'paste':
      return `paste:${event.text}`;
    case 'mouse': {
      const { kind, button, x, y, ctrl, alt, shift } = event.mouse;
      const held = `${ctrl ? 'ctrl ' : ''}${alt ? 'alt ' : ''}${shift ? 'shift ' : ''}`;
      return `mouse:${held}${kind} ${button} ${x},${y}`;
    }
    case 'focus':
      return `focus:${event.focused}`;
    case 'reply':
      return 'reply';
  }
}

function decode(chunks: readonly (string | Buffer)[], waitMs = 5_000): string[] {
  const clock = new HandClock();
  const words: string[] = [];
  const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
  for (const chunk of chunks) decoder.feed(chunk);
  clock.advance(waitMs);
  decoder.dispose();
  return words;
}

const forms: readonly [string, string, ...string[]][] = [
  ['letters', 'aZ?', 'a', 'Z', '?'],
  ['a space', ' ', 'space'],
  ['letters beyond ASCII', 'é日', 'é', '日'],
  ['an emoji of several code points', '👩‍👩‍👧', '👩‍👩‍👧'],
  ['Enter, Tab, Backspace', '\r\t\x7f', 'enter', 'tab', 'backspace'],
  ['control letters', '\x01\x02\x1a', 'ctrl-a', 'ctrl-b', 'ctrl-z'],
  ['Ctrl-J and Ctrl-H, apart from Enter and Backspace', '\n\x08', 'ctrl-j', 'ctrl-h'],
  ['Ctrl-Space and the last controls', '\x00\x1c\x1d\x1e\x1f', 'ctrl-space', 'ctrl-\\', 'ctrl-]', 'ctrl-^', 'ctrl-_'],
  ['Escape alone', '\x1b', 'escape'],
  ['Escape twice', '\x1b\x1b', 'escape', 'escape'],
  ['Alt with letters', '\x1ba\x1bB\x1b.', 'alt-a', 'alt-B', 'alt-.'],
  ['Alt with a letter beyond ASCII', '\x1bé', 'alt-é'],
  ['Alt with a character of two code units', '\x1b𝒳', 'alt-𝒳'],
  ['Alt with named keys', '\x1b\r\x1b\x7f\x1b\t\x1b ', 'alt-enter', 'alt-backspace', 'alt-tab', 'alt-space'],
  ['Alt with a control letter', '\x1b\x01', 'ctrl-alt-a'],
  ['Alt with a bracket', '\x1b[', 'alt-['],
  ['Alt with O', '\x1bO', 'alt-O'],
  ['Alt with what begins an answer', '\x1b]', 'alt-]'],
  ['arrows', '\x1b[A\x1b[B\x1b[C\x1b[D', 'up', 'down', 'right', 'left'],
  ['arrows in application mode', '\x1bOA\x1bOD', 'up', 'left'],
  [
    'arrows with modifiers',
    '\x1b[1;5A\x1b[1;3B\x1b[1;2C\x1b[1;8D',
    'ctrl-up',
    'alt-down',
    'shift-right',
    'ctrl-alt-shift-left',
  ],
  ['an arrow with two ESC', '\x1b\x1b[A', 'alt-up'],
  ['rxvt with shift and ctrl', '\x1b[a\x1bOa\x1b[3^\x1b[3@', 'shift-up', 'ctrl-up', 'ctrl-delete', 'ctrl-shift-delete'],
  [
    'the block above the arrows',
    '\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~',
    'home',
    'insert',
    'delete',
    'end',
    'pageup',
    'pagedown',
  ],
  ['home and end, other forms', '\x1b[H\x1b[F\x1bOH\x1b[7~\x1b[8~', 'home', 'end', 'home', 'home', 'end'],
  ['function keys', '\x1bOP\x1bOS\x1b[15~\x1b[24~\x1b[1;5P', 'f1', 'f4', 'f5', 'f12', 'ctrl-f1'],
  ['keypad of old terminals', '\x1bOM\x1bOq\x1bOk', 'enter', '1', '+'],
  ['Shift-Tab', '\x1b[Z', 'shift-tab'],
  ['kitty: Escape, Enter, Tab', '\x1b[27u\x1b[13;2u\x1b[9;5u', 'escape', 'shift-enter', 'ctrl-tab'],
  ['kitty: letters', '\x1b[98;5u\x1b[97;3u\x1b[97;4u\x1b[97;6u', 'ctrl-b', 'alt-a', 'alt-A', 'ctrl-shift-a'],
  ['kitty: shifted key given', '\x1b[49:33;4u', 'alt-!'],
  ['kitty: a press and its release', '\x1b[98;5:1u\x1b[98;5:3u', 'ctrl-b'],
  ['kitty: release of an arrow', '\x1b[1;1:3A'],
  ['kitty: keypad', '\x1b[57400u\x1b[57414u\x1b[57419u', '1', 'enter', 'up'],
  ['kitty: function and special keys', '\x1b[57376u\x1b[57363u', 'f13', 'menu'],
  ['kitty: modifier keys alone mean nothing', '\x1b[57441;2u\x1b[57442;5u'],
  ['kitty: super is the desktop’s', '\x1b[97;9u'],
  ['kitty: caps lock and num lock do not matter', '\x1b[98;69u\x1b[1;129A', 'ctrl-b', 'up'],
  [
    'modifyOtherKeys',
    '\x1b[27;5;9~\x1b[27;6;65~\x1b[27;2;13~\x1b[27;5;32~',
    'ctrl-tab',
    'ctrl-shift-a',
    'shift-enter',
    'ctrl-space',
  ],
  ['focus in and out', '\x1b[I\x1b[O', 'focus:true', 'focus:false'],
  ['mouse press and release', '\x1b[<0;4;5M\x1b[<0;4;5m', 'mouse:press left 3,4', 'mouse:release left 3,4'],
  [
    'mouse buttons and modifiers',
    '\x1b[<2;1;1M\x1b[<1;1;1M\x1b[<20;2;2M',
    'mouse:press right 0,0',
    'mouse:press middle 0,0',
    'mouse:ctrl shift press left 1,1',
  ],
  [
    'mouse drag, move, wheel',
    '\x1b[<32;9;9M\x1b[<35;9;9M\x1b[<64;1;1M\x1b[<65;1;1M',
    'mouse:drag left 8,8',
    'mouse:move none 8,8',
    'mouse:wheel-up none 0,0',
    'mouse:wheel-down none 0,0',
  ],
  ['mouse far out', '\x1b[<0;5000;4000M', 'mouse:press left 4999,3999'],
  ['a paste', '\x1b[200~two words\x1b[201~', 'paste:two words'],
  ['a paste with line ends of every kind', '\x1b[200~a\r\nb\rc\nd\r\x1b[201~', 'paste:a\nb\nc\nd\n'],
  ['a paste with commands in it', '\x1b[200~a\x1b[A\x03\x02d\x1b]2;x\x07\x9bA\x1b[201~', 'paste:a[Ad]2;xA'],
  ['a paste with its own start marker', '\x1b[200~\x1b[200~rm\r\x1b[201~', 'paste:[200~rm\n'],
  ['keys right after a paste', '\x1b[200~x\x1b[201~\rq', 'paste:x', 'enter', 'q'],
  ['an empty paste', '\x1b[200~\x1b[201~x', 'x'],
];

const swallowed: readonly [string, string][] = [
  ['device attributes', '\x1b[?62;22c'],
  ['secondary device attributes', '\x1b[>41;354;0c'],
  ['tertiary device attributes', '\x1bP!|00000000\x1b\\'],
  ['a cursor report', '\x1b[24;80R'],
  ['a status report', '\x1b[0n'],
  ['a mode report', '\x1b[?2026;2$y'],
  ['a window size report', '\x1b[8;24;80t'],
  ['the kitty flags', '\x1b[?1u'],
  ['colours with BEL', '\x1b]11;rgb:1e1e/1e1e/2e2e\x07'],
  ['colours with ST', '\x1b]10;rgb:ffff/ffff/ffff\x1b\\'],
  ['a clipboard', '\x1b]52;c;bHMgLWxh\x1b\\'],
  ['terminfo strings', '\x1bP1+r544e=787465726d\x1b\\'],
  ['kitty graphics', '\x1b_Gi=31;OK\x1b\\'],
  ['a stray end of a paste', '\x1b[201~'],
  ['a sequence nobody defined', '\x1b[99;99;99z'],
  ['a mouse report in the old form', '\x1b[M !!'],
  ['Linux console function keys', '\x1b[[A'],
  ['a sequence with a thousand parameters', `\x1b[${'1;'.repeat(3_000)}A`],
  ['an answer larger than anything', `\x1b]52;c;${'QUJD'.repeat(20_000)}\x07`],
  ['a C1 control', '\u009b'],
];

describe('every form of input', () => {
  it.each(forms)('%s', (_title, bytes, ...expected) => {
    expect(decode([bytes])).toEqual(expected);
  });

  it.each(forms)('%s, byte by byte', (_title, bytes, ...expected) => {
    // Marks joined to a character come with it in one packet from any real terminal.
    if (/\u200d/.test(bytes)) return;
    expect(decode(Array.from(Buffer.from(bytes), (byte) => Buffer.from([byte])))).toEqual(expected);
  });

  it.each(forms)('%s, cut in two anywhere', (_title, bytes, ...expected) => {
    if (/\u200d/.test(bytes)) return;
    const all = Buffer.from(bytes);
    for (let cut = 1; cut < all.length; cut += 1)
      expect(decode([all.subarray(0, cut), all.subarray(cut)])).toEqual(expected);
  });
});

describe('what the terminal says by itself is never typed', () => {
  it.each(swallowed)('%s', (_title, bytes) => {
    expect(decode([bytes]).filter((found) => found !== 'reply')).toEqual([]);
  });

  it.each(swallowed)('%s, cut in two anywhere', (_title, bytes) => {
    const step = Math.max(1, Math.floor(bytes.length / 40));
    for (let cut = 2; cut < bytes.length; cut += step)
      expect(decode([bytes.slice(0, cut), bytes.slice(cut)]).filter((found) => found !== 'reply')).toEqual([]);
  });

  it('a key after each of them is still a key', () => {
    for (const [, bytes] of swallowed)
      expect(decode([`${bytes}q`]).filter((found) => found !== 'reply')).toEqual(['q']);
  });

  it('half of an answer whose rest never comes is dropped', () => {
    expect(decode(['\x1b]11;rgb:1e1e'])).toEqual([]);
    expect(decode(['\x1b[24;8'])).toEqual([]);
  });
});

describe('time', () => {
  it('Escape is known after 25 ms and not before', () => {
    const clock = new HandClock();
    const words: string[] = [];
    const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
    decoder.feed('\x1b');
    clock.advance(24);
    expect(words).toEqual([]);
    clock.advance(1);
    expect(words).toEqual(['escape']);
    decoder.feed('[A');
    expect(words).toEqual(['escape', '[', 'A']);
    expect(clock.waiting).toBe(0);
  });

  it('the rest of a sequence may take longer', () => {
    const clock = new HandClock();
    const words: string[] = [];
    const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
    decoder.feed('\x1b[');
    clock.advance(300);
    decoder.feed('A');
    expect(words).toEqual(['up']);
  });

  it('a paste that stalls is handed on, and what follows is still pasted', () => {
    const clock = new HandClock();
    const words: string[] = [];
    const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
    decoder.feed('\x1b[200~rm -rf x');
    clock.advance(10_000);
    decoder.feed('\rls\r\x1b[201~q');
    expect(words).toEqual(['paste:rm -rf x', 'paste:\nls\n', 'q']);
  });

  it('Escape or Ctrl-C after a silence ends a paste whose end was lost', () => {
    for (const way of ['\x1b', '\x03']) {
      const clock = new HandClock();
      const words: string[] = [];
      const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
      decoder.feed('\x1b[200~x');
      clock.advance(2_000);
      decoder.feed(way);
      decoder.feed('q');
      expect(words).toEqual(['paste:x', 'q']);
    }
  });

  it('reset forgets what is half read', () => {
    const clock = new HandClock();
    const words: string[] = [];
    const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
    for (const half of ['\x1b', '\x1b[1;', '\x1b[200~abc', '\x1b]52;']) {
      decoder.feed(half);
      decoder.reset();
      decoder.feed('q');
    }
    clock.advance(5_000);
    expect(words).toEqual(['q', 'q', 'q', 'q']);
  });
});

describe('laws', () => {
  it('a long paste loses nothing but controls, however it is cut', () => {
    const piece = fc.constantFrom('a', 'ü', '日', '\n', '\t', '\x1b', '[', '2', '0', '1', '~', '\x1b[20');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), fc.array(fc.nat(400), { maxLength: 6 }), (pieces, cuts) => {
        const text = pieces.join('').replaceAll('\x1b[201~', '');
        const all = Buffer.from(`\x1b[200~${text}\x1b[201~`);
        const places = [0, ...cuts.map((cut) => cut % all.length).sort((a, b) => a - b), all.length];
        const chunks = places.slice(1).map((end, index) => all.subarray(places[index], end));
        const words = decode(chunks);
        expect(words.every((found) => found.startsWith('paste:'))).toBe(true);
        expect(words.map((found) => found.slice(6)).join('')).toBe(text.replaceAll('\x1b', ''));
      }),
    );
  });

  it('a paste that a prompt takes is one, in however many chunks it comes', () => {
    const chunks = Array.from({ length: 11 }, () => 'x'.repeat(65_536));
    expect(decode(['\x1b[200~', ...chunks, '\x1b[201~'])).toEqual([`paste:${chunks.join('')}`]);
  });

  it('a paste of three megabytes arrives whole, in pieces', () => {
    const text = 'x'.repeat(3 * 1024 * 1024);
    const words = decode([`\x1b[200~${text.slice(0, 2 * 1024 * 1024)}`, `${text.slice(2 * 1024 * 1024)}\x1b[201~`]);
    expect(words.length).toBeGreaterThan(1);
    expect(words.map((found) => found.slice(6)).join('')).toBe(text);
  });

  it('any bytes in any chunks do no harm, and the next key is understood once they are over', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 10 }), (chunks) => {
        const clock = new HandClock();
        const words: string[] = [];
        const decoder = new InputDecoder({ clock, handle: (event) => words.push(word(event)) });
        for (const chunk of chunks) decoder.feed(Buffer.from(chunk));
        clock.advance(5_000);
        decoder.reset();
        decoder.feed('q');
        expect(words.at(-1)).toBe('q');
        for (const found of words) expect(found).not.toMatch(/^(?!paste:).*\p{Cc}/u);
      }),
      { numRuns: 500 },
    );
  });
});
