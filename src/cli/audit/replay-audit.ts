/** `audit replay`: plays the recording of one operation at the terminal, or prints it into a pipe. */
import { setTimeout as wait } from 'node:timers/promises';
import { present } from '../../base/assert.ts';
import type { AuditRecord } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import { toFollowers, toPlayed } from '../../core/later-results.ts';
import { limits } from '../../core/limits.ts';
import { type LoadedRecording, loadRecording } from '../../core/recording/load-recording.ts';
import { Playback } from '../../protocol/playback.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { hashRecording, readRecordingPart, toRecordingPath } from '../../runtime/recordings/read-recording.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, printLine, printNote } from '../output.ts';
import { toByteWriter, toSafeLine } from '../safe-text.ts';
import { findRow } from './audit-filter.ts';
import { openReplayKeys } from './replay-keys.ts';

export interface ReplayOptions {
  readonly speed: number;
  /** Longest pause in seconds. */
  readonly idle: number;
  readonly file?: true;
}

/** The exit status is 8 when the recording is not the one that the log registered. */
export async function replayAudit(io: CliIo, id: string, options: ReplayOptions): Promise<void> {
  const paths = toPaths(io.env);
  const reader = openAuditReader({ folder: paths.auditFolder });
  const row = await findRow(reader, id);
  const records = await reader.records(row.id);
  const recordings = await findRecordings(row.id, records, (other) => reader.records(other));
  const folder = paths.recordingsFolder;
  for (const { name, sha256 } of recordings) await checkRecording(io, folder, name, sha256);
  if (options.file) {
    for (const { name } of recordings) printLine(io, toRecordingPath(folder, name));
    return;
  }
  const { header, events } = await loadAll(io, folder, recordings);
  if (
    !records.some(
      ({ type, origin, recording }) => recording !== undefined || (type === 'result' && origin !== 'program'),
    )
  )
    printNote(io, 'Its host was killed while it ran: this is what was seen since then.');
  if (row.outcome === 'goes-on')
    printNote(io, 'The command went on when it was not followed any more: what it printed since is not part of this.');
  const isTerminal = io.stdout.isTTY === true;
  if (isTerminal)
    printNote(io, `${toSafeLine(header.title)} (Space pauses, + and - change the speed, Right skips, q ends)`);
  await play(io, new Playback(events, { pauseSecondsMax: options.idle }), isTerminal ? options.speed : Infinity);
}

async function checkRecording(io: CliIo, folder: string, name: string, sha256: string | null): Promise<void> {
  if (sha256 !== null && (await hashRecording(folder, name)) === sha256) return;
  printNote(
    io,
    sha256 === null
      ? 'The log has registered no end of this recording: its command still runs, or its host was killed meanwhile.'
      : 'This recording is not what the log registered: it was changed.',
  );
  io.exitCode = exitCodes.recordsUnwritable;
}

/** One after the other, as one. */
async function loadAll(
  io: CliIo,
  folder: string,
  recordings: readonly Recording[],
): Promise<Pick<LoadedRecording, 'header' | 'events'>> {
  const loaded: LoadedRecording[] = [];
  for (const { name } of recordings) {
    const read = (offset: number, bytesMax: number) => readRecordingPart(folder, name, offset, bytesMax);
    const one = await loadRecording(read, limits.recordingBytesMax * 2);
    if (one.linesLeftOut > 0)
      printNote(io, `${one.linesLeftOut} lines of the recording could not be read and are left out.`);
    loaded.push(one);
  }
  let beforeSeconds = 0;
  const events = loaded.flatMap((one) => {
    const from = beforeSeconds;
    beforeSeconds += one.events.at(-1)?.atSeconds ?? 0;
    return one.events.map(({ atSeconds, text }) => ({ atSeconds: from + atSeconds, text }));
  });
  return { header: present(loaded[0], 'There is a recording.').header, events };
}

/** Of the operation, and of those that followed its durable command later. Throws INVALID_ARGUMENT where there is none. */
async function findRecordings(
  id: string,
  records: readonly AuditRecord[],
  read: (id: string) => Promise<readonly AuditRecord[]>,
): Promise<readonly Recording[]> {
  const followers = await Promise.all(toFollowers(records).map(async (other) => ({ records: await read(other) })));
  const all = [...(hasRecording({ records }) ? [{ records }] : []), ...toPlayed(followers.filter(hasRecording))];
  const recordings = all.map((each) => findRecording(id, each.records));
  return recordings.length > 0 ? recordings : [findRecording(id, records)];
}

function hasRecording({ records }: { readonly records: readonly AuditRecord[] }): boolean {
  return records.some(({ recording }) => recording !== undefined);
}

interface Recording {
  readonly name: string;
  /** Null while the log has registered no end of it. */
  readonly sha256: string | null;
}

/** The last record knows most: a progress record stands for a host that was killed. */
export function findRecording(id: string, records: readonly AuditRecord[]): Recording {
  const last = records.findLast(({ recording }) => recording !== undefined);
  if (last?.recording !== undefined) return { name: last.recording, sha256: last.recordingSha256 ?? null };
  throw new OperationError(
    'INVALID_ARGUMENT',
    `Operation ${toSafeLine(id)} has no recording: only commands that printed something have one.`,
  );
}

const skipSeconds = 5;
/** How often the position is brought up to date: as often as a screen is drawn. */
const frameMs = 33;

/** Remote bytes reach a terminal escaped; into a pipe they go as they are. */
async function play(io: CliIo, playback: Playback, speed: number): Promise<void> {
  const writer = toByteWriter(io.stdout);
  const write = (text: string): void => {
    if (text !== '') writer.write(Buffer.from(text, 'utf8'));
  };
  if (speed === Infinity) write(playback.goTo(playback.durationSeconds).text);
  const keys = openReplayKeys(io, speed);
  try {
    let beforeMs = performance.now();
    while (!playback.isAtEnd && keys.state !== 'ended') {
      const nowMs = performance.now();
      const elapsed = keys.state === 'playing' ? ((nowMs - beforeMs) / 1_000) * keys.speed : 0;
      beforeMs = nowMs;
      write(playback.advance(elapsed + keys.takeSkips() * skipSeconds).text);
      const next = playback.untilNextSeconds;
      if (next !== null)
        await wait(keys.state === 'playing' ? Math.min(frameMs, (next * 1_000) / keys.speed) : frameMs);
    }
  } finally {
    keys.dispose();
    writer.end();
  }
}
