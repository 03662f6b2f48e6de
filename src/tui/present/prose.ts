/**
 * What a message of an agent is laid out with: its width, its drawing characters and the look of its words. The plain layout is for the
 * moment in which the one for Markdown (markdown.ts) is not loaded yet. Pure.
 */
import type { StyledLine, Token } from '../styled.ts';
import type { Glyphs } from './page.ts';
import { conversationLines, plain, span, wrap } from './text.ts';

export interface MarkdownStyle {
  readonly columns: number;
  readonly glyphs: Glyphs;
  /** The look of ordinary words. */
  readonly token?: Token;
  readonly isItalic?: boolean;
  /** Absent: code has one colour. */
  readonly toColours?: CodeColours;
}

/** Lines of code with their colours, or null for a language that is not known (yet). `code` is escaped already. */
export type CodeColours = (language: string, code: string) => readonly StyledLine[] | null;

/** A message that is laid out; the next layout of the same message, grown, takes over what cannot change any more. */
export interface LaidOutProse {
  readonly lines: readonly StyledLine[];
  /** The line that opened a block of code which has not ended yet; null where none is open. */
  readonly openFence: string | null;
}

export type ProseLayout = (text: string, style: MarkdownStyle, before: LaidOutProse | null) => LaidOutProse;

/** Words without any Markdown, line by line. */
export const layOutPlain: ProseLayout = (text, style) => ({
  lines: conversationLines(text).flatMap((line) =>
    line === '' ? [plain('')] : wrap([span(line, style.token, style.isItalic ? { italic: true } : {})], style.columns),
  ),
  openFence: null,
});
