/**
 * What a server told of itself, and how its latency went, as lines of the Servers view. Pure.
 */

import type { LineView, ServerFactsView } from '../../protocol/server-facts-view.ts';
import type { ServerView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { FactsState } from '../server-desk.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { toSparkline } from './sparkline.ts';
import { cell, columnsOf, foreign, plain, span, wrap, wrapExact, wrapProse } from './text.ts';
import { toBytes, toCount, toSpan } from './words.ts';

const nameColumns = 14;
/** The scale of the bars reaches at least so high: a millisecond more or less is not to look like a mountain. */
const latencyScaleMs = 20;

/** Above the first line of the facts. */
export const factsHeading = 'Facts';

export function toFactsLines(state: FactsState | null, page: Page): readonly StyledLine[] {
  const title = plain(factsHeading, 'title', { bold: true });
  if (state === null)
    return [
      title,
      ...wrap(
        [
          span(keyWord('servers', 'serverFacts'), 'key'),
          span('  asks what it is: system, services, disks, clock; recorded like any read.', 'muted'),
        ],
        page.columns,
      ),
    ];
  if (state.kind === 'running') return [title, plain(`${page.glyphs.running} asking the server`, 'accent')];
  if (state.kind === 'failed') {
    const mark = plain(`${page.glyphs.failed} `, 'danger');
    return [title, ...wrapProse(state.message, 'danger', page.columns, mark, plain('  '))];
  }
  return [title, ...toFields(state.facts, page).flatMap(([name, value]) => toField(name, value, page))];
}

function toField(name: string, value: string, page: Page): readonly StyledLine[] {
  const head = plain(cell(foreign(name), nameColumns, page.glyphs.ellipsis), 'muted');
  return wrapExact(span(foreign(value)), page.columns, head, plain(' '.repeat(nameColumns)));
}

function hasRoom(mount: string): boolean {
  return columnsOf([span(foreign(`disk ${mount}`))]) < nameColumns;
}

function toFields(facts: ServerFactsView, page: Page): readonly (readonly [string, string])[] {
  const { memory, services, uptimeSeconds, clockSkewSeconds: skew, processors } = facts;
  const ageMs = page.nowMs - Date.parse(facts.gatheredAt);
  const fields: (readonly [string, string | null])[] = [
    [
      'seen',
      `${Number.isFinite(ageMs) ? `${toSpan(ageMs)} ago` : 'before'}; ${keyWord('servers', 'serverFacts')} looks again`,
    ],
    ['system', facts.os],
    ['kernel', join(facts.kernel, facts.architecture)],
    ['packages', facts.packageManager],
    ['init', facts.init],
    ['machine', join(processors === null ? null : toCount(processors, 'processor'), memory && toMemory(memory))],
    ...(facts.disks ?? []).map(({ mount, sizeBytes, availableBytes }): readonly [string, string] => [
      // Where it has no room beside the word, it stands before what is said of it.
      hasRoom(mount) ? `disk ${mount}` : 'disk',
      `${hasRoom(mount) ? '' : `${mount}, `}${toBytes(availableBytes)} free of ${toBytes(sizeBytes)}`,
    ]),
    ['up for', uptimeSeconds === null ? null : toSpan(uptimeSeconds * 1_000)],
    ['clock', skew === null ? null : toSkew(skew)],
    ['login shell', facts.loginShell],
    ['tools', facts.tools && (facts.tools.join(', ') || 'none of those that help')],
    ['services', services && toServices(services)],
    ...facts.unknown.map(({ probe, reason }): readonly [string, string] => [`no ${probe}`, reason]),
  ];
  return fields.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

function join(...parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.join(', ');
}

function toMemory({ availableBytes, totalBytes }: NonNullable<ServerFactsView['memory']>): string {
  return `${toBytes(availableBytes)} free of ${toBytes(totalBytes)}`;
}

function toServices({ running, more }: NonNullable<ServerFactsView['services']>): string {
  if (running.length === 0) return 'none runs';
  return `${running.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function toSkew(seconds: number): string {
  if (Math.abs(seconds) <= 1) return 'as ours';
  return `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ours`;
}

/** What connections have shown without being asked; only what is other than usual, but for what is always worth a line. */
export function toLineLines(line: LineView | null, page: Page): readonly StyledLine[] {
  if (line === null) return [];
  const { software, systemSsh, sessionsMax, roundTripMs, isFar } = line;
  const way = isFar ? 'far: as few round trips as can be are made' : 'near';
  const fields: readonly (readonly [string, string | null])[] = [
    ['ssh server', join(software, roundTripMs === null ? null : way)],
    ['transport', systemSsh === null ? null : `your system's ssh, since ${systemSsh}`],
    ['files', toFileWords(line)],
    [
      'sessions',
      sessionsMax === null
        ? null
        : `at most ${sessionsMax} at once, of commands, shells and files; it refused one more`,
    ],
    ['commands', toCommandWords(line)],
  ];
  return fields.flatMap(([name, value]) => (value === null ? [] : toField(name, value, page)));
}

function toFileWords({ files }: LineView): string | null {
  if (files === null) return null;
  if (files === 'none') return 'no SFTP: files cannot be read or written';
  const how = files.posixRename ? 'SFTP, replaced in one step' : 'SFTP, written in place, not in one step';
  const missing = [...(files.fsync ? [] : ['fsync']), ...(files.statvfs ? [] : ['statvfs'])];
  return missing.length === 0 ? how : `${how}; it has no ${missing.join(' and no ')}`;
}

function toCommandWords({ commands, printsFirst }: LineView): string | null {
  if (commands === 'none') return 'refused';
  if (commands === 'other program')
    return 'another program answers in their place (ForceCommand, or a restricted login)';
  return printsFirst ? 'run; start-up files of the account print something before each, which is left out' : null;
}

/** Nothing before the first measurement; an open connection is measured every few seconds, one that is gone no more. */
export function toLatencyLines(
  latencies: readonly number[],
  page: Page,
  state: ServerView['state'],
): readonly StyledLine[] {
  const last = latencies.at(-1);
  if (last === undefined) return [];
  const when = state === 'connected' ? 'now' : 'last';
  const words = `${when} ${Math.round(last)} ms, ${Math.round(Math.min(...latencies))} to ${Math.round(Math.max(...latencies))} ms `;
  const bars = toSparkline(latencies, page.columns - nameColumns - words.length, page.glyphs, latencyScaleMs);
  return [[span(cell('latency', nameColumns), 'muted'), span(words), span(bars, 'accent')]];
}
