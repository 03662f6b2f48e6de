/**
 * No sentence of the screen names a key by hand: operators change keys, and a sentence that names the usual one then lies. Read from the
 * sources, so that a new sentence is found, too; what an editor of text does with its own keys is no part of the table.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = 'src/tui';
/** Tables of keys name them; nothing else does. */
const tables = /\/(?:keymap(?:-[a-z]+)?|key-text|key-problem)\.ts$/;
/** Keys of the editor of text, which cannot be changed, the Esc that no table has while something opens, and the word Tab of places that the palette can reach. */
const allowed = [/\^Z brings it back/, /\^U clears/, /Esc gives it up/];

const verbs =
  'shows?|opens|changes|enables|looks|takes|goes|lists|sets|starts|adds|leads|closes|follows|writes|cuts|runs|copies|leaves|filters|' +
  'hides|switches|sends|gives|ends|brings|chooses|trusts|tests|tries|imports|logs|edits|plays|folds|unfolds|asks|does|completes|cancels|clears|puts';
const key = String.raw`(?:[A-Za-z0-9!?&+|/.]|\^[A-Z\\\]]|Ctrl-\S|Enter|Tab|PgUp|PgDn)`;
const sentence = new RegExp(String.raw`(?:^|[\s(;,])${key} (?:${verbs})\b`);
const named = /\b(?:Esc|PgUp|PgDn)\b|\b(?:with|press) (?:Space|Enter|Tab)\b/;
const styled = new RegExp(String.raw`(?:text: |span\()'\s*${key}(?: ${key})*\s*'(?:, token: |, )'key'`);

function namesKey(line: string): boolean {
  if (/^\s*(?:\/\/|\/?\*)/.test(line)) return false;
  if (styled.test(line)) return true;
  const texts = [...line.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, one, other]) => one ?? other ?? '',
  );
  // What stands in a placeholder is code; a key from the table stands in one.
  return texts
    .map((text) => text.replace(/\$\{[^}]*\}/g, '…'))
    .some((text) => (sentence.test(text) || named.test(text)) && !allowed.some((one) => one.test(text)));
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => join(folder, name))
  .filter((path) => path.endsWith('.ts') && !tables.test(path));

describe('a sentence of the screen', () => {
  it('takes the keys that it names from the table in force', () => {
    const found = files.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, at) => (namesKey(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it.each([
    "stage.say('Thoughts are folded; t changes it.')",
    "disabled: 'e enables it.',",
    "      ['seen', `${age} ago; f looks again`],",
    "note.push(span(', & shows all ', 'muted'));",
    "span('P', 'key'),",
    "{ text: '^D ^U', token: 'key' },",
    "'a turn runs; ^C ends it'",
    "note: 'Enter goes there, Esc closes'",
    "return 'Write an id, or leave with Esc.';",
    "return 'Choose one with Space.';",
    "scope: 'global', way: isText ? 'Esc ' : ''",
  ])('is found when it does not: %s', (line) => {
    expect(namesKey(line)).toBe(true);
  });

  it.each([
    "stage.say(`It is folded; ${keyWord('pane', 'toggleFold')} shows it.`)",
    '// t changes it.',
    "'This is a test of what it looks like.'",
    "span(keyWord('pane', 'playBlock'), 'key'),",
  ])('is left alone when it names none: %s', (line) => {
    expect(namesKey(line)).toBe(false);
  });
});
