/**
 * The frame around a server's live stream: the title of its pane and the lines before and after the output of each block. Pure; the
 * output itself is drawn by an emulator.
 */

import type { BlockView, PaneView, ServerView, SessionView, View } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { toRetryWords } from './retry.ts';
import type { HostPresence } from './session-state.ts';
import { type PaneTabs, toTabs } from './shell-pane.ts';
import { spreadPaths } from './short-paths.ts';
import {
  clip,
  columnsOf,
  exactLines,
  foreign,
  plain,
  readable,
  span,
  spread,
  wrap,
  wrapExact,
  wrapProse,
} from './text.ts';
import {
  toBytes,
  toDayAndTime,
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
  /** The host is lost, and its connections with it; absent: it is there. */
  readonly host?: HostPresence;
  /** It stays in sight when there are more than fit. */
  readonly isPinned?: boolean;
  /** Its login waits for a person. */
  readonly isAsking?: boolean;
  readonly tabs?: PaneTabs;
  /** The host is younger than the session, and has seen nothing of what an earlier one did for it. */
  readonly isHostNewer?: boolean;
}

/** Name, environment as a word, state with latency, and what runs. */
export function toPaneTitle(model: PaneModel, page: Page): StyledLine {
  const { server } = model;
  const title: Span[] = [span(` ${foreign(model.id)} `, 'title', { bold: true })];
  if (server) {
    const environment = toEnvironmentWord(server);
    const isProduction = server.environment === 'production';
    title.push(
      span(
        isProduction ? ` ${environment} ` : environment,
        toEnvironmentToken(server.environment),
        isProduction ? { inverse: true } : {},
      ),
      ...(model.tabs ? toTabs(model.tabs, page) : []),
    );
    if (model.host === 'lost') title.push(span(' not connected, the host is lost', 'danger'));
    else if (model.isAsking) title.push(span(' waiting for you', 'warn'));
    else title.push(toState(server, page));
    if (server.readonly) title.push(span(` ${page.glyphs.separator} read only`, 'muted'));
    if (model.isPinned) title.push(span(` ${page.glyphs.separator} pinned`, 'muted'));
  } else title.push(span('not registered any more', 'danger'));
  const running = model.host === 'lost' ? '' : toRunning(model.pane);
  if (running !== '') title.push(span(` ${page.glyphs.separator} `, 'border'), span(running, 'accent'));
  return clip([...title, span(' ')], page.columns, page.glyphs.ellipsis);
}

/** What stands on the lower border: that lines are filtered, that newer ones are not followed. */
export function toPaneNote(
  { filter, isFollowing }: { readonly filter: string | null; readonly isFollowing: boolean },
  page: Page,
): StyledLine {
  const note: Span[] = [];
  if (filter !== null)
    note.push(
      span(` only lines with ${foreign(filter)}`, 'accent', { bold: true }),
      span(`, ${keyWord('pane', 'filterLines')} shows all `, 'muted'),
    );
  if (!isFollowing) note.push(span(` scrolled back, ${keyWord('pane', 'toEnd')} follows `, 'muted'));
  return clip(note, page.columns, page.glyphs.ellipsis);
}

function toState(server: ServerView, page: Page): Span {
  const { state, latencyMs } = server;
  const retry = toRetryWords(server, page.nowMs);
  if (retry !== null) return span(` lost, ${retry}`, 'warn');
  const latency = state === 'connected' && latencyMs !== null ? ` ${Math.round(latencyMs)} ms` : '';
  return span(` ${state}${latency}`, toServerStateToken(state));
}

function toRunning(pane: PaneView | null): string {
  // A shell is a tab, and named there.
  const running = (pane?.blocks ?? []).filter(({ state, tool }) => state === 'running' && tool !== 'shell_open');
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

/** What a pane says of its blocks beside what they are. */
export interface BlockWords {
  readonly host: HostPresence;
  /** Of the server, where its connection is lost and something waits for it; absent otherwise. */
  readonly lost?: LostLine | null;
  /** `shown`: the day with the time of each block. */
  readonly times: 'shown' | 'hidden';
}

export interface LostLine {
  readonly retryAtMs: number;
  /** The keys that try now. */
  readonly tryNow: string;
  /** Commands that go on without us. */
  readonly durables: ReadonlySet<string>;
}

const plainWords: BlockWords = { host: 'there', times: 'hidden' };

/** The line (or lines) above the output: what was asked, by whom and when. */
export function toBlockHead(block: BlockView, page: Page, words: BlockWords = plainWords): readonly StyledLine[] {
  if (!isCommandBlock(block)) return [toOperationLine(block, page, words)];
  const { times } = words;
  const at = times === 'shown' ? toDayAndTime(block.startedAtMs) : toTimeOfDay(block.startedAtMs);
  const who = span(`${readable(block.who)} ${at}`, 'muted');
  const lines = exactLines(block.summary);
  const head = wrapExact(
    span(lines[0] ?? '', 'text', { bold: true }),
    page.columns,
    plain('$ ', 'accent', { bold: true }),
    plain('  '),
  );
  const first = head[0] ?? [];
  const more = lines
    .slice(1)
    .flatMap((line) => wrapExact(span(line, 'text', { bold: true }), page.columns, plain('  ')));
  // The command is never cut for who asked, and who asked stands in a line of its own where there is no room beside it.
  const isBeside = head.length + more.length === 1 && columnsOf(first) + columnsOf([who]) + 2 <= page.columns;
  const shown: StyledLine[] = isBeside
    ? [spread(first, [who], page.columns)]
    : [...head, ...more, ...wrap([who], page.columns, plain('  by ', 'muted'), plain('     '))];
  if (block.cwd !== null)
    shown.push(...wrapExact(span(foreign(block.cwd), 'muted'), page.columns, plain('  in ', 'muted'), plain('     ')));
  if (block.skippedBytes > 0) shown.push(toSkippedLine(block.skippedBytes, page));
  return shown;
}

function toSkippedLine(bytes: number, page: Page): StyledLine {
  const line = [
    span(`  ${page.glyphs.ellipsis} skipped ${toBytes(bytes)} of earlier output, `, 'muted'),
    span(keyWord('pane', 'playBlock'), 'key'),
    span(' plays the recording', 'muted'),
  ];
  return clip(line, page.columns, page.glyphs.ellipsis);
}

/** The line below the output: how it ended and how long it took, or that it runs or waits. */
export function toBlockFoot(
  block: BlockView,
  page: Page,
  words: Pick<BlockWords, 'host' | 'lost'> = plainWords,
): readonly StyledLine[] {
  if (!isCommandBlock(block)) return [];
  const [text, token] = toOutcome(block, page, words);
  const lines: StyledLine[] = [clip(plain(text, token), page.columns, page.glyphs.ellipsis)];
  // What is said of a stopped command is meant for who asked for it.
  const isTold = block.code === 'NON_ZERO_EXIT' || block.stoppedBy !== undefined;
  if (block.message !== null && block.status !== 'ok' && !isTold) {
    lines.push(...wrapProse(block.message, 'muted', page.columns, plain('  ')));
  }
  return lines;
}

function toLost(block: BlockView, lost: LostLine, { glyphs, nowMs }: Page): string {
  const retry = toRetryWords(lost, nowMs);
  // Beside what it is, in one line.
  if (!isCommandBlock(block)) return `${glyphs.waiting} lost, ${retry}`;
  const now = lost.retryAtMs > nowMs ? `, ${lost.tryNow} now` : '';
  const isDurable = block.tool === 'durable_command' || lost.durables.has(block.id);
  return `${glyphs.waiting} connection lost, ${retry}${now}${isDurable ? '; the command goes on there' : ''}`;
}

function toOperationLine(block: BlockView, page: Page, words: BlockWords): StyledLine {
  const [text, token] = toOutcome(block, page, words);
  const verb = foreign(block.tool.replace(/^remote_/, '').replaceAll('_', ' '));
  const summary = foreign(block.summary);
  const shown = summary.startsWith(verb.split(' ')[0] ?? verb) ? summary : `${verb} ${summary}`;
  const at = words.times === 'shown' ? [span(`${toDayAndTime(block.startedAtMs)} `, 'muted')] : [];
  const left = [span(`${page.glyphs.arrow} `, 'accent'), ...at, span(shown)];
  return spreadPaths(left, plain(text, token), page.columns, page.glyphs.ellipsis);
}

/** State, exit status and duration in words; the colour only repeats them. */
export function toOutcome(
  block: BlockView,
  page: Page,
  { host, lost = null }: Pick<BlockWords, 'host' | 'lost'>,
): readonly [text: string, token: Token] {
  const { glyphs } = page;
  if (host === 'lost' && block.state !== 'ended')
    return [`${glyphs.warning} ${block.state} when the host was lost`, 'warn'];
  if (lost !== null && block.state === 'running') return [toLost(block, lost, page), 'warn'];
  switch (block.state) {
    case 'waiting':
      return [`${glyphs.waiting} waits for you`, 'warn'];
    case 'running':
      return [`${glyphs.running} running ${toDuration(page.nowMs - (block.ranAtMs ?? block.startedAtMs))}`, 'accent'];
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
  if (block.goesOn) return [`${glyphs.running} goes on there, not followed any more${took}`, 'accent'];
  if (block.stoppedBy !== undefined) return [`${glyphs.failed} stopped by you${took}`, 'warn'];
  if (block.status === 'partial_failure') return [`${glyphs.warning} partly failed${took}`, 'danger'];
  if (block.code === 'NON_ZERO_EXIT' && block.exitCode !== null)
    return [`${glyphs.failed} exit ${block.exitCode}${took}`, 'danger'];
  // What was refused never ran, so it took no time.
  const refusal = refusals[block.code ?? ''];
  if (refusal !== undefined) return [`${glyphs.failed} ${refusal}`, 'warn'];
  if (block.code === 'CANCELLED' && block.ranAtMs === undefined) return [`${glyphs.failed} withdrawn`, 'warn'];
  if (block.code === 'CANCELLED') return [`${glyphs.failed} cancelled${took}`, 'warn'];
  const word = block.code === null ? 'failed' : foreign(block.code.toLowerCase().replaceAll('_', ' '));
  return [`${glyphs.failed} ${word}${took}`, 'danger'];
}

/** An earlier host may have done something for this session, of which this one has no blocks. */
export function isHostNewer({ session, view }: { session: SessionView | null; view: View }): boolean {
  return session !== null && session.createdAtMs < view.host.startedAtMs;
}

/** What a pane says before anything ran in it. */
export function toEmptyPane(model: PaneModel, page: Page): readonly StyledLine[] {
  const problem = model.server?.problem;
  const lines = problem ? wrapProse(problem, 'danger', page.columns) : [];
  const address = model.server ? [plain(foreign(model.server.address), 'muted')] : [];
  const since = model.isHostNewer ? 'since the host started; the log has whatever ran before' : 'yet';
  return [...lines, plain(`Nothing ran here ${since}.`, 'muted'), ...address];
}
