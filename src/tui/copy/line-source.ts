/**
 * A text of styled lines, as documents, differences and the conversation have it, for whoever looks at it. Lines that go on with the one above
 * say so themselves. Draws nothing.
 */
import type { StyledLine } from '../styled.ts';
import type { Viewport } from '../viewport.ts';
import { toTextRow } from './copy-text.ts';
import { type TextSource, textRowsMax } from './text-rows.ts';

export interface LineSourceParts {
  readonly textName: string;
  /** All lines as they stand below each other now. */
  lines(): readonly StyledLine[];
  /** The first one in sight, and how many have room. */
  top(): number;
  height(): number;
  /** Shows this line on top, or goes back to following what is new. */
  show(top: number): void;
  /** The corner of the text in its part; one cell inside of the border and one more to the left when absent. */
  readonly corner?: { readonly x: number; readonly y: number };
}

export function toLineSource(parts: LineSourceParts): TextSource {
  return {
    textName: parts.textName,
    freeze: () => {
      const lines = parts.lines();
      const first = Math.max(0, lines.length - textRowsMax);
      const { x, y } = parts.corner ?? { x: 2, y: 1 };
      const top = Math.max(0, parts.top() - first);
      return { rows: lines.slice(first).map(toTextRow), top, area: { x, y, width: 0, height: parts.height() } };
    },
    release: (top) => parts.show(top),
  };
}

/** Lines that a viewport scrolls through. @param corner as in the parts. */
export function toViewportSource(
  textName: string,
  lines: readonly StyledLine[],
  viewport: Viewport,
  corner: { readonly x: number; readonly y: number } = { x: 2, y: 1 },
): TextSource {
  return toLineSource({
    ...{ textName, corner, lines: () => lines, top: () => viewport.top, height: () => viewport.rows },
    show: (top) => viewport.to(top),
  });
}
