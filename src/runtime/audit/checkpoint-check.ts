/** Holds a log against the checkpoints that were signed of it, while the log is read. Knows no files and no chain. */
import type { ChainHead } from '../../core/audit/chain.ts';
import type { LinePlace } from '../../core/audit/chain-verifier.ts';
import { toKeyFingerprint, unsignedRecordsMax } from '../../core/audit/checkpoint.ts';
import type { AuditRecord, AuditSignature } from '../../core/audit/record.ts';
import type { ReadCheckpoint, ReadCheckpoints } from './checkpoint-files.ts';

export interface CheckpointSources {
  /** Beside the log; null without a file. */
  readonly own: ReadCheckpoints | null;
  /** The second place: its path, and what is in it; null when none is set. */
  readonly second: { readonly path: string; readonly read: ReadCheckpoints | null } | null;
  /** Fingerprints that are trusted; empty: the key of this log. */
  readonly trusted: readonly string[];
  /** Public key of this log; null when it is not there. */
  readonly ownKey: string | null;
}

export interface SignatureProblem {
  readonly problem: string;
  readonly seq: number | null;
  /** Where, when it is not where the reading has come to. */
  readonly place?: LinePlace;
}

export interface CheckpointCheck {
  /** What is wrong with the checkpoints alone. */
  readonly problem: SignatureProblem | null;
  /** Called with the head after each record; a problem when a checkpoint says something else. */
  checkHead(head: ChainHead): SignatureProblem | null;
  /** Called with each open record: what it says of checkpoints is held against them at the end. */
  addOpen(record: AuditRecord, place: LinePlace): void;
  /** Called at the end of the log. */
  checkEnd(head: ChainHead): SignatureProblem | null;
  readonly signature: AuditSignature;
  readonly notes: readonly string[];
}

export function createCheckpointCheck(sources: CheckpointSources): CheckpointCheck {
  const all = [...(sources.own?.checkpoints ?? []), ...(sources.second?.read?.checkpoints ?? [])];
  const keys = [...new Set(all.map((one) => toKeyFingerprint(one.checkpoint.key)))];
  const expected = toExpected(sources, keys);
  // Only these say something about the log; what is wrong with the others is said about them.
  const good = all.filter((one) => one.isSigned && expected.includes(toKeyFingerprint(one.checkpoint.key)));
  const bySeq = new Map<number, ReadCheckpoint[]>();
  for (const one of good) bySeq.set(one.checkpoint.seq, [...(bySeq.get(one.checkpoint.seq) ?? []), one]);
  const signedSeq = good.reduce((max, one) => Math.max(max, one.checkpoint.seq), 0);
  let goodSeq = 0;
  let denied: SignatureProblem | null = null;
  return {
    problem: findOdd(all, sources, keys, expected),
    signature: {
      keys,
      checkpoints: sources.own?.checkpoints.length ?? 0,
      signedSeq,
      second: sources.second?.path ?? null,
    },
    notes: toNotes(sources, keys),
    checkHead(head) {
      const wrong = bySeq.get(head.seq)?.find((one) => one.checkpoint.head !== head.hash);
      if (wrong === undefined) {
        if (bySeq.has(head.seq)) goodSeq = head.seq;
        return null;
      }
      const from = goodSeq === 0 ? 'the log up to it' : `what stands between record ${goodSeq} and it`;
      const problem = `Record ${head.seq} is not the one that was signed (${wrong.where}): ${from} was rewritten.`;
      return { seq: head.seq, problem };
    },
    addOpen(record, place) {
      const problem = findLost(record, bySeq);
      if (problem !== null) denied ??= { problem, seq: record.seq, place };
    },
    checkEnd(head) {
      const later = good.filter((one) => one.checkpoint.seq > head.seq).at(-1);
      if (later !== undefined) {
        const { seq } = later.checkpoint;
        const problem = `The log ends after record ${head.seq}, but record ${seq} was signed (${later.where}): the end was cut off.`;
        return { seq: head.seq + 1, problem };
      }
      const isKeyed = sources.ownKey !== null || sources.trusted.length > 0;
      if (head.seq > 0 && isKeyed && (sources.own?.checkpoints.length ?? 0) === 0)
        return {
          seq: null,
          problem: 'No checkpoint of the log is left, though it has a key: checkpoints.jsonl was removed.',
        };
      if (denied !== null) return denied;
      if (all.length > 0 && head.seq - signedSeq > unsignedRecordsMax) {
        const problem = `No checkpoint covers records ${signedSeq + 1} to ${head.seq}: the last checkpoints were removed, or these records were written by others.`;
        return { seq: signedSeq + 1, problem };
      }
      return null;
    },
  };
}

/** The log itself says what was signed: a checkpoint that it speaks of, and that is nowhere, was taken away. */
function findLost(
  { seq, signedSeq = 0, checkpointsLost }: AuditRecord,
  bySeq: ReadonlyMap<number, readonly ReadCheckpoint[]>,
): string | null {
  const next = 'put checkpoints.jsonl back from a copy, or compare with a second place (--second)';
  if (signedSeq > 0 && !bySeq.has(signedSeq))
    return `Record ${seq} says that record ${signedSeq} was signed, and that checkpoint is gone: checkpoints.jsonl was removed or cut; ${next}.`;
  // The start that found none signed the record before this one: only another checkpoint says something of what was before.
  const isNewOnly = new Set(bySeq.get(seq - 1)?.map((one) => one.checkpoint.sig)).size < 2;
  if (checkpointsLost === true && isNewOnly && ![...bySeq.keys()].some((one) => one > 0 && one < seq - 1))
    return `When record ${seq} was written, no checkpoint of the log was left, though it had a key: whether the records before it are as they were signed cannot be told; ${next}.`;
  return null;
}

/** Keys named by the caller, or the log's own, or, without either, the first one that signed. */
function toExpected({ trusted, ownKey }: CheckpointSources, keys: readonly string[]): readonly string[] {
  if (trusted.length > 0) return trusted;
  return ownKey === null ? keys.slice(0, 1) : [toKeyFingerprint(ownKey)];
}

function findOdd(
  all: readonly ReadCheckpoint[],
  { trusted }: CheckpointSources,
  keys: readonly string[],
  expected: readonly string[],
): SignatureProblem | null {
  const forged = all.find((one) => !one.isSigned);
  if (forged !== undefined) {
    const { seq } = forged.checkpoint;
    return {
      seq,
      problem: `The checkpoint of record ${seq} (${forged.where}) was changed: its signature does not hold.`,
    };
  }
  const foreign = all.find((one) => !expected.includes(toKeyFingerprint(one.checkpoint.key)));
  if (foreign !== undefined) {
    const { seq, key } = foreign.checkpoint;
    const words = `The checkpoint of record ${seq} (${foreign.where}) is signed by ${toKeyFingerprint(key)}, not by ${expected.join(' or ')}`;
    const next = 'if you replaced the key yourself, name every key with --key';
    return { seq, problem: `${words}; ${next}.` };
  }
  const missing = trusted.find((one) => !keys.includes(one));
  if (missing !== undefined) return { seq: null, problem: `No checkpoint is signed by ${missing}.` };
  return null;
}

function toNotes({ own, second, ownKey, trusted }: CheckpointSources, keys: readonly string[]): string[] {
  const notes: string[] = [];
  const odd = (own?.oddLines ?? 0) + (second?.read?.oddLines ?? 0);
  if (odd > 0) notes.push(`${odd} lines of checkpoints cannot be read; a write was cut short, or others wrote there.`);
  if (own === null && ownKey === null && trusted.length === 0)
    notes.push('The log is not signed: it has no key yet; the next start of the host makes one.');
  else if (ownKey === null && trusted.length === 0 && keys.length > 0)
    notes.push(`The key of the log is not here; ${keys[0]} is believed because the checkpoints name it.`);
  if (second === null)
    notes.push(
      'No second place for checkpoints is set (audit.secondPlace in config.json): whoever holds the key can sign another log.',
    );
  else if (second.read === null)
    notes.push(`The second place ${second.path} does not exist, so nothing was compared with it.`);
  else {
    const there = new Set(second.read.checkpoints.map((one) => one.checkpoint.sig));
    const lacking = own?.checkpoints.filter((one) => !there.has(one.checkpoint.sig)).length ?? 0;
    if (lacking > 0)
      notes.push(`The second place ${second.path} lacks ${lacking} checkpoints: it was not set or not writable then.`);
  }
  return notes;
}
