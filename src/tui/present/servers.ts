/**
 * The Servers view: one row a server, and what is known about the chosen one, its last test included. Pure.
 */

import { escapeExact } from '../../base/display/escape.ts';
import { toMs } from '../../base/display/milliseconds.ts';
import type { Result } from '../../protocol/methods.ts';
import type { LineView } from '../../protocol/server-facts-view.ts';
import { withoutTrustCommand } from '../../protocol/unknown-key.ts';
import type { DurableView, LoginView, ServerView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { FactsState } from '../server-desk.ts';
import type { StyledLine, Token } from '../styled.ts';
import { toDurableCounts } from './durables.ts';
import { toFactsLines, toLatencyLines, toLineLines } from './facts.ts';
import type { Page } from './page.ts';
import { toRetryWords } from './retry.ts';
import { hasUnknownKey, isOfUntrustedFile, toProblem } from './server-trust.ts';
import { cell, clip, columnsOf, emptyLine, foreign, plain, span, wrapExact, wrapProse } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord, toServerStateToken } from './words.ts';

export type TestSteps = Result<'server.test'>['steps'];

/** How the test of a server stands. */
export type TestState =
  | { readonly kind: 'running' }
  | ({ readonly kind: 'done'; readonly steps: TestSteps } & TestMoment)
  | ({ readonly kind: 'failed'; readonly message: string } & TestMoment);

/** How the server stood when its test ended, so that what comes later is told from it. */
interface TestMoment {
  readonly problemBefore?: string | null;
  readonly wasConnected?: true;
}

/** Cells of the columns that are as wide as their widest row. */
export interface ServerColumns {
  readonly id: number;
  readonly environment: number;
  readonly address: number;
}

const widestColumns: ServerColumns = { id: 24, environment: 20, address: 30 };
/** `PRODUCTION`; what else the word says stands in the details. */
const environmentColumnsMin = 12;
const stateColumns = 16;

const columnsOfLists = new WeakMap<readonly ServerView[], ServerColumns>();

/** Measured once for each list: there may be ten thousand. */
export function toServerColumns(servers: readonly ServerView[]): ServerColumns {
  const known = columnsOfLists.get(servers);
  if (known) return known;
  let [id, environment, address] = [6, 6, 6];
  for (const server of servers) {
    id = Math.max(id, server.id.length);
    environment = Math.max(environment, toEnvironmentWord(server).length);
    address = Math.max(address, server.address.length);
  }
  const columns = {
    id: Math.min(id, widestColumns.id),
    environment,
    address: Math.min(address, widestColumns.address),
  };
  columnsOfLists.set(servers, columns);
  return columns;
}

export function toServerRow(
  server: ServerView,
  test: TestState | null,
  page: Page,
  columns: ServerColumns = widestColumns,
  login: LoginView | null = null,
): StyledLine {
  const { ellipsis } = page.glyphs;
  const left = page.columns - columns.id - stateColumns - columns.address - 4;
  const environmentColumns = Math.max(environmentColumnsMin, Math.min(columns.environment, left));
  const environment = cell(toEnvironmentWord(server), environmentColumns, ellipsis);
  const remark = toRemark(server, test);
  const address = foreign(server.address);
  const [state, token] = toStanding(server, test, page, login);
  return clip(
    [
      span(` ${cell(foreign(server.id), columns.id, ellipsis)} `, 'title', { bold: true }),
      span(`${environment} `, toEnvironmentToken(server.environment)),
      span(`${cell(state, stateColumns, ellipsis)} `, token),
      span(remark.length === 0 ? address : cell(address, columns.address, ellipsis), 'text'),
      ...remark,
    ],
    page.columns,
    ellipsis,
  );
}

/** Its connection, or else how its last test went, so that the list alone says which servers can be used. */
function toStanding(
  server: ServerView,
  test: TestState | null,
  { glyphs, nowMs }: Page,
  login: LoginView | null,
): readonly [string, Token] {
  const { state, latencyMs } = server;
  if (login !== null) return ['waiting for you', 'warn'];
  if (test?.kind === 'running') return [`${glyphs.running} testing`, 'accent'];
  const retry = toRetryWords(server, nowMs);
  if (retry !== null) return [retry, 'warn'];
  const isConnected = state === 'connected' || state === 'connecting';
  if (isConnected || test === null || hasLaterProblem(server, test))
    return [latencyMs === null ? state : `${state} ${Math.round(latencyMs)} ms`, toServerStateToken(state)];
  return toFailure(test) === null ? [`${glyphs.done} tested`, 'ok'] : [`${glyphs.failed} test failed`, 'danger'];
}

/** What is wrong with it. */
function toRemark(server: ServerView, test: TestState | null): StyledLine {
  const wrong = hasLaterProblem(server, test) ? server.problem : test && toFailure(test);
  if (wrong !== null) return [span(` ${foreign(wrong)}`, 'danger')];
  return server.shadowsGlobal ? [span(' hides a global record', 'warn')] : [];
}

/** Where a test failed, and why; null when it did not. */
function toFailure(test: TestState): string | null {
  if (test.kind === 'running') return null;
  if (test.kind === 'failed') return test.message;
  const failed = test.steps.find((step) => !step.ok);
  return failed === undefined ? null : `${failed.name}: ${failed.detail}`;
}

/** A test that ended while the problem stood there already is newer than it. */
function hasLaterProblem({ problem }: ServerView, test: TestState | null): boolean {
  if (problem === null) return false;
  return test === null || test.kind === 'running' || test.problemBefore !== problem;
}

/** What the screen knows of a server beside the host's view. */
export interface ServerKnowledge {
  readonly facts: FactsState | null;
  /** What connections have shown. */
  readonly line?: LineView | null;
  /** Milliseconds, oldest first. */
  readonly latencies: readonly number[];
  /** What its login waits for from a person. */
  readonly login?: LoginView | null;
  /** Commands that go on without us there. */
  readonly durables?: readonly DurableView[];
}

export function toServerDetails(
  server: ServerView,
  test: TestState | null,
  page: Page,
  { facts, line = server.line ?? null, latencies, login = null, durables = [] }: ServerKnowledge = {
    facts: null,
    latencies: [],
  },
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrapExact(span(value), page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  if (server.state === 'broken') return toBrokenDetails(server, test, page);
  field('address', foreign(server.address));
  if (server.through) field('jump host', foreign(server.through.join(', then ')));
  if (server.proxyCommand) {
    const { text, isAllowed } = server.proxyCommand;
    field('reached by', `a command of this machine, ${isAllowed ? 'allowed' : 'not allowed yet'}:`);
    field('', escapeExact(text));
  }
  const environment = toEnvironmentWord(server);
  const token = toEnvironmentToken(server.environment);
  lines.push([span(cell('environment', 14), 'muted'), span(environment, token, { bold: true })]);
  if (server.environmentAssumed) field('', 'none is registered, so it counts as production');
  field('state', toStanding(server, test, page, login)[0]);
  if (server.retryAtMs != null && server.retryAtMs > page.nowMs)
    field('', `what it interrupted goes on then; ${keyWord('servers', 'retryConnection')} tries now`);
  if (login !== null) lines.push(...toLoginLines(login, page));
  lines.push(...toLatencyLines(latencies, page, server.state));
  lines.push(...toLineLines(line ?? (facts?.kind === 'done' ? facts.facts.line : null), page));
  field('registered', server.scope + (server.shadowsGlobal ? ', hides the global record of the same id' : ''));
  if (server.readonly) field('access', 'read only: every write and unlisted command is rejected');
  if (server.labels.length > 0) field('labels', foreign(server.labels.join(', ')));
  if (server.groups.length > 0) field('groups', foreign(server.groups.join(', ')));
  const commands = toDurableCounts(durables);
  if (commands !== null) field('durable', commands);
  field('host key', foreign(toHostKeyWords(server, test)));
  if (server.problem !== null && hasLaterProblem(server, test)) {
    lines.push(emptyLine, ...wrapProse(toScreenWords(server.problem), 'danger', page.columns));
  }
  if (test) lines.push(emptyLine, ...toTestLines(test, page));
  if (hasUnknownKey(server, test)) {
    lines.push(emptyLine, [
      span(keyWord('servers', 'trustKey'), 'key'),
      span('  shows the key and asks whether you trust it.', 'muted'),
    ]);
  } else if (login === null && wasUnanswered(server, test)) {
    lines.push([span(keyWord('servers', 'testServer'), 'key'), span('  asks you again.', 'muted')]);
  } else if (isAboutRecord(test)) {
    lines.push([span(keyWord('servers', 'editServer'), 'key'), span('  changes its record.', 'muted')]);
  }
  lines.push(emptyLine, ...toFactsLines(facts, page));
  return lines;
}

function toLoginLines({ what, prompts }: LoginView, page: Page): readonly StyledLine[] {
  const start = plain(cell('login', 14), 'muted');
  const needs = `it needs ${foreign(what)}${prompts.length === 0 ? '' : `; ${keyWord('global', 'viewApprovals')} goes to the question`}`;
  return wrapProse(needs, 'warn', page.columns, start, plain(' '.repeat(14)));
}

/** Nobody answered what its login asked: the same test asks again. */
function wasUnanswered(server: ServerView, test: TestState | null): boolean {
  return /the question was declined|nobody answered in time/.test(toProblem(server, test));
}

/** Of a record that cannot be used nothing else is known. */
function toBrokenDetails(server: ServerView, test: TestState | null, page: Page): readonly StyledLine[] {
  const key: StyledLine = [
    span(keyWord('servers', 'trustKey'), 'key'),
    span('  shows the file and asks whether you trust it.', 'muted'),
  ];
  return [
    ...wrapProse(foreign(toScreenWords(server.problem ?? 'Its record cannot be used.')), 'danger', page.columns),
    ...(isOfUntrustedFile(server) ? [emptyLine, key] : []),
    ...(test ? [emptyLine, ...toTestLines(test, page)] : []),
  ];
}

/** Where its address, its key or its password is to be another one. */
function isAboutRecord(test: TestState | null): boolean {
  const failed = test?.kind === 'done' ? test.steps.find(({ ok }) => !ok)?.name : undefined;
  return failed === 'Settings' || failed === 'Network' || failed === 'Login';
}

/** The key of the connection, or what the last test found: a test leaves no connection whose key the host could tell. */
function toHostKeyWords(server: ServerView, test: TestState | null): string {
  if (server.hostKey !== null) {
    const authority = server.line?.hostKey === server.hostKey ? server.line.authority : null;
    return authority === null ? server.hostKey : `${server.hostKey}, certified by the authority ${authority}`;
  }
  if (hasUnknownKey(server, test)) return `not known yet; ${keyWord('servers', 'trustKey')} shows it`;
  const step = test?.kind === 'done' ? test.steps.find(({ name, ok }) => name === 'Host key' && ok) : undefined;
  if (step) return /SHA256:[A-Za-z0-9+/]{43}/.exec(step.detail)?.[0] ?? 'known';
  return `checked when it connects; ${keyWord('servers', 'testServer')} does that now`;
}

/** A key that is known stands in its own field. */
function toScreenWords(sentence: string): string {
  return withoutTrustCommand(sentence)
    .replace(/^The key SHA256:\S+ is known\.$/, 'Its key is known.')
    .replace(
      /; look at it with `signalbox server trust-command [^`]*`\./,
      `; ${keyWord('servers', 'testServer')} shows it and asks you.`,
    );
}

/** Above its first line, which the list scrolls to when it changes. */
export const testHeading = 'Test';

function toTestLines(test: TestState, page: Page): readonly StyledLine[] {
  const { glyphs } = page;
  const lines: StyledLine[] = [plain(testHeading, 'title', { bold: true })];
  if (test.kind === 'running') return [...lines, plain(`${glyphs.running} testing the connection`, 'accent')];
  if (test.kind === 'failed') {
    const mark = plain(`${glyphs.failed} `, 'danger');
    return [...lines, ...wrapProse(toScreenWords(test.message), 'danger', page.columns, mark, plain('  '))];
  }
  for (const step of test.steps) {
    const token = step.ok ? 'ok' : 'danger';
    const mark = span(`${step.ok ? glyphs.done : glyphs.failed} `, token);
    const time = step.ok && typeof step.ms === 'number' ? `, ${toMs(step.ms)}` : '';
    const head = [mark, span(`${cell(foreign(step.name), 10, glyphs.ellipsis)} `)];
    lines.push(
      ...wrapProse(toScreenWords(step.detail) + time, 'muted', page.columns, head, plain(' '.repeat(columnsOf(head)))),
    );
  }
  return lines;
}
