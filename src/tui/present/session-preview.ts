/**
 * The last of a conversation in a few lines, laid out as the conversation is, for who looks for a session among many. Pure.
 */
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { type CodeColours, layOutPlain, type ProseLayout } from './prose.ts';
import { conversationLines, emptyLine, foreign, plain, span, toText, wrap } from './text.ts';
import { toToolWord } from './tool-item.ts';
import { toCount } from './words.ts';

/** Enough to know what it was about; all of it is one key away. */
const previewRows = 8;
const itemsMax = 12;
/** Of a text, from its end: nobody reads a preview of a whole file. */
const charactersMax = 2_000;

/** How messages are laid out; as they came when it is absent. */
export interface PreviewProse {
  readonly layOut: ProseLayout;
  readonly toColours?: CodeColours;
}

const asItCame: PreviewProse = { layOut: layOutPlain };

export function toSessionPreview(session: SessionView, page: Page, prose = asItCame): readonly StyledLine[] {
  const said = session.items.filter(({ kind }) => kind !== 'thought');
  if (said.length === 0) return [];
  const lines: StyledLine[] = [];
  let shown = 0;
  const last = said.slice(-itemsMax);
  for (const [index, item] of [...last.entries()].reverse()) {
    const room = previewRows - lines.length;
    if (room <= 0) break;
    const toLines = (): readonly StyledLine[] =>
      item.kind === 'agent'
        ? toMessagePreview(toTail(item.text, toFenceBefore(last, index)), page, prose)
        : toItemPreview(item, page);
    lines.unshift(...toLines().slice(-room));
    shown += 1;
  }
  const before = said.length - shown;
  const note = before > 0 ? `  ${toCount(before, 'item')} before` : '';
  return [emptyLine, [span('Said last', 'title', { bold: true }), span(note, 'muted')], ...lines];
}

function toItemPreview(item: ConversationItem, page: Page): readonly StyledLine[] {
  if (item.kind === 'tool') {
    const mark =
      item.status === 'failed'
        ? page.glyphs.failed
        : item.status === 'completed'
          ? page.glyphs.done
          : page.glyphs.running;
    return wrap(
      [span(`${foreign(item.asked?.summary ?? item.title)}  `), span(toToolWord(item), 'muted')],
      page.columns,
      plain(`${mark} `, 'muted'),
      plain('  '),
    );
  }
  const isUser = item.kind === 'user';
  const first = plain(`${isUser ? page.glyphs.prompt : page.glyphs.bullet} `, isUser ? 'accent' : 'muted');
  const texts = conversationLines(item.text.slice(-charactersMax).trim()).filter((line) => line.trim() !== '');
  return texts.flatMap((line, index) =>
    wrap(
      [span(line, item.kind === 'notice' ? 'muted' : 'text')],
      page.columns,
      index === 0 ? first : plain('  '),
      plain('  '),
    ),
  );
}

/** Without empty lines: there are few rows. */
function toMessagePreview(text: string, page: Page, { layOut, toColours }: PreviewProse): readonly StyledLine[] {
  const colours = toColours ? { toColours } : {};
  const { lines } = layOut(text, { columns: Math.max(1, page.columns - 2), glyphs: page.glyphs, ...colours }, null);
  return lines
    .filter((line) => toText(line).trim() !== '')
    .map((line, index) => [...plain(index === 0 ? `${page.glyphs.bullet} ` : '  ', 'muted'), ...line]);
}

/** The end of a message, from the beginning of a line; in the middle of code it begins with the line that opened the code. */
function toTail(text: string, fence: string | null): string {
  const from = text.length <= charactersMax ? 0 : text.indexOf('\n', text.length - charactersMax) + 1;
  // A line without an end is cut where it must be.
  const at = from === 0 && text.length > charactersMax ? text.length - charactersMax : from;
  const open = toOpenFence(text.slice(0, at), fence);
  return `${open === null ? '' : `${open}\n`}${text.slice(at)}`;
}

/** Code may have begun in an earlier part of the same message. */
function toFenceBefore(items: readonly ConversationItem[], index: number): string | null {
  const before = items[index - 1];
  return before?.kind === 'agent' ? toOpenFence(before.text, toFenceBefore(items, index - 1)) : null;
}

/** The line that opens the code which has not ended by the end of this text; a fence ends with one of the same character that is at least as long. */
function toOpenFence(text: string, open: string | null): string | null {
  let fence = open;
  for (const [line, mark = '', rest = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})(.*)$/gm)) {
    if (fence === null) fence = line;
    else if (mark.startsWith(/[`~]+/.exec(fence)?.[0] ?? mark) && rest.trim() === '') fence = null;
  }
  return fence;
}
