/**
 * What the host takes long with, in the hint line: a sign of life, words, seconds, and the key that ends it. Pure; escapes what it is given.
 */
import type { CallInFlight } from '../calls-in-flight.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { foreign, span } from './text.ts';

/** The sign moves this often. */
const frameMs = 250;

/** @param cancelKeys the keys that end it, as people write them. */
export function toCallLine(call: CallInFlight, monotonicMs: number, cancelKeys: string, page: Page): StyledLine {
  const elapsedMs = Math.max(0, monotonicMs - call.startedMs);
  const frames = [...page.glyphs.spinner];
  const others = call.others === 0 ? '' : ` and ${call.others} more`;
  const end = call.isCancelled
    ? [span(' being ended', 'warn')]
    : call.canCancel
      ? [span(' '), span(cancelKeys, 'key'), span(' stops waiting', 'muted')]
      : [];
  return [
    span(` ${frames[Math.floor(elapsedMs / frameMs) % frames.length] ?? ''} `, 'accent'),
    span(`${foreign(call.words)}${others}`, 'text'),
    span(` ${Math.floor(elapsedMs / 1_000)} s`, 'muted'),
    ...end,
    span('  '),
  ];
}
