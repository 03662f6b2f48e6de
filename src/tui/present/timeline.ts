/**
 * The time line of the audit log: a bar for each stretch of time, a mark below it for what went wrong, and the chosen stretch in words. Pure.
 */

import type { TimeBucketView } from '../../protocol/audit-methods.ts';
import type { Timeline } from '../audit-timeline.ts';
import { keyWord } from '../key-words.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, columnsOf, plain, span } from './text.ts';
import { toCount } from './words.ts';

export const timelineRows = 3;

/** @param chosen index of the bucket that the list is narrowed to; -1 for none. */
export function toTimelineLines(timeline: Timeline, chosen: number, page: Page): readonly StyledLine[] {
  const shown = timeline.buckets.slice(-page.columns);
  const hidden = timeline.buckets.length - shown.length;
  const most = Math.max(1, ...shown.map(toTotal));
  const steps = [...page.glyphs.bars];
  const bars = shown.map((bucket, index) => {
    const total = toTotal(bucket);
    const step = total === 0 ? 0 : Math.max(1, Math.round((total / most) * (steps.length - 1)));
    return span(steps[step] ?? ' ', toBucketToken(bucket), index + hidden === chosen ? { inverse: true } : {});
  });
  const marks = shown.map((bucket, index) => {
    const mark = bucket.failed > 0 ? '!' : bucket.stopped > 0 ? 'x' : ' ';
    return span(index + hidden === chosen && mark === ' ' ? '^' : mark, toBucketToken(bucket));
  });
  return [bars, marks, toFitting(toWords(timeline, chosen), page)];
}

/** The counts are what one looks for: the keys, which are the last three pieces, are left out where there is no room for them. */
function toFitting(words: StyledLine, { columns, glyphs }: Page): StyledLine {
  const shown = columnsOf(words) > columns ? words.slice(0, -3) : words;
  return clip(shown, columns, glyphs.ellipsis);
}

/** What went wrong is more than what went well. */
function toBucketToken({ failed, stopped, running, ok }: TimeBucketView): Token {
  if (failed > 0) return 'danger';
  if (stopped > 0) return 'warn';
  return running > ok ? 'accent' : 'ok';
}

function toTotal({ ok, stopped, failed, running }: TimeBucketView): number {
  return ok + stopped + failed + running;
}

function toWords(timeline: Timeline, chosen: number): StyledLine {
  const bucket = timeline.buckets[chosen];
  if (bucket)
    return [
      ...toStretch(bucket, timeline.bucketMs),
      span(', '),
      ...toCounts(bucket),
      ...toKeys(keyWord('audit', 'allTimes'), ' shows all times'),
    ];
  const sum = timeline.buckets.reduce((all, one) => ({
    ...{ atMs: all.atMs, ok: all.ok + one.ok, stopped: all.stopped + one.stopped },
    ...{ failed: all.failed + one.failed, running: all.running + one.running },
  }));
  const unit = plain(`${toUnit(timeline.bucketMs)} a bar${timeline.isCut ? ', newest only' : ''}: `, 'muted');
  return [
    ...unit,
    ...toCounts(sum),
    ...toKeys(`${keyWord('audit', 'earlier')} ${keyWord('audit', 'later')}`, ' go to one'),
  ];
}

function toKeys(keys: string, words: string): readonly Span[] {
  return [span('; ', 'muted'), span(keys, 'key'), span(words, 'muted')];
}

function toCounts({ ok, stopped, failed, running }: TimeBucketView): readonly Span[] {
  const parts: Span[] = [span(toCount(ok + stopped + failed + running, 'action'))];
  const add = (count: number, words: string, token: Token): void => {
    if (count > 0) parts.push(span(`, ${count} ${words}`, token));
  };
  add(ok, 'ok', 'ok');
  add(stopped, 'refused (x)', 'warn');
  add(failed, 'failed (!)', 'danger');
  add(running, 'not ended', 'accent');
  return parts;
}

/** In UTC, as the rows of the log. */
function toStretch({ atMs }: TimeBucketView, bucketMs: number): StyledLine {
  const text = (ms: number): string => new Date(ms).toISOString().slice(5, 16).replace('T', ' ');
  return [span(`${text(atMs)} to ${text(atMs + bucketMs)}`, 'title', { bold: true })];
}

function toUnit(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 60) return toCount(minutes, 'minute');
  return minutes < 1_440 ? toCount(minutes / 60, 'hour') : toCount(minutes / 1_440, 'day');
}
