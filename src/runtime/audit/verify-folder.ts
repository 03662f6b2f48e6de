/** Reads a whole log and says whether it is as it was written, or which line is the first that is not. Writes nothing. */
import { type ChainProblem, createChainVerifier, parseRecord } from '../../core/audit/chain-verifier.ts';
import type { AuditVerdict } from '../../core/audit/record.ts';
import { readHead } from './head-file.ts';
import { listSegments, readSegmentLines, type SegmentFile } from './segment-files.ts';

/** @returns ok with the head and notes on what is odd but harmless, or the first problem by file, line and number. */
export async function verifyFolder(folder: string): Promise<AuditVerdict> {
  // The head is read first: the files may grow while they are read, the head may not be newer than they are.
  const noted = await readHead(folder);
  const segments = await listSegments(folder);
  const verifier = createChainVerifier();
  const notes: string[] = [];
  let last = { file: segments[0]?.name ?? '', line: 0 };
  for (const [index, segment] of segments.entries()) {
    for (const line of await readSegmentLines(segment.path)) {
      const place = { file: segment.name, line: line.line };
      if (!line.isWhole && index === segments.length - 1) {
        notes.push(
          `The last line of ${segment.name} has no end: it is being written, or was torn and the next start sets it aside.`,
        );
        continue;
      }
      const problem = line.isWhole ? verifier.check(line.text, place) : cutLine(place, verifier.head.seq + 1);
      if (problem !== null) return toVerdict(verifier.records, await explain(problem, segments));
      const note = toNote(line.text);
      if (note !== null) notes.push(note);
      if (noted !== null && verifier.head.seq === noted.seq && verifier.head.hash !== noted.hash) {
        const replaced = `Record ${noted.seq} is not the one that was noted in head.json: the log up to it was replaced.`;
        return toVerdict(verifier.records, {
          ...cutLine(place, noted.seq),
          kind: 'changed',
          seq: noted.seq,
          problem: replaced,
        });
      }
      last = place;
    }
  }
  if (noted !== null && noted.seq > verifier.head.seq) {
    const place = { file: last.file, line: last.line + 1 };
    const first = verifier.head.seq + 1;
    const problem = `The log ends after record ${verifier.head.seq}, but it had come to record ${noted.seq}: the end was cut off.`;
    return toVerdict(verifier.records, { ...cutLine(place, first), seq: first, problem });
  }
  return { ok: true, records: verifier.records, head: verifier.head.hash, notes };
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
  const from = segments.findIndex((segment) => segment.name === problem.file);
  for (const segment of segments.slice(from)) {
    for (const line of await readSegmentLines(segment.path)) {
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

/** What the log says about itself: torn lines, changed segments. */
function toNote(text: string): string | null {
  if (!text.includes('"type":"open"')) return null;
  const record = parseRecord(text);
  return record?.type === 'open' ? (record.note ?? null) : null;
}
