/**
 * The last of a conversation in a few lines, for who looks for a session among many. Pure.
 */
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { conversationLines, emptyLine, foreign, plain, span, wrap } from './text.ts';
import { toToolWord } from './tool-item.ts';
import { toCount } from './words.ts';

/** Enough to know what it was about; all of it is one key away. */
const previewRows = 8;
const itemsMax = 12;
/** Of a text, from its end: nobody reads a preview of a whole file. */
const charactersMax = 2_000;

export function toSessionPreview(session: SessionView, page: Page): readonly StyledLine[] {
  const said = session.items.filter(({ kind }) => kind !== 'thought');
  if (said.length === 0) return [];
  const lines: StyledLine[] = [];
  let shown = 0;
  for (const item of said.slice(-itemsMax).reverse()) {
    const room = previewRows - lines.length;
    if (room <= 0) break;
    lines.unshift(...toItemPreview(item, page).slice(-room));
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
