/**
 * What stands in the prompt beside its text: what is attached, and what the word at the cursor could become. Pure; escapes what it is given.
 */

import type { AttachmentView } from '../../protocol/methods.ts';
import type { SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { Candidate } from '../prompt-completion.ts';
import type { Span, StyledLine } from '../styled.ts';
import type { EditorPlace } from '../widgets/editor.ts';
import type { Page } from './page.ts';
import { toQueueNote } from './session-state.ts';
import { cell, clip, foreign, readable, span, textWidth } from './text.ts';
import { toBytes } from './words.ts';

export const suggestionRowsMax = 5;

/** Who is written to, where in a text that is longer than its field one is, and what waits. `queueKey` shows that. */
export function toPromptTitle(
  session: SessionView | null,
  { line, lines }: EditorPlace,
  rows: number,
  queueKey: string,
): StyledLine {
  const place = lines > rows ? [span(`line ${line} of ${lines} `, 'muted')] : [];
  if (!session) return [span(' Prompt ', 'muted'), ...place];
  const to = [span(' To ', 'muted'), span(foreign(session.agent), 'title', { bold: true }), span(' ')];
  return [...to, ...place, ...toQueueNote(session, queueKey)];
}

/** One line: each attachment with its size, and the key that takes one away. */
export function toAttachmentLine(attachments: readonly AttachmentView[], page: Page): StyledLine {
  const chips = attachments.flatMap((attachment): readonly Span[] => [
    span(`${page.glyphs.marked} `, 'accent'),
    span(readable(attachment.name), 'text', { bold: true }),
    span(` ${attachment.kind === 'image' ? 'image ' : ''}${toBytes(toSize(attachment))}  `, 'muted'),
  ]);
  return clip(
    [...chips, span(keyWord('prompt', 'removeAttachment'), 'key'), span(' takes it out', 'muted')],
    page.columns,
    page.glyphs.ellipsis,
  );
}

export function toSize(attachment: AttachmentView): number {
  return attachment.kind === 'image' ? Math.floor((attachment.base64.length * 3) / 4) : attachment.text.length;
}

/** Candidates with their descriptions, those around the chosen one, and how many more there are. */
export function toSuggestionLines(
  candidates: readonly Candidate[],
  page: Page,
  chosenAt: number | null = null,
): readonly StyledLine[] {
  const from = Math.max(0, Math.min((chosenAt ?? 0) - 2, candidates.length - suggestionRowsMax));
  const shown = candidates.slice(from, from + suggestionRowsMax);
  const wordColumns = Math.min(30, Math.max(...shown.map(({ word }) => textWidth(readable(word)))) + 2);
  return shown.map((candidate, index) => {
    const isChosen = chosenAt === from + index;
    const more = candidates.length - shown.length;
    const note = index === shown.length - 1 && more > 0 ? `  (${more} more)` : '';
    const keys = isChosen ? [span(`  ${keyWord('prompt', 'send')}`, 'key'), span(' takes it', 'muted')] : [];
    const line = [
      span(isChosen ? `${page.glyphs.prompt} ` : '  ', 'accent'),
      span(cell(readable(candidate.word), wordColumns, page.glyphs.ellipsis), 'accent', { bold: isChosen }),
      span(readable(candidate.description), isChosen ? 'text' : 'muted'),
      span(note, 'muted'),
      ...keys,
    ];
    return clip(line, page.columns, page.glyphs.ellipsis);
  });
}
