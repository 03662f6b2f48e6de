/** Reads a whole log and says whether it is as it was written and signed, or which line is the first that is not. Writes nothing. */
import { join } from 'node:path';
import { type ChainProblem, createChainVerifier, parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditRecord, AuditVerdict } from '../../core/audit/record.ts';
import { type CheckpointCheck, createCheckpointCheck, type SignatureProblem } from './checkpoint-check.ts';
import { checkpointsName, readCheckpoints } from './checkpoint-files.ts';
import { readHead } from './head-file.ts';
import { listSegments, readSegmentLines, type SegmentFile } from './segment-files.ts';
import { readPublicKey } from './signing-key.ts';
import { createTimeSlice } from './time-slice.ts';

export interface VerifyOptions {
  /** Fingerprints of the keys to trust; without one, the key of this log. */
  readonly trusted?: readonly string[];
  /** Where the key of this log is. */
  readonly keyFile?: string;
  /** A file with checkpoints that was kept elsewhere. */
  readonly secondPlace?: string | null;
}

/** @returns ok with the head and notes on what is odd but harmless, or the first problem by file, line and number. */
export async function verifyFolder(folder: string, options: VerifyOptions = {}): Promise<AuditVerdict> {
  // What was noted and signed is read first: the files may grow while they are read, it may not be newer than they are.
  const noted = await readHead(folder);
  const check = await openCheck(folder, options);
  const segments = await listSegments(folder);
  const verifier = createChainVerifier();
  const notes: string[] = [];
  const jumps = createJumpCounter();
  const pause = createTimeSlice();
  let last = { file: segments[0]?.name ?? checkpointsName, line: 0 };
  const fail = (found: SignatureProblem, place = last): AuditVerdict => ({
    ...{ ok: false, records: verifier.records, problem: found.problem, seq: found.seq },
    ...{ file: place.file, line: place.line },
  });
  for (const [index, segment] of segments.entries()) {
    for (const line of await readSegmentLines(segment.path)) {
      const pausing = pause();
      // Nearly always there is no pause, and a turn of the microtask queue for each of a million lines would cost more than most checks.
      if (pausing !== undefined) await pausing;
      const place = { file: segment.name, line: line.line };
      if (!line.isWhole && index === segments.length - 1) {
        notes.push(
          `The last line of ${segment.name} has no end: it is being written, or was torn and the next start sets it aside.`,
        );
        continue;
      }
      const problem = line.isWhole ? verifier.check(line.text, place) : cutLine(place, verifier.head.seq + 1);
      if (problem !== null) return toVerdict(verifier.records, await explain(problem, segments));
      const opened = toOpenRecord(line.text);
      if (opened?.note !== undefined) notes.push(opened.note);
      if (opened !== null) check.addOpen(opened, place);
      const { head } = verifier;
      jumps.add(verifier.ts, head.seq);
      const unsigned = check.checkHead(head);
      if (unsigned !== null) return fail(unsigned, place);
      if (noted?.seq === head.seq && head.hash !== noted.hash)
        return fail(
          {
            seq: head.seq,
            problem: `Record ${head.seq} is not the one that was noted in head.json: the log up to it was replaced.`,
          },
          place,
        );
      last = place;
    }
  }
  const { head } = verifier;
  const next = { file: last.file, line: last.line + 1 };
  // A log that was changed was named above; now the checkpoints themselves, then what they say of the end.
  if (check.problem !== null) return fail(check.problem, { file: checkpointsName, line: 0 });
  const unsigned = check.checkEnd(head);
  if (unsigned !== null) return fail(unsigned, unsigned.place ?? next);
  if (noted !== null && noted.seq > head.seq) {
    const problem = `The log ends after record ${head.seq}, but it had come to record ${noted.seq}: the end was cut off.`;
    return fail({ seq: head.seq + 1, problem }, next);
  }
  const more = options.keyFile === undefined && check.signature.checkpoints === 0 ? [] : check.notes;
  const jumped = jumps.note();
  if (jumped !== null) notes.push(jumped);
  const signature = check.signature.checkpoints > 0 ? { signature: check.signature } : {};
  return { ok: true, records: verifier.records, head: head.hash, notes: [...notes, ...more], ...signature };
}

async function openCheck(folder: string, options: VerifyOptions): Promise<CheckpointCheck> {
  const { keyFile, trusted = [], secondPlace = null } = options;
  const second =
    secondPlace === null ? null : { path: secondPlace, read: await readCheckpoints(secondPlace, secondPlace) };
  return createCheckpointCheck({
    own: await readCheckpoints(join(folder, checkpointsName), checkpointsName),
    ...{ second, trusted, ownKey: keyFile === undefined ? null : readPublicKey(keyFile) },
  });
}

function cutLine(place: { file: string; line: number }, expectedSeq: number): ChainProblem {
  const problem = `The line was cut off; record ${expectedSeq} should stand here.`;
  return { ...place, kind: 'changed', seq: expectedSeq, expectedSeq, problem };
}

function toVerdict(records: number, problem: ChainProblem): AuditVerdict {
  return { ok: false, records, problem: problem.problem, file: problem.file, line: problem.line, seq: problem.seq };
}

/** A record that is missing here and stands further down was moved. */
async function explain(problem: ChainProblem, segments: readonly SegmentFile[]): Promise<ChainProblem> {
  if (problem.kind !== 'gap') return problem;
  const pause = createTimeSlice();
  const from = segments.findIndex((segment) => segment.name === problem.file);
  for (const segment of segments.slice(from)) {
    for (const line of await readSegmentLines(segment.path)) {
      await pause();
      if (segment.name === problem.file && line.line <= problem.line) continue;
      if (parseRecord(line.text)?.seq !== problem.expectedSeq) continue;
      const where = `${segment.name}:${line.line}`;
      return {
        ...problem,
        problem: `Records were reordered: record ${problem.expectedSeq} stands at ${where}, after record ${problem.seq}.`,
      };
    }
  }
  return problem;
}

/** Corrections by less than this are what clocks do all day. */
const jumpMsMin = 1_000;

/** The order of records is that of their numbers; where times contradict it, the clock of the machine was set back. */
function createJumpCounter(): { add(ts: string, seq: number): void; note(): string | null } {
  let last = '';
  let count = 0;
  let first = '';
  return {
    add(ts, seq) {
      if (ts < last && Date.parse(last) - Date.parse(ts) >= jumpMsMin) {
        if (count === 0) first = `before record ${seq}, from ${last} to ${ts}`;
        count += 1;
      }
      last = ts;
    },
    note() {
      if (count === 0) return null;
      const often = count === 1 ? `once, ${first}` : `${count} times, first ${first}`;
      return `The clock went back ${often}: records are in the order of their numbers, and filters by time go by what the clock said.`;
    },
  };
}

/** What the log says about itself: torn lines, changed segments, what was signed. */
function toOpenRecord(text: string): AuditRecord | null {
  if (!text.includes('"type":"open"')) return null;
  const record = parseRecord(text);
  return record?.type === 'open' ? record : null;
}
