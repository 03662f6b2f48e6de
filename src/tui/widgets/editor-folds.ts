/**
 * Long pastes that stand in an edited text as one character each, shown as a label. Knows no cursor and no keys.
 */

/** One fold is one character of the supplementary private use area A, which no text means anything with (Unicode 16.0, chapter 23.5). */
const firstCode = 0xf_00_00;
const foldsMax = 256;
const foldPattern = /[\u{f0000}-\u{f00ff}]/u;
const foldsPattern = /[\u{f0000}-\u{f00ff}]/gu;

export class EditorFolds {
  #texts: string[] = [];

  /** Folds a text into one character; null when there is no room for another. */
  fold(text: string): string | null {
    if (this.#texts.length >= foldsMax) return null;
    this.#texts.push(text);
    return String.fromCodePoint(firstCode + this.#texts.length - 1);
  }

  has(text: string): boolean {
    return foldPattern.test(text);
  }

  /** Offset of the last fold before the cursor, else of the first one behind it; -1 when there is none. */
  placeNear(text: string, cursor: number): number {
    let before = -1;
    for (const { index } of text.matchAll(foldsPattern)) {
      if (index >= cursor) return before === -1 ? index : before;
      before = index;
    }
    return before;
  }

  /** The text with everything that is folded in it. */
  expand(text: string): string {
    return this.has(text) ? text.replace(foldsPattern, (sign) => this.textOf(sign)) : text;
  }

  textOf(sign: string): string {
    return this.#texts[(sign.codePointAt(0) ?? 0) - firstCode] ?? '';
  }

  labelOf(sign: string): string {
    const text = this.textOf(sign);
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > 1 ? `[pasted ${lines} lines]` : `[pasted ${text.length} characters]`;
  }

  /** Only when no text with folds, nor a step of undo, is left. */
  clear(): void {
    this.#texts = [];
  }
}

/** A character that would be taken for a fold cannot come from outside. */
export function withoutFolds(text: string): string {
  return text.replace(foldsPattern, '\ufffd');
}

export { foldsPattern };
