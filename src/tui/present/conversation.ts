/**
 * A conversation as styled lines: what was asked, said, thought and done, one function an item. Pure; the pane keeps the laid-out lines.
 */
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { OlderState } from '../older-items.ts';
import type { StyledLine } from '../styled.ts';
import { toAgentName, toSettings } from './agent-line.ts';
import type { Page } from './page.ts';
import { type CodeColours, type LaidOutProse, layOutPlain, type MarkdownStyle, type ProseLayout } from './prose.ts';
import { toExternalLines, toOneLine } from './session-state.ts';
import {
  clip,
  columnsOf,
  conversationLines,
  emptyLine,
  foreign,
  plain,
  readable,
  span,
  wrap,
  wrapProse,
} from './text.ts';
import { type CallWait, toToolLines } from './tool-item.ts';
import { trimEnds } from './trim-ends.ts';
import { toCount } from './words.ts';

export type TextItem = Extract<ConversationItem, { text: string }>;
/** `folded`: one line; `shown`: what fits beside the rest of a conversation; `whole`: all of it. */
export type Fold = 'folded' | 'shown' | 'whole';

export interface ItemLook {
  readonly fold: Fold;
  readonly wait?: CallWait;
  /** How messages are laid out; as they came when absent. */
  readonly layOut?: ProseLayout;
  readonly toColours?: CodeColours;
  /** The layout of the same message when it was shorter. */
  readonly before?: LaidOutProse | null;
  /** The line that opened a block of code in the item before, which this one continues. */
  readonly openFence?: string | null;
}

export interface LaidOutItem {
  readonly lines: readonly StyledLine[];
  /** Of a message, for the next layout of it. */
  readonly prose: LaidOutProse | null;
  /** Whether something of it is out of sight. */
  readonly isCut: boolean;
}

/** What a conversation shows of an item before anybody folds it: thoughts and calls that are over are one line. */
export function toDefaultFold(item: ConversationItem, thoughts: 'folded' | 'shown'): Fold {
  if (item.kind === 'thought') return thoughts;
  return item.kind === 'tool' && item.status === 'completed' ? 'folded' : 'shown';
}

/** The lines of one item, without the empty line that follows it. */
export function toItemLines(item: ConversationItem, page: Page, fold: Fold, wait?: CallWait): readonly StyledLine[] {
  return layOutItem(item, page, { fold, ...(wait ? { wait } : {}) }).lines;
}

export function layOutItem(item: ConversationItem, page: Page, look: ItemLook): LaidOutItem {
  if (item.kind === 'tool') return { ...toToolLines(item, page, look), prose: null };
  if (item.kind === 'thought' && look.fold === 'folded')
    return { lines: [toFoldedThought(item.text, page)], prose: look.before ?? null, isCut: true };
  const { lines, prose } = layOutText(item, page, look);
  if (look.fold !== 'folded' || lines.length < 2) return { lines, prose, isCut: false };
  return { lines: [toFoldedLine(lines, page)], prose, isCut: true };
}

function layOutText(item: TextItem, page: Page, look: ItemLook): Omit<LaidOutItem, 'isCut'> {
  switch (item.kind) {
    case 'user':
      return { lines: toUserLines(item.text, page), prose: null };
    case 'agent': {
      const prose = layOutProse(item.text, toStyle(page, look), look);
      return { lines: prose.lines, prose };
    }
    case 'thought': {
      const style: MarkdownStyle = {
        ...toStyle(page, look),
        columns: page.columns - 2,
        token: 'muted',
        isItalic: true,
      };
      const prose = layOutProse(item.text, style, look);
      const head = plain(`${page.glyphs.unfolded} thought`, 'muted', { italic: true });
      return { lines: [head, ...prose.lines.map((line) => [span('  '), ...line])], prose };
    }
    case 'notice':
      return { lines: toNoticeLines(item, page), prose: null };
  }
}

function toStyle({ columns, glyphs }: Page, { toColours }: ItemLook): MarkdownStyle {
  return { columns, glyphs, ...(toColours ? { toColours } : {}) };
}

function layOutProse(text: string, style: MarkdownStyle, look: ItemLook): LaidOutProse {
  const fence = look.openFence ?? null;
  return (look.layOut ?? layOutPlain)(fence === null ? text : `${fence}\n${text}`, style, look.before ?? null);
}

function toUserLines(text: string, page: Page): readonly StyledLine[] {
  const first = plain(`${page.glyphs.prompt} `, 'accent', { bold: true });
  const lines = conversationLines(trimEnds(text));
  return lines.flatMap((line, index) =>
    wrap([span(line, 'text', { bold: true })], page.columns, index === 0 ? first : plain('  '), plain('  ')),
  );
}

function toNoticeLines({ text, level }: TextItem, page: Page): readonly StyledLine[] {
  const token = level === 'error' ? 'danger' : 'warn';
  const glyph = level === 'error' ? page.glyphs.failed : page.glyphs.warning;
  return wrapProse(text, token, page.columns, plain(`${glyph} `, token), plain('  '));
}

function toFoldedThought(text: string, page: Page): StyledLine {
  const line = `${page.glyphs.folded} thought ${page.glyphs.separator} ${toOneLine(text)}`;
  return clip([span(line, 'muted', { italic: true })], page.columns, page.glyphs.ellipsis);
}

/** The first line, and how many are behind it. */
function toFoldedLine(lines: readonly StyledLine[], page: Page): StyledLine {
  const more = plain(` ${page.glyphs.folded} ${lines.length - 1} more`, 'muted');
  return [...clip(lines[0] ?? emptyLine, Math.max(1, page.columns - columnsOf(more)), page.glyphs.ellipsis), ...more];
}

/** Title, agent, model and mode. */
export function toConversationTitle(session: SessionView, page: Page): StyledLine {
  const settings = toSettings(session, page);
  const line: StyledLine = [
    span(` ${readable(session.title)} `, 'title', { bold: true }),
    span(`${toAgentName(session)} `, 'muted'),
    ...(settings.length > 0 ? [span(`${page.glyphs.separator} `, 'border'), ...settings, span(' ')] : []),
  ];
  return clip(line, Math.max(8, page.columns - 4), page.glyphs.ellipsis);
}

/** The plan as a checklist; when it is longer than `rowsMax` the part around the step that runs is shown, and when all is done one line. */
export function toPlanLines(plan: SessionView['plan'], page: Page, rowsMax: number): readonly StyledLine[] {
  if (plan.length === 0 || rowsMax < 2) return [];
  const done = plan.filter((step) => step.status === 'completed').length;
  const head = [span('Plan', 'title', { bold: true }), span(` ${done} of ${plan.length} done`, 'muted')];
  if (done === plan.length)
    return [clip([span(`${page.glyphs.done} `, 'ok'), ...head], page.columns, page.glyphs.ellipsis)];
  const room = rowsMax - 1;
  const current = plan.findIndex((step) => step.status !== 'completed');
  const from = Math.max(0, Math.min((current === -1 ? plan.length : current) - 1, plan.length - room));
  const steps = plan.slice(from, from + room).map((step): StyledLine => {
    const text = readable(step.text);
    if (step.status === 'completed') return [span(`${page.glyphs.done} `, 'ok'), span(text, 'muted')];
    const priority = toPriority(step);
    if (step.status === 'in_progress')
      return [span(`${page.glyphs.running} `, 'accent'), span(text, 'text', { bold: true }), ...priority];
    return [span(`${page.glyphs.pending} `, 'muted'), span(text), ...priority];
  });
  return [head, ...steps].map((line) => clip(line, page.columns, page.glyphs.ellipsis));
}

/** Medium is what agents say of every step, so it says nothing. */
function toPriority({ priority }: SessionView['plan'][number]): StyledLine {
  if (priority === undefined || priority === 'medium') return [];
  return [span(`  ${priority} priority`, priority === 'high' ? 'warn' : 'muted')];
}

/** Above the oldest item that is shown, when there were older ones: the transcript has them all. */
export function toOlderLines({ items }: SessionView, page: Page, state: OlderState): readonly StyledLine[] {
  const older = (items[0]?.id ?? 1) - 1;
  if (older <= 0 || state === 'none') return [];
  return [
    ...wrap(toOlderWords(older, state), page.columns, plain(`${page.glyphs.ellipsis} `, 'muted'), plain('  ')),
    emptyLine,
  ];
}

function toOlderWords(older: number, state: Exclude<OlderState, 'none'>): StyledLine {
  const count = toCount(older, 'older item', 'older items');
  switch (state) {
    case 'more':
    case 'reading':
      return [span(`reading from the transcript, up to ${count}`, 'muted')];
    case 'failed':
      return [
        ...[
          span(`${count} could not be read from the transcript; `, 'warn'),
          span(keyWord('conversation', 'toStart'), 'key'),
        ],
        span(' tries again.', 'muted'),
      ];
    case 'full':
      return [
        span(`${toCount(older, 'older item is', 'older items are')} in the transcript only; `, 'muted'),
        span(keyWord('conversation', 'exportConversation'), 'key'),
        span(' writes the whole conversation to a file.', 'muted'),
      ];
  }
}

/** What an empty conversation says. */
export function toEmptyConversation(session: SessionView | null, page: Page): readonly StyledLine[] {
  if (!session) {
    const toKeyLines = (key: string, does: string): readonly StyledLine[] => {
      const first = [span(key, 'key'), span('  ')];
      return wrap([span(does, 'muted')], page.columns, first, plain(' '.repeat(columnsOf(first))));
    };
    return [
      ...wrap([span('No session is open.')], page.columns),
      emptyLine,
      ...toKeyLines(keyWord('conversation', 'newSession'), 'opens one: choose an agent and the servers it may use.'),
      ...toKeyLines(keyWord('global', 'viewSessions'), 'lists the sessions that run.'),
    ];
  }
  if (session.origin === 'external') return toExternalLines(session, page);
  const servers = foreign(session.servers.join(', '));
  return wrap(
    [span(`Ask ${foreign(session.agent)} something about ${servers || 'your servers'}.`, 'muted')],
    page.columns,
  );
}
