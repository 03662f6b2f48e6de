/** How many terminal cells a text takes: wide characters, emoji, combining and zero-width ones. Knows nothing of terminals' own quirks. */

/**
 * Texts of characters that take one cell and never join a neighbour: ASCII, Latin letters, punctuation, arrows, lines and shapes. For
 * these the segmenter is not needed, and making it would take a tenth of the time to the first frame.
 */
const plain =
  '\\x20-\\x7e\\u00a1-\\u00ac\\u00ae-\\u02ff\\u2010-\\u2027\\u2190-\\u21ff\\u2500-\\u25fc\\u2713\\u2717\\u276f';
const plainText = new RegExp(`^[${plain}]*$`);
/** The others with the plain ones beside them, which they may join. Elsewhere each plain character stands alone. */
const otherRuns = new RegExp(`[${plain}]?(?:[^${plain}]+[${plain}]?)+`, 'g');

/** Whether each character of the text takes one cell, acts on nothing and joins no neighbour. */
export function isPlainText(text: string): boolean {
  return plainText.test(text);
}

let segmenter: Intl.Segmenter | null = null;

/** Cells of a whole text; control characters count 0, so escape first. */
export function textWidth(text: string): number {
  if (plainText.test(text)) return text.length;
  let cells = 0;
  for (const grapheme of graphemes(text)) cells += graphemeWidth(grapheme);
  return cells;
}

/** User-perceived characters (UAX #29, extended grapheme clusters). */
export function graphemes(text: string): readonly string[] {
  if (plainText.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const found: string[] = [];
  let end = 0;
  // The segmenter takes some twenty times as long as a look at a plain character, and most texts are plain for the most part.
  for (const { 0: run, index } of text.matchAll(otherRuns)) {
    for (; end < index; end += 1) found.push(text.charAt(end));
    for (const { segment } of segmenter.segment(run)) found.push(segment);
    end = index + run.length;
  }
  for (; end < text.length; end += 1) found.push(text.charAt(end));
  return found;
}

/** Cells of one grapheme: 0, 1 or 2; a cluster of several spacing characters may be wider. */
export function graphemeWidth(grapheme: string): number {
  const first = grapheme.codePointAt(0) ?? 0;
  if (first >= 0x20 && first < 0x7f && grapheme.length === 1) return 1;
  if (isEmojiCluster(grapheme) || isHangulCluster(first)) return 2;
  let cells = 0;
  for (const character of grapheme) cells += codePointWidth(character);
  return cells;
}

function isEmojiCluster(grapheme: string): boolean {
  if (/^\p{Regional_Indicator}{2}$/u.test(grapheme)) return true;
  if (/^[0-9#*]\ufe0f?\u20e3$/u.test(grapheme)) return true;
  if (!/\p{Extended_Pictographic}/u.test(grapheme)) return false;
  // A text-style pictograph such as "↩" takes one cell unless a variation selector or a joiner makes it an emoji.
  return /\p{Emoji_Presentation}|\ufe0f|\u200d/u.test(grapheme);
}

function isHangulCluster(first: number): boolean {
  return first >= 0x1100 && first <= 0x115f;
}

function codePointWidth(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0;
  if (/^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\u115f]$/u.test(character)) return codePoint === 0xad ? 1 : 0;
  return isWide(codePoint) ? 2 : 1;
}

function isWide(codePoint: number): boolean {
  if (codePoint < 0x1100) return false;
  return wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** East Asian Wide and Fullwidth (UAX #11), joined into the ranges terminals use. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f0],
  [0x23f3, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x267f, 0x267f],
  [0x2693, 0x2693],
  [0x26a1, 0x26a1],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x26ce, 0x26ce],
  [0x26d4, 0x26d4],
  [0x26ea, 0x26ea],
  [0x26f2, 0x26f3],
  [0x26f5, 0x26f5],
  [0x26fa, 0x26fa],
  [0x26fd, 0x26fd],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x274e, 0x274e],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27b0],
  [0x27bf, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f200, 0x1f265],
  [0x1f300, 0x1f320],
  [0x1f32d, 0x1f335],
  [0x1f337, 0x1f37c],
  [0x1f37e, 0x1f393],
  [0x1f3a0, 0x1f3ca],
  [0x1f3cf, 0x1f3d3],
  [0x1f3e0, 0x1f3f0],
  [0x1f3f4, 0x1f3f4],
  [0x1f3f8, 0x1f43e],
  [0x1f440, 0x1f440],
  [0x1f442, 0x1f4fc],
  [0x1f4ff, 0x1f53d],
  [0x1f54b, 0x1f54e],
  [0x1f550, 0x1f567],
  [0x1f57a, 0x1f57a],
  [0x1f595, 0x1f596],
  [0x1f5a4, 0x1f5a4],
  [0x1f5fb, 0x1f64f],
  [0x1f680, 0x1f6c5],
  [0x1f6cc, 0x1f6cc],
  [0x1f6d0, 0x1f6d2],
  [0x1f6d5, 0x1f6d7],
  [0x1f6dc, 0x1f6df],
  [0x1f6eb, 0x1f6ec],
  [0x1f6f4, 0x1f6fc],
  [0x1f7e0, 0x1f7eb],
  [0x1f7f0, 0x1f7f0],
  [0x1f90c, 0x1f93a],
  [0x1f93c, 0x1f945],
  [0x1f947, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];
