/** Keys to bytes for a remote shell, and back: what is typed arrives as if there were no program between. */
import { describe, expect, it } from 'vitest';
import { InputDecoder } from '../../../src/tui/input/decoder.ts';
import { encodeKey, encodePaste } from '../../../src/tui/input/encode-key.ts';
import { keyFromId, keyId } from '../../../src/tui/input/key.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

const encoded: readonly [string, string][] = [
  ['a', 'a'],
  ['A', 'A'],
  ['é', 'é'],
  ['space', ' '],
  ['enter', '\r'],
  ['tab', '\t'],
  ['shift-tab', '\x1b[Z'],
  ['backspace', '\x7f'],
  ['escape', '\x1b'],
  ['ctrl-c', '\x03'],
  ['ctrl-space', '\x00'],
  ['ctrl-]', '\x1d'],
  ['ctrl-_', '\x1f'],
  ['alt-b', '\x1bb'],
  ['alt-enter', '\x1b\r'],
  ['ctrl-alt-a', '\x1b\x01'],
  ['up', '\x1b[A'],
  ['ctrl-right', '\x1b[1;5C'],
  ['delete', '\x1b[3~'],
  ['shift-f5', '\x1b[15;2~'],
  ['f1', '\x1bOP'],
  ['pageup', '\x1b[5~'],
  ['printscreen', ''],
];

/** Keys that only newer keyboards protocols tell apart; what they send is also that of another key. */
const folded: readonly [string, string][] = [
  ['ctrl-2', '\x00'],
  ['ctrl-3', '\x1b'],
  ['ctrl-6', '\x1e'],
  ['ctrl-8', '\x7f'],
  ['ctrl-shift-a', '\x01'],
  ['ctrl-i', '\t'],
  ['shift-enter', '\r'],
  ['ctrl-enter', '\r'],
  ['ctrl-tab', '\t'],
  ['alt-backspace', '\x1b\x7f'],
  ['ctrl-/', '\x1f'],
  ['ctrl-1', '1'],
  ['alt-shift-up', '\x1b[1;4A'],
  ['ctrl-f1', '\x1b[1;5P'],
  ['shift-delete', '\x1b[3;2~'],
];

describe('keys for a remote shell', () => {
  it.each([...encoded, ...folded])('%s', (id, bytes) => {
    expect(encodeKey(keyFromId(id))).toBe(bytes);
  });

  it('arrows follow the application mode of the program', () => {
    expect(encodeKey(keyFromId('up'), { applicationCursor: true })).toBe('\x1bOA');
    expect(encodeKey(keyFromId('ctrl-up'), { applicationCursor: true })).toBe('\x1b[1;5A');
  });

  it('what was decoded and encoded again is the same key', () => {
    for (const [id, bytes] of encoded.filter(([, sent]) => sent !== '')) {
      const clock = new HandClock();
      const ids: string[] = [];
      const decoder = new InputDecoder({
        clock,
        handle: (event) => event.kind === 'key' && ids.push(keyId(event.key)),
      });
      decoder.feed(bytes);
      clock.advance(1_000);
      expect(ids).toEqual([id]);
    }
  });

  it('a paste cannot end itself', () => {
    expect(encodePaste('a\nb\x1b[201~rm\n', 'bracketed')).toBe('\x1b[200~a\rb[201~rm\r\x1b[201~');
    expect(encodePaste('a\nb\x03', 'plain')).toBe('a\rb');
  });
});

describe('the canonical form', () => {
  it.each(['a', 'A', 'ctrl-b', 'alt-enter', 'ctrl-alt-shift-left', 'shift-tab', 'ctrl--', 'alt--', '-', 'space', '日'])(
    '%s is read back',
    (id) => {
      expect(keyId(keyFromId(id))).toBe(id);
    },
  );
});
