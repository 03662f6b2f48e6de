/**
 * A conversation as styled lines: what was asked, said, thought and done, one function an item. Pure; the pane keeps the laid-out lines.
 */
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import type { StyledLine, Token } from '../styled.ts';
import { type MarkdownStyle, toMarkdownLines } from './markdown.ts';
import type { Glyphs, Page } from './page.ts';
import { clip, conversationLines, emptyLine, foreign, foreignLines, plain, span, spread, wrap } from './text.ts';

export type TextItem = Extract<ConversationItem, { text: string }>;
export type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;
type ToolStatus = ToolItem['status'];
/** Whether a call that has begun is at work, or its request waits for the operator. */
export type CallWait = 'waits for you' | 'at work';
type Look = readonly [glyph: keyof Glyphs, word: string, token: Token];

/** Rows of a tool call's detail that are shown; the pane and the audit log have all of it. */
const detailRowsMax = 6;

const toolLooks: Readonly<Record<ToolStatus, Look>> = {
  pending: ['pending', 'pending', 'muted'],
  in_progress: ['running', 'running', 'accent'],
  completed: ['done', 'done', 'ok'],
  failed: ['failed', 'failed', 'danger'],
};

/** Calls that the gate or the operator ended; nothing went wrong with them on the server. */
const refusedLooks: Readonly<Record<string, Look>> = {
  APPROVAL_DENIED: ['failed', 'denied', 'warn'],
  APPROVAL_EXPIRED: ['failed', 'not answered', 'warn'],
  POLICY_REJECTED: ['failed', 'refused by policy', 'warn'],
};

/** The lines of one item, without the empty line that follows it. */
export function toItemLines(
  item: ConversationItem,
  page: Page,
  thoughts: 'folded' | 'shown',
  wait: CallWait = 'at work',
): readonly StyledLine[] {
  switch (item.kind) {
    case 'user':
      return toUserLines(item.text, page);
    case 'agent':
      return toMarkdownLines(trimEnds(item.text), toAgentStyle(page)).lines;
    case 'thought':
      return thoughts === 'folded' ? [toFoldedThought(item.text, page)] : toThoughtLines(item.text, page);
    case 'notice':
      return wrap(
        [span(foreign(item.text), 'warn')],
        page.columns,
        plain(`${page.glyphs.warning} `, 'warn'),
        plain('  '),
      );
    case 'tool':
      return toToolLines(item, page, wait);
  }
}

export function toAgentStyle(page: Page): MarkdownStyle {
  return { columns: page.columns, glyphs: page.glyphs };
}

/** An item's text without empty lines around it. */
export function trimEnds(text: string): string {
  return text.replace(/^(\s*\n)+/, '').trimEnd();
}

function toOneLine(text: string): string {
  return conversationLines(trimEnds(text).replace(/\s*[\r\n]+\s*/g, ' ')).join('');
}

function toUserLines(text: string, page: Page): readonly StyledLine[] {
  const first = plain(`${page.glyphs.prompt} `, 'accent', { bold: true });
  const lines = conversationLines(trimEnds(text));
  return lines.flatMap((line, index) =>
    wrap([span(line, 'text', { bold: true })], page.columns, index === 0 ? first : plain('  '), plain('  ')),
  );
}

function toFoldedThought(text: string, page: Page): StyledLine {
  const line = `${page.glyphs.folded} thought ${page.glyphs.separator} ${toOneLine(text)}`;
  return clip([span(line, 'muted', { italic: true })], page.columns, page.glyphs.ellipsis);
}

function toThoughtLines(text: string, page: Page): readonly StyledLine[] {
  const style: MarkdownStyle = { columns: page.columns - 2, glyphs: page.glyphs, token: 'muted', isItalic: true };
  const head = plain(`${page.glyphs.unfolded} thought`, 'muted', { italic: true });
  const body = toMarkdownLines(trimEnds(text), style).lines.map((line) => [span('  '), ...line]);
  return [head, ...body];
}

/** State in words, what it is, and where it can be seen. */
function toToolLines(item: ToolItem, page: Page, wait: CallWait): readonly StyledLine[] {
  const [glyph, word, token] = toLook(item, wait);
  const title = foreign(item.title) || foreign(item.toolKind) || 'tool call';
  const left = [span(`${page.glyphs[glyph]} `, token, { bold: true }), span(title, 'text')];
  const lines: StyledLine[] = [spread(left, plain(word, token), page.columns)];
  const detail = foreignLines(trimEnds(item.detail)).flatMap((line) =>
    wrap([span(line, 'muted')], page.columns, plain(`  ${page.glyphs.bar} `, 'border')),
  );
  if (item.detail.trim() === '') return lines;
  lines.push(...detail.slice(0, detailRowsMax));
  if (detail.length > detailRowsMax) {
    lines.push(
      plain(`    ${page.glyphs.ellipsis} ${detail.length - detailRowsMax} more lines in the audit log (3)`, 'muted'),
    );
  }
  return lines;
}

function toLook(item: ToolItem, wait: CallWait): Look {
  if (isOpenCall(item) && wait === 'waits for you') return ['waiting', 'waits for you', 'warn'];
  if (item.status !== 'failed') return toolLooks[item.status];
  // Agents show the result of the gate in their own words, the code among the first of them.
  const code = /\b(APPROVAL_DENIED|APPROVAL_EXPIRED|POLICY_REJECTED)\b/.exec(item.detail.slice(0, 200))?.[1];
  return refusedLooks[code ?? ''] ?? toolLooks.failed;
}

export function isOpenCall(item: ConversationItem): boolean {
  return item.kind === 'tool' && (item.status === 'pending' || item.status === 'in_progress');
}

/**
 * Whether the open calls of a session wait for the operator. A card does not say which call it belongs to, so it is only said when there
 * are as many cards as open calls.
 */
export function toCallWait(session: SessionView, cards: number): CallWait {
  const open = session.items.filter(isOpenCall).length;
  return open > 0 && cards >= open ? 'waits for you' : 'at work';
}

/** What follows the last item: prompts that wait, and what the agent is doing. */
export function toTailLines(session: SessionView, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  for (const prompt of session.queuedPrompts) {
    const text = `${page.glyphs.pending} queued ${page.glyphs.separator} ${toOneLine(prompt)}`;
    lines.push(clip([span(text, 'muted')], page.columns, page.glyphs.ellipsis));
  }
  const agent = foreign(session.agent);
  if (session.state === 'starting') lines.push(plain(`${page.glyphs.running} starting ${agent}`, 'accent'));
  if (session.state === 'working') lines.push(plain(`${page.glyphs.running} ${agent} is working`, 'accent'));
  if (session.state === 'waiting for you') lines.push(plain(`${page.glyphs.waiting} waiting for your answer`, 'warn'));
  if (session.problem !== null) {
    lines.push(
      ...wrap(
        [span(foreign(session.problem), 'danger')],
        page.columns,
        plain(`${page.glyphs.failed} `, 'danger'),
        plain('  '),
      ),
    );
  }
  return lines;
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
    const text = foreign(step.text);
    if (step.status === 'completed') return [span(`${page.glyphs.done} `, 'ok'), span(text, 'muted')];
    if (step.status === 'in_progress')
      return [span(`${page.glyphs.running} `, 'accent'), span(text, 'text', { bold: true })];
    return [span(`${page.glyphs.pending} `, 'muted'), span(text)];
  });
  return [head, ...steps].map((line) => clip(line, page.columns, page.glyphs.ellipsis));
}

/** What an empty conversation says. */
export function toEmptyConversation(session: SessionView | null, page: Page): readonly StyledLine[] {
  if (!session) {
    return [
      plain('No session is open.', 'text'),
      emptyLine,
      [span('c', 'key'), span('  opens one: choose an agent and the servers it may use.', 'muted')],
      [span('6', 'key'), span('  lists the sessions that run.', 'muted')],
    ].map((line) => clip(line, page.columns, page.glyphs.ellipsis));
  }
  const servers = session.servers.join(', ');
  return wrap(
    [span(`Ask ${foreign(session.agent)} something about ${servers || 'your servers'}.`, 'muted')],
    page.columns,
  );
}
