/**
 * The Servers view: one row a server, and what is known about the chosen one, its last test included. Pure.
 */

import type { Result } from '../../protocol/methods.ts';
import type { ServerView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { FactsState } from '../server-desk.ts';
import type { StyledLine } from '../styled.ts';
import { toFactsLines, toLatencyLines } from './facts.ts';
import type { Page } from './page.ts';
import { cell, clip, columnsOf, emptyLine, foreign, plain, span, wrapExact, wrapProse } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord, toServerStateToken } from './words.ts';

export type TestSteps = Result<'server.test'>['steps'];

/** How the test of a server stands. */
export type TestState =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly steps: TestSteps }
  | { readonly kind: 'failed'; readonly message: string };

export function toServerRow(server: ServerView, test: TestState | null, page: Page): StyledLine {
  const latency = server.latencyMs === null ? '' : ` ${Math.round(server.latencyMs)} ms`;
  const { ellipsis } = page.glyphs;
  const environment = cell(toEnvironmentWord(server), 20, ellipsis);
  return clip(
    [
      span(` ${cell(foreign(server.id), 18, ellipsis)} `, 'title', { bold: true }),
      span(`${environment} `, toEnvironmentToken(server.environment)),
      span(`${cell(server.state + latency, 17, ellipsis)} `, toServerStateToken(server.state)),
      span(cell(foreign(server.address), 30, ellipsis), 'text'),
      ...toRemark(server, test, page),
    ],
    page.columns,
    ellipsis,
  );
}

/** What is wrong with it, or else how its last test went, so that the list alone says which servers can be used. */
function toRemark(server: ServerView, test: TestState | null, { glyphs }: Page): StyledLine {
  if (server.problem !== null) return [span(` ${foreign(server.problem)}`, 'danger')];
  if (test === null) return [];
  if (test.kind === 'running') return [span(` ${glyphs.running} testing`, 'accent')];
  if (test.kind === 'failed') return [span(` ${glyphs.failed} ${foreign(test.message)}`, 'danger')];
  const failed = test.steps.find((step) => !step.ok);
  if (failed === undefined) return [span(` ${glyphs.done} tested`, 'ok')];
  return [span(` ${glyphs.failed} ${foreign(failed.name)}: ${foreign(failed.detail)}`, 'danger')];
}

/** What the screen knows of a server beside the host's view. */
export interface ServerKnowledge {
  readonly facts: FactsState | null;
  /** Milliseconds, oldest first. */
  readonly latencies: readonly number[];
}

export function toServerDetails(
  server: ServerView,
  test: TestState | null,
  page: Page,
  { facts, latencies }: ServerKnowledge = { facts: null, latencies: [] },
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrapExact(span(value), page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  field('address', foreign(server.address));
  if (server.through) field('jump host', foreign(server.through.join(', then ')));
  const environment = toEnvironmentWord(server);
  const token = toEnvironmentToken(server.environment);
  lines.push([span(cell('environment', 14), 'muted'), span(environment, token, { bold: true })]);
  if (server.environmentAssumed) field('', 'none is registered, so it counts as production');
  field('state', server.state);
  lines.push(...toLatencyLines(latencies, page));
  field('registered', server.scope + (server.shadowsGlobal ? ', hides the global record of the same id' : ''));
  if (server.readonly) field('access', 'read only: every write and unlisted command is rejected');
  if (server.labels.length > 0) field('labels', foreign(server.labels.join(', ')));
  if (server.groups.length > 0) field('groups', foreign(server.groups.join(', ')));
  field(
    'host key',
    foreign(
      server.hostKey ??
        toProvedKey(test) ??
        `checked when it connects; ${keyWord('servers', 'testServer')} does that now`,
    ),
  );
  if (server.problem !== null) {
    lines.push(emptyLine, ...wrapProse(withoutCommand(server.problem), 'danger', page.columns));
  }
  if (test) lines.push(emptyLine, ...toTestLines(test, page));
  if (hasUnknownKey(server, test)) {
    lines.push(emptyLine, [
      span(keyWord('servers', 'trustKey'), 'key'),
      span('  shows the key and asks whether you trust it.', 'muted'),
    ]);
  }
  if (server.state !== 'broken') lines.push(emptyLine, ...toFactsLines(facts, page));
  return lines;
}

/** The key that the last test found and knew; a test leaves no connection whose key the host could tell. */
function toProvedKey(test: TestState | null): string | null {
  if (test?.kind !== 'done') return null;
  const step = test.steps.find(({ name, ok }) => name === 'Host key' && ok);
  return /SHA256:[A-Za-z0-9+/]{43}/.exec(step?.detail ?? '')?.[0] ?? null;
}

function toTestLines(test: TestState, page: Page): readonly StyledLine[] {
  const { glyphs } = page;
  if (test.kind === 'running') return [plain(`${glyphs.running} testing the connection`, 'accent')];
  if (test.kind === 'failed')
    return wrapProse(
      withoutCommand(test.message),
      'danger',
      page.columns,
      plain(`${glyphs.failed} `, 'danger'),
      plain('  '),
    );
  const lines: StyledLine[] = [plain('Test', 'title', { bold: true })];
  for (const step of test.steps) {
    const token = step.ok ? 'ok' : 'danger';
    const mark = span(step.ok ? `${glyphs.done} ok      ` : `${glyphs.failed} failed  `, token);
    const head = [mark, span(`${cell(foreign(step.name), 10, glyphs.ellipsis)} `)];
    lines.push(
      ...wrapProse(withoutCommand(step.detail), 'muted', page.columns, head, plain(' '.repeat(columnsOf(head)))),
    );
  }
  return lines;
}

/** A refusal because of an unknown key names the command that trusts it; the screen does that itself, by its key. */
export function withoutCommand(sentence: string): string {
  return sentence.replace(/; compare it with what its owner says, then run `signalbox server trust-key [^`]*`\./, '.');
}

/** The sentence of the last attempt says so; a key that changed is never trusted here. */
export function hasUnknownKey(server: ServerView, test: TestState | null): boolean {
  return isUnknownKey(toProblem(server, test));
}

export function isUnknownKey(sentence: string): boolean {
  return /HOST_KEY_UNKNOWN|host key.*(not known|unknown|is not the confirmed)|unknown host key/i.test(sentence);
}

/** The fingerprint that the server offered, in its problem or its last test; null when none was seen. */
export function toOfferedKey(server: ServerView, test: TestState | null): string | null {
  return /SHA256:[A-Za-z0-9+/]{43}=?/.exec(toProblem(server, test))?.[0] ?? null;
}

/** Whose key that is: a server behind a jump host can be told of the jump host's. Null when the sentence does not say. */
export function toKeyOwner(server: ServerView, test: TestState | null): string | null {
  return /host key of (.+? \([^()]+:\d+\))/i.exec(toProblem(server, test))?.[1] ?? null;
}

/** What the last attempt said: a test is newer than the problem of the connection before it. */
function toProblem(server: ServerView, test: TestState | null): string {
  if (test?.kind === 'failed') return test.message;
  if (test?.kind === 'done') {
    return test.steps
      .filter((step) => !step.ok)
      .map((step) => step.detail)
      .join(' ');
  }
  return server.problem ?? '';
}
