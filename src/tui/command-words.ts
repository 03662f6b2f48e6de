/** A command line as its words, by the quoting of a POSIX shell and nothing else of one: no variable, pattern or operator means anything. Pure. */

/** Null when a quote is not closed. */
export function toCommandWords(line: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (quote === null && /\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (quote === null && (sign === '"' || sign === "'")) {
      quote = sign;
      word ??= '';
    } else if (sign === quote) quote = null;
    else if (sign === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else word = (word ?? '') + sign;
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}
