/**
 * The filter of a pane, as `&` of less: lines in which a pattern occurs. Linear in the text, whatever the pattern; letters match in any case
 * unless the pattern has a capital one. Pure.
 */
import { patternFinder } from '../../base/pattern/find-pattern.ts';
import { PatternError } from '../../base/pattern/pattern-syntax.ts';

export interface ActiveFilter {
  readonly source: string;
  passes(this: void, line: string): boolean;
}

export type LineFilter =
  | ({ readonly ok: true } & ActiveFilter)
  /** One sentence says what is wrong with it. */
  | { readonly ok: false; readonly problem: string };

export function toLineFilter(source: string): LineFilter {
  const isExact = source !== source.toLowerCase();
  // Nearly every filter is a plain word.
  if (/^[^\\^$.|?*+()[\]{}]*$/.test(source)) {
    const passes = (line: string): boolean => (isExact ? line : line.toLowerCase()).includes(source);
    return { ok: true, source, passes };
  }
  try {
    const finder = isExact ? patternFinder(source) : patternFinder(source, toLower);
    return { ok: true, source, passes: (line) => finder.find(line).length > 0 };
  } catch (error) {
    if (error instanceof PatternError) return { ok: false, problem: error.message };
    throw error;
  }
}

function toLower(codePoint: number): number {
  if (codePoint < 0x80) return codePoint >= 0x41 && codePoint <= 0x5a ? codePoint + 0x20 : codePoint;
  return String.fromCodePoint(codePoint).toLowerCase().codePointAt(0) ?? codePoint;
}
