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

/** Rows of a tool call's detail that are shown; the pane and the audit log have all of it. */
const detailRowsMax = 6;

const toolLooks: Readonly<Record<ToolStatus, readonly [glyph: keyof Glyphs, word: string, token: Token]>> = {
  pending: ['pending', 'waiting', 'warn'],
  in_progress: ['running', 'running', 'accent'],
  completed: ['done', 'done', 'ok'],
  failed: ['failed', 'failed', 'danger'],
};

/** The lines of one item, without the empty line that follows it. */
export function toItemLines(item: ConversationItem, page: Page, thoughts: 'folded' | 'shown'): readonly StyledLine[] {
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
      return toToolLines(item, page);
  }
}

export function toAgentStyle(page: Page): MarkdownStyle {
  return { columns: page.columns, glyphs: page.glyphs };
}

/** An item's text without empty lines around it. */
export function trimEnds(text: string): string {
  return text.replace(/^(\s*\n)+/, '').trimEnd();
}

function toUserLines(text: string, page: Page): readonly StyledLine[] {
  const first = plain(`${page.glyphs.prompt} `, 'accent', { bold: true });
  const lines = conversationLines(trimEnds(text));
  return lines.flatMap((line, index) =>
    wrap([span(line, 'text', { bold: true })], page.columns, index === 0 ? first : plain('  '), plain('  ')),
  );
}

function toFoldedThought(text: string, page: Page): StyledLine {
  const line = `${page.glyphs.folded} thought ${page.glyphs.separator} ${conversationLines(trimEnds(text).replace(/\s*\n\s*/g, ' ')).join('')}`;
  return clip([span(line, 'muted', { italic: true })], page.columns, page.glyphs.ellipsis);
}

function toThoughtLines(text: string, page: Page): readonly StyledLine[] {
  const style: MarkdownStyle = { columns: page.columns - 2, glyphs: page.glyphs, token: 'muted', isItalic: true };
  const head = plain(`${page.glyphs.unfolded} thought`, 'muted', { italic: true });
  const body = toMarkdownLines(trimEnds(text), style).lines.map((line) => [span('  '), ...line]);
  return [head, ...body];
}

/** State in words, what it is, and where it can be seen. */
function toToolLines(item: ToolItem, page: Page): readonly StyledLine[] {
  const [glyph, word, token] = toolLooks[item.status];
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

/** What follows the last item: prompts that wait, and what the agent is doing. */
export function toTailLines(session: SessionView, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  for (const prompt of session.queuedPrompts) {
    const text = `${page.glyphs.pending} queued ${page.glyphs.separator} ${foreign(prompt)}`;
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

/** The plan as a checklist; when it is longer than `rowsMax` the part around the step that runs is shown. */
export function toPlanLines(plan: SessionView['plan'], page: Page, rowsMax: number): readonly StyledLine[] {
  if (plan.length === 0 || rowsMax < 2) return [];
  const done = plan.filter((step) => step.status === 'completed').length;
  const head = [span('Plan', 'title', { bold: true }), span(` ${done} of ${plan.length} done`, 'muted')];
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
