/**
 * Which letters beyond ASCII may be shown as they are: words of one script that cannot be taken for other words. Everything else
 * is escaped by escape.ts. It deliberately does not know right-to-left scripts: a terminal may reorder them, and then two texts look alike.
 */

type Letter =
  | 'other letter'
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

/** Flags, one a character: 1 where a character outside ASCII stays as it is. Linear in the length of the text. */
export function plainCharacters(characters: readonly string[]): Uint8Array {
  const plain = new Uint8Array(characters.length);
  const kinds = characters.map(kindOf);
  let start = 0;
  while (start < characters.length) {
    let end = start;
    let isAscii = true;
    for (let kind = kinds[end]; kind !== undefined && kind !== 'no letter'; kind = kinds[end]) {
      if (kind !== 'ascii') isAscii = false;
      end += 1;
    }
    if (!isAscii) markWord(characters.slice(start, end), kinds.slice(start, end) as readonly Letter[], start, plain);
    start = Math.max(end, start + 1);
  }
  characters.forEach((character, index) => {
    if (eastAsianPunctuation.has(character)) plain[index] = 1;
  });
  return plain;
}

function markWord(word: readonly string[], letters: readonly Letter[], start: number, plain: Uint8Array): void {
  const scripts = new Set(letters);
  if (scripts.has('other letter')) return;
  const text = word.join('');
  // A composed and a decomposed letter, or a letter and its compatibility form, look the same: only the normal form stays.
  if (text.normalize('NFKC') !== text) return;
  if ([...scripts].every((script) => eastAsian.has(script))) {
    markEastAsian(word, letters, start, plain);
    return;
  }
  const hasAscii = scripts.delete('ascii');
  const [only, another] = [...scripts];
  if (only === undefined || another !== undefined) return;
  // ASCII letters belong to the Latin script; beside any other script they make the word a mixture.
  if (only !== 'latin' && hasAscii) return;
  if (!word.some((character) => isDistinctive(character, only))) return;
  plain.fill(1, start, start + word.length);
}

/** Han and Katakana share a few shapes: one of a pair stays only where its neighbours tell which it is. */
function markEastAsian(word: readonly string[], letters: readonly Letter[], start: number, plain: Uint8Array): void {
  const told = inTellingKatakana(word, letters);
  word.forEach((character, index) => {
    const script = letters[index] ?? 'han';
    if (!isDistinctive(character, script)) {
      if (script === 'hiragana') return;
      if (script === 'han' && (letters[index - 1] === 'katakana' || letters[index + 1] === 'katakana')) return;
      if (script === 'katakana' && !told.has(index)) return;
    }
    plain[start + index] = 1;
  });
}

/** Positions in runs of Katakana that hold at least one letter which can be nothing else. */
function inTellingKatakana(word: readonly string[], letters: readonly Letter[]): ReadonlySet<number> {
  const told = new Set<number>();
  let start = 0;
  while (start < word.length) {
    let end = start;
    let isTelling = false;
    while (letters[end] === 'katakana') {
      isTelling = isTelling || isDistinctive(word[end] ?? '', 'katakana');
      end += 1;
    }
    if (isTelling) for (let index = start; index < end; index += 1) told.add(index);
    start = Math.max(end, start + 1);
  }
  return told;
}

function isDistinctive(character: string, script: Letter): boolean {
  return !(twins[script] ?? '').includes(character);
}

function kindOf(character: string): Letter | 'no letter' {
  if (character >= '\0' && character <= '\x7f') return /^[A-Za-z]$/.test(character) ? 'ascii' : 'no letter';
  const known = kinds.get(character);
  if (known !== undefined) return known;
  const script = scriptPatterns.find(([, pattern]) => pattern.test(character))?.[0];
  const kind = script ?? (/^[\p{L}\p{M}\p{Nl}]$/u.test(character) ? 'other letter' : 'no letter');
  if (kinds.size < kindsMax) kinds.set(character, kind);
  return kind;
}

/** Answers of kindOf, since a text uses few different characters; bounded, because texts are foreign. */
const kinds = new Map<string, Letter | 'no letter'>();
const kindsMax = 8192;

const eastAsian: ReadonlySet<Letter> = new Set<Letter>(['han', 'hiragana', 'katakana']);
const eastAsianPunctuation: ReadonlySet<string> = new Set(['、', '。', '「', '」', '『', '』']);

/** Letters only, no combining marks: a mark can be stacked or hidden. Latin leaves out letters that look like another one (ı, ĸ, Ð, ţ, ſ, …). */
const scriptPatterns: readonly (readonly [Letter, RegExp])[] = [
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
const twins: Readonly<Partial<Record<Letter, string>>> = {
  greek: 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΓΔΛΠΦΨΩΘαγεικνορτυχωπτηϊϋΪΫόάίύέ',
  cyrillic: 'АВЕЅІЈКМНОРСТХУЗЬЪаеѕіјкорсухьвнмтгзпфГПФЛДлЁёЇїҐѐЀЍѝЌќ',
  armenian: 'ՍՏՕսոօհցգզլջձքո',
  georgian: 'ყ',
  han: '一二三口力工夕卜八千才卩厂了又',
  katakana: 'ーニミロカエタトハチオアノヘベペリレフマ',
  hiragana: 'へべぺり',
};
