/** Prose on a terminal: lines end between words, nothing is lost, and what is no terminal gets what was written. */
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/base/display/width.ts';
import { wrapProse } from '../../src/cli/wrap-prose.ts';
import fc from '../fixtures/properties.ts';

const at = (columns: number) => ({ isTTY: true, columns });

describe('prose on a terminal', () => {
  const cases: readonly (readonly [what: string, columns: number, text: string, lines: readonly string[]])[] = [
    ['one that fits stays', 40, 'No host runs.', ['No host runs.']],
    ['a sentence breaks between words', 24, 'Start an ssh-agent to log in.', ['Start an ssh-agent to', 'log in.']],
    [
      'what follows a column is indented as far',
      40,
      'ok    ssh    OpenSSH_9.2p1, OpenSSL 3.0.19 27 Jan',
      ['ok    ssh    OpenSSH_9.2p1, OpenSSL', '             3.0.19 27 Jan'],
    ],
    ['so is what begins with blanks', 24, '   one two three four five', ['   one two three four', '   five']],
    [
      'a command between backticks is one word',
      40,
      'Add one with `signalbox server add` or `signalbox server import`.',
      ['Add one with `signalbox server add` or', '`signalbox server import`.'],
    ],
    [
      'an address that is longer than a line is not cut',
      24,
      'Open https://example.com/a/b/c/d/e and log in.',
      ['Open', 'https://example.com/a/b/c/d/e', 'and log in.'],
    ],
    ['the blank after a question stays', 24, 'Trust this file as it is now? ', ['Trust this file as it is', 'now? ']],
    ['its own line ends stay', 24, 'one\n\ntwo', ['one', '', 'two']],
  ];
  it.each(cases)('%s', (_what, columns, text, lines) => {
    expect(wrapProse(at(columns), text).split('\n')).toEqual(lines);
  });

  it.each([{}, { isTTY: false, columns: 20 }, { isTTY: true }, { isTTY: true, columns: 0 }])(
    'is left alone where no width is known: %j',
    (stream) => {
      const text = 'word '.repeat(40);
      expect(wrapProse(stream, text)).toBe(text);
    },
  );

  it('loses no word, and no line is too long but for a word that is', () => {
    const words = fc.array(fc.stringMatching(/^[a-z`服.]{1,12}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 60 }), (all, columns) => {
        const lines = wrapProse(at(columns), all.join(' ')).split('\n');
        expect(lines.join(' ').split(/ +/)).toEqual(all);
        for (const line of lines)
          expect(textWidth(line) <= columns || !line.includes(' ') || line.includes('`')).toBe(true);
      }),
    );
  });
});
