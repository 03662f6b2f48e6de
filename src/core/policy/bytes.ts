/** The first look at a request: its bytes, before anything reads it as a language. Knows nothing of shells. */
import { hasOddBytes } from '../../base/byte-names.ts';

export type ByteVerdict =
  | { readonly kind: 'plain' }
  /** Legal, but not what an inspection command needs: a person looks. */
  | { readonly kind: 'unusual'; readonly reason: string }
  /** Nothing an honest request contains. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** Printable ASCII is plain; line feeds and other Unicode text are unusual; NUL, CR, ESC, other C0 and C1 characters and lone surrogates are malformed. */
export function checkBytes(text: string): ByteVerdict {
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint === 0x0a) continue;
    if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f)) {
      return {
        kind: 'malformed',
        reason: `It contains the control character ${nameOf(codePoint)}; send it again without control characters.`,
      };
    }
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
      return { kind: 'malformed', reason: 'It contains half of a surrogate pair and is not valid Unicode text.' };
    }
  }
  if (text.includes('\n')) return { kind: 'unusual', reason: 'It has more than one line.' };
  if (hasOddBytes(text))
    return { kind: 'unusual', reason: 'It contains bytes that are not UTF-8: \\u{10f7e9} stands for the byte e9.' };
  if (!/^[\x20-\x7e]*$/.test(text))
    return { kind: 'unusual', reason: 'It contains characters outside printable ASCII.' };
  return { kind: 'plain' };
}

/** The first verdict of several that is worst. */
export function checkAllBytes(texts: readonly string[]): ByteVerdict {
  const verdicts = texts.map(checkBytes);
  return (
    verdicts.find((verdict) => verdict.kind === 'malformed') ??
    verdicts.find((verdict) => verdict.kind === 'unusual') ?? { kind: 'plain' }
  );
}

function nameOf(codePoint: number): string {
  const names: Readonly<Record<number, string>> = { 0: 'NUL', 9: 'TAB', 13: 'CR', 27: 'ESC', 127: 'DEL' };
  return names[codePoint] ?? `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
