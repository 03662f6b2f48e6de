/**
 * Which letters beyond ASCII may be shown as they are: words of one script that cannot be taken for other words. Everything else
 * is escaped by escape.ts. It deliberately does not know right-to-left scripts: a terminal may reorder them, and then two texts look alike.
 */

type Script =
  | 'ascii'
  | 'latin'
  | 'greek'
  | 'cyrillic'
  | 'armenian'
  | 'georgian'
  | 'han'
  | 'hiragana'
  | 'katakana'
  | 'hangul';

/** Positions of the characters outside ASCII that stay as they are. */
export function plainCharacters(characters: readonly string[]): ReadonlySet<number> {
  const plain = new Set<number>();
  let start = 0;
  while (start < characters.length) {
    let end = start;
    while (end < characters.length && isWordCharacter(characters[end] ?? '')) end += 1;
    if (end > start) markWord(characters, start, end, plain);
    start = Math.max(end, start + 1);
  }
  characters.forEach((character, index) => {
    if (eastAsianPunctuation.has(character)) plain.add(index);
  });
  return plain;
}

function markWord(characters: readonly string[], start: number, end: number, plain: Set<number>): void {
  const word = characters.slice(start, end);
  const text = word.join('');
  // A composed and a decomposed letter, or a letter and its compatibility form, look the same: only the normal form stays.
  if (text.normalize('NFKC') !== text) return;
  const scripts = word.map(scriptOf);
  const distinct = new Set(scripts);
  if (distinct.has(null)) return;
  if (scripts.every((script) => script !== null && eastAsian.has(script))) {
    markEastAsian(word, scripts, start, plain);
    return;
  }
  distinct.delete('ascii');
  const [only, another] = [...distinct];
  if (only === undefined || only === null || another !== undefined) return;
  // ASCII letters belong to the Latin script; beside any other script they make the word a mixture.
  if (only !== 'latin' && scripts.includes('ascii')) return;
  if (!word.some((character) => isDistinctive(character, only))) return;
  for (let index = start; index < end; index += 1) plain.add(index);
}

/** Han and Katakana share a few shapes: one of a pair stays only where its neighbours tell which it is. */
function markEastAsian(
  word: readonly string[],
  scripts: readonly (Script | null)[],
  start: number,
  plain: Set<number>,
): void {
  word.forEach((character, index) => {
    if (!isDistinctive(character, scripts[index] ?? 'han')) {
      const neighbours = [scripts[index - 1], scripts[index + 1]];
      if (scripts[index] === 'han' && neighbours.includes('katakana')) return;
      if (scripts[index] === 'katakana' && !runHasDistinctive(word, scripts, index)) return;
      if (scripts[index] === 'hiragana') return;
    }
    plain.add(start + index);
  });
}

function runHasDistinctive(word: readonly string[], scripts: readonly (Script | null)[], at: number): boolean {
  let first = at;
  while (scripts[first - 1] === 'katakana') first -= 1;
  for (let index = first; scripts[index] === 'katakana'; index += 1) {
    if (isDistinctive(word[index] ?? '', 'katakana')) return true;
  }
  return false;
}

function isDistinctive(character: string, script: Script): boolean {
  return !(twins[script] ?? '').includes(character);
}

function isWordCharacter(character: string): boolean {
  return /^[\p{L}\p{M}\p{Nl}\p{Lm}]$/u.test(character);
}

function scriptOf(character: string): Script | null {
  for (const [script, pattern] of scriptPatterns) if (pattern.test(character)) return script;
  return null;
}

const eastAsian: ReadonlySet<Script> = new Set<Script>(['han', 'hiragana', 'katakana']);
const eastAsianPunctuation: ReadonlySet<string> = new Set(['、', '。', '「', '」', '『', '』']);

/** Letters only, no combining marks: a mark can be stacked or hidden. Latin leaves out letters that look like another one (ı, ĸ, Ð, ţ, ſ, …). */
const scriptPatterns: readonly (readonly [Script, RegExp])[] = [
  ['ascii', /^[A-Za-z]$/],
  [
    'latin',
    /^[\u00c0-\u00cf\u00d1-\u00d6\u00d8-\u00f6\u00f8-\u0130\u0134-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0161\u0164-\u017e\u01a0\u01a1\u01af\u01b0\u021a\u021b\u1ea0-\u1ef9]$/u,
  ],
  ['greek', /^[\u0386\u0388-\u03ce]$/u],
  ['cyrillic', /^[\u0400-\u045f\u0490\u0491]$/u],
  ['armenian', /^[\u0531-\u0556\u0561-\u0587]$/u],
  ['georgian', /^[\u10d0-\u10f0]$/u],
  ['han', /^[\u3400-\u4dbf\u4e00-\u9fff]$/u],
  ['hiragana', /^[\u3041-\u3096]$/u],
  ['katakana', /^[\u30a1-\u30fa\u30fc]$/u],
  ['hangul', /^[\uac00-\ud7a3]$/u],
];

/** Letters that look like one of ASCII, of another script here, or like nothing at all: a word of only these is escaped. */
const twins: Readonly<Partial<Record<Script, string>>> = {
  greek: 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΓΔΛΠΦΨΩΘαγεικνορτυχωπτηϊϋΪΫόάίύέ',
  cyrillic: 'АВЕЅІЈКМНОРСТХУЗЬЪаеѕіјкорсухьвнмтгзпфГПФЛДлЁёЇїҐѐЀЍѝЌќ',
  armenian: 'ՍՏՕսոօհցգզլջձքո',
  georgian: 'ყ',
  han: '一二三口力工夕卜八千才卩厂了又',
  katakana: 'ーニミロカエタトハチオアノヘベペリレフマ',
  hiragana: 'へべぺり',
};
