/**
 * The frame around a server's live stream: the title of its pane and the lines before and after the output of each block. Pure; the
 * output itself is drawn by an emulator.
 */
import type { BlockView, PaneView, ServerView } from '../../protocol/view.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, foreign, foreignLines, plain, span, spread, wrap } from './text.ts';
import {
  toBytes,
  toDuration,
  toEnvironmentToken,
  toEnvironmentWord,
  toServerStateToken,
  toTimeOfDay,
} from './words.ts';

export interface PaneModel {
  readonly id: string;
  /** Null for a server that was removed while its pane is open. */
  readonly server: ServerView | null;
  readonly pane: PaneView | null;
}

/** Name, environment as a word, state with latency, and what runs. */
export function toPaneTitle(model: PaneModel, page: Page): StyledLine {
  const { server } = model;
  const title: Span[] = [span(` ${model.id} `, 'title', { bold: true })];
  if (server) {
    const environment = toEnvironmentWord(server);
    const isProduction = server.environment === 'production';
    title.push(
      span(
        isProduction ? ` ${environment} ` : environment,
        toEnvironmentToken(server.environment),
        isProduction ? { inverse: true } : {},
      ),
    );
    title.push(span(` ${toStateText(server)}`, toServerStateToken(server.state)));
    if (server.readonly) title.push(span(` ${page.glyphs.separator} read only`, 'muted'));
  } else title.push(span('not registered any more', 'danger'));
  const running = toRunning(model.pane);
  if (running !== '') title.push(span(` ${page.glyphs.separator} `, 'border'), span(running, 'accent'));
  return clip([...title, span(' ')], page.columns, page.glyphs.ellipsis);
}

function toStateText(server: ServerView): string {
  return server.state === 'connected' && server.latencyMs !== null
    ? `connected ${Math.round(server.latencyMs)} ms`
    : server.state;
}

function toRunning(pane: PaneView | null): string {
  const running = (pane?.blocks ?? []).filter((block) => block.state === 'running');
  const first = running[0];
  if (!first) return '';
  return running.length === 1 ? `runs ${foreign(first.summary)}` : `${running.length} run`;
}

/** True when the block is a command, whose output is drawn; file operations are one line. */
export function isCommandBlock(block: BlockView): boolean {
  return (
    block.tool === 'remote_exec' || block.tool === 'remote_find' || block.tool === 'shell_open' || block.text !== ''
  );
}

/** The line (or lines) above the output: what was asked, by whom and when. */
export function toBlockHead(block: BlockView, page: Page): readonly StyledLine[] {
  if (!isCommandBlock(block)) return [toOperationLine(block, page)];
  const who = plain(`${foreign(block.who)} ${toTimeOfDay(block.startedAtMs)}`, 'muted');
  const lines = foreignLines(block.summary);
  const whoColumns = page.columns >= 60 && lines.length === 1 ? who : [];
  const head = wrap(
    [span(lines[0] ?? '', 'text', { bold: true })],
    page.columns,
    plain('$ ', 'accent', { bold: true }),
    plain('  '),
  );
  const first = head[0] ?? [];
  const more = lines.slice(1).flatMap((line) => wrap([span(line, 'text', { bold: true })], page.columns, plain('  ')));
  const shown: StyledLine[] = [
    head.length === 1 ? spread(first, whoColumns, page.columns) : first,
    ...head.slice(1),
    ...more,
  ];
  if (block.cwd !== null)
    shown.push(clip(plain(`  in ${foreign(block.cwd)}`, 'muted'), page.columns, page.glyphs.ellipsis));
  if (block.skippedBytes > 0)
    shown.push(plain(`  ${page.glyphs.ellipsis} skipped ${toBytes(block.skippedBytes)} of earlier output`, 'muted'));
  return shown;
}

/** The line below the output: how it ended and how long it took, or that it runs or waits. */
export function toBlockFoot(block: BlockView, page: Page): readonly StyledLine[] {
  if (!isCommandBlock(block)) return [];
  const [text, token] = toOutcome(block, page);
  const lines: StyledLine[] = [clip(plain(text, token), page.columns, page.glyphs.ellipsis)];
  if (block.message !== null && block.status !== 'ok' && block.code !== 'NON_ZERO_EXIT') {
    lines.push(...wrap([span(foreign(block.message), 'muted')], page.columns, plain('  ')));
  }
  return lines;
}

function toOperationLine(block: BlockView, page: Page): StyledLine {
  const [text, token] = toOutcome(block, page);
  const verb = block.tool.replace(/^remote_/, '').replaceAll('_', ' ');
  const summary = foreign(block.summary);
  const shown = summary.startsWith(verb.split(' ')[0] ?? verb) ? summary : `${verb} ${summary}`;
  return spread([span(`${page.glyphs.arrow} `, 'accent'), span(shown)], plain(text, token), page.columns);
}

/** State, exit status and duration in words; the colour only repeats them. */
export function toOutcome(block: BlockView, page: Page): readonly [text: string, token: Token] {
  const { glyphs } = page;
  switch (block.state) {
    case 'waiting':
      return [`${glyphs.waiting} waits for you`, 'warn'];
    case 'running':
      return [`${glyphs.running} running ${toDuration(page.nowMs - block.startedAtMs)}`, 'accent'];
    case 'ended':
      return toEnd(block, page);
  }
}

const refusals: Readonly<Record<string, string>> = {
  APPROVAL_DENIED: 'denied',
  APPROVAL_EXPIRED: 'not answered in time',
  POLICY_REJECTED: 'refused by policy',
};

function toEnd(block: BlockView, page: Page): readonly [text: string, token: Token] {
  const { glyphs } = page;
  const took = block.durationMs === null ? '' : ` ${glyphs.separator} ${toDuration(block.durationMs)}`;
  if (block.status === 'ok') {
    const word = block.exitCode === null ? 'done' : `exit ${block.exitCode}`;
    return [`${glyphs.done} ${word}${took}`, 'ok'];
  }
  if (block.status === 'partial_failure') return [`${glyphs.warning} partly failed${took}`, 'danger'];
  if (block.code === 'NON_ZERO_EXIT' && block.exitCode !== null)
    return [`${glyphs.failed} exit ${block.exitCode}${took}`, 'danger'];
  // What was refused never ran, so it took no time.
  const refusal = refusals[block.code ?? ''];
  if (refusal !== undefined) return [`${glyphs.failed} ${refusal}`, 'warn'];
  const word = block.code === null ? 'failed' : block.code.toLowerCase().replaceAll('_', ' ');
  return [`${glyphs.failed} ${word}${took}`, 'danger'];
}

/** What a pane says before anything ran in it. */
export function toEmptyPane(model: PaneModel, page: Page): readonly StyledLine[] {
  const problem = model.server?.problem;
  const lines = problem ? wrap([span(foreign(problem), 'danger')], page.columns) : [];
  const address = model.server ? [plain(foreign(model.server.address), 'muted')] : [];
  return [...lines, plain('Nothing ran here yet.', 'muted'), ...address];
}

/** One line for all panes, where a small screen has no room for them. */
export function toStrip(models: readonly PaneModel[], page: Page): StyledLine {
  const line: Span[] = [];
  for (const model of models) {
    const running = (model.pane?.blocks ?? []).filter((block) => block.state === 'running').length;
    const state = running > 0 ? `${page.glyphs.running} ${running} running` : (model.server?.state ?? 'removed');
    const token: Token = running > 0 ? 'accent' : model.server ? toServerStateToken(model.server.state) : 'danger';
    if (line.length > 0) line.push(span(' │ '.replace('│', page.glyphs.separator), 'border'));
    line.push(span(` ${model.id} `, 'title', { bold: true }));
    if (model.server)
      line.push(span(`${toEnvironmentWord(model.server)} `, toEnvironmentToken(model.server.environment)));
    line.push(span(state, token));
  }
  return clip(line, page.columns, page.glyphs.ellipsis);
}
