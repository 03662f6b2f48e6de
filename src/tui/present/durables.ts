/**
 * Commands that go on without us: how each stands as far as is known, and what can be done with it. Pure.
 */
import type { DurableView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { toRetryWords } from './retry.ts';
import { toMarkedServer } from './server-name.ts';
import { clip, foreign, readable, span, wrapExact, wrapProse } from './text.ts';
import { toCount, toSpan } from './words.ts';

export function toDurableRow(durable: DurableView, page: Page): StyledLine {
  const { glyphs } = page;
  const [mark, token] = toMark(durable, page);
  const age = toSpan(page.nowMs - durable.startedAtMs);
  return clip(
    [
      span(` ${mark} ${toStanding(durable)} `, token, { bold: true }),
      ...toMarkedServer(durable.server, page),
      span(durable.state === 'running' ? ` since ${age} ` : ` begun ${age} ago `, 'muted'),
      span(readable(durable.title)),
    ],
    page.columns,
    glyphs.ellipsis,
  );
}

export function toDurableDetails(durable: DurableView, page: Page): readonly StyledLine[] {
  return [
    ...wrapExact(span(foreign(durable.title), 'text', { bold: true }), page.columns),
    ...wrapProse(toLost(durable, page) ?? toAdvice(durable), 'text', page.columns),
    ...wrapExact(span(`id ${foreign(durable.id)}`, 'muted'), page.columns),
  ];
}

/** `2 run, 1 ended`; null for none. */
export function toDurableCounts(durables: readonly DurableView[]): string | null {
  const running = durables.filter(({ state }) => state === 'running').length;
  const rest = durables.length - running;
  if (durables.length === 0) return null;
  const parts = [
    ...(running > 0 ? [`${toCount(running, 'command')} under way`] : []),
    ...(rest > 0 ? [`${rest} ended`] : []),
  ];
  return `${parts.join(', ')}; ${keyWord('servers', 'showDurables')} lists them`;
}

/** Running is what was known last: only a look at the server tells more. */
export function toStanding({ state, exitCode }: DurableView): string {
  if (state === 'ended') return exitCode === null ? 'ended' : `ended with ${exitCode}`;
  return state === 'lost' ? 'vanished' : 'running';
}

function toMark({ state, exitCode }: DurableView, { glyphs }: Page): readonly [string, Token] {
  if (state === 'running') return [glyphs.running, 'accent'];
  return state === 'ended' && exitCode === 0 ? [glyphs.done, 'ok'] : [glyphs.failed, 'danger'];
}

/** Null while it is followed, or by nobody. */
function toLost({ server, state }: DurableView, { nowMs, toEnvironment }: Page): string | null {
  const shown = state === 'running' ? (toEnvironment?.(server) ?? null) : null;
  const retry = shown && toRetryWords(shown, nowMs);
  return retry ? `The connection to ${server} is lost, ${retry}; the command goes on there.` : null;
}

function toAdvice({ state, isDone }: DurableView): string {
  if (isDone)
    return `Its output was read to its end and is in the audit log; ${keyWord('durables', 'removeDurable')} takes it out of this list, as a day does.`;
  const [follow, look] = [keyWord('durables', 'followDurable'), keyWord('durables', 'lookDurable')];
  if (state === 'running')
    return `It was running when it was looked at last; ${look} looks now, ${follow} shows the rest of its output.`;
  if (state === 'lost')
    return 'It is not there any more and left no status: the machine was restarted, or somebody ended it. What it had done by then stays done.';
  return `${follow} shows the rest of its output; after that nothing of it is left on the server.`;
}
