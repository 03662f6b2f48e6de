/** Where a long message is parted into items: between paragraphs, else between lines, and inside a line only when there is no other way. Pure. */
import { bounds } from '../../protocol/bounds.ts';

const { itemCharactersSplit, itemCharactersSplitFrom } = bounds;
/** From here on the end of any line will do, also one of code. */
const anyLineFrom = (itemCharactersSplitFrom + itemCharactersSplit) / 2;

export interface OpenPart {
  readonly text: string;
  /** The fence of the code in the middle of which this part begins; null for none. */
  readonly fence: string | null;
}

/**
 * How much of `more` still belongs to the open part; null for all of it. The rest begins a new one, in the middle of the code that `fence` opens.
 * It depends on the whole text alone, not on the pieces in which it comes, but for where a line that is longer than a part is cut.
 */
export function findPartEnd(
  { text, fence: first }: OpenPart,
  more: string,
): { readonly length: number; readonly fence: string | null } | null {
  const whole = text + more;
  if (whole.length < itemCharactersSplitFrom) return null;
  // Most pieces are a word: they end no line, so nothing has changed.
  const endsLine = text.endsWith('\n') || more.includes('\n');
  if (!endsLine && whole.length <= itemCharactersSplit) return null;
  let fence = first;
  let isAfterBlank = false;
  for (let from = 0; from < whole.length; ) {
    const isPossible = from >= text.length && from >= itemCharactersSplitFrom;
    const isParagraph = isAfterBlank && fence === null && /\S/.test(whole.charAt(from));
    if (isPossible && (isParagraph || from >= anyLineFrom)) return { length: from - text.length, fence };
    const end = whole.indexOf('\n', from);
    const next = end === -1 ? whole.length : end + 1;
    if (next > itemCharactersSplit)
      return { length: toWordEnd(whole, Math.max(from, text.length)) - text.length, fence };
    const line = whole.slice(from, next);
    fence = toFenceAfter(line, fence);
    isAfterBlank = line.trim() === '';
    from = next;
  }
  return null;
}

/** Where a line that is too long for its part is cut: behind its last blank, else between two characters. */
function toWordEnd(whole: string, from: number): number {
  const blank = whole.lastIndexOf(' ', itemCharactersSplit - 1) + 1;
  if (blank > from) return blank;
  const isPair = /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(whole.slice(itemCharactersSplit - 1, itemCharactersSplit + 1));
  return Math.max(from, isPair ? itemCharactersSplit - 1 : itemCharactersSplit);
}

/** As CommonMark has it: the fence that ends is of the same character, at least as long, and alone on its line. Lists indent theirs. */
function toFenceAfter(line: string, open: string | null): string | null {
  const [, fence = '', rest = ''] = /^\s*(`{3,}|~{3,})(.*)/.exec(line) ?? [];
  if (fence === '') return open;
  if (open === null) return fence.startsWith('`') && rest.includes('`') ? null : fence;
  return fence.startsWith(open) && rest.trim() === '' ? null : open;
}
