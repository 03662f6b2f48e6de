/** Checks the lines of an audit log one after another and names the first one that is not as it was written. Knows no files. */
import { type ChainHead, emptyChain, judgeLine } from './chain.ts';
import type { AuditRecord } from './record.ts';

/** Where a line stands, for the message. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
}

export interface ChainProblem extends LinePlace {
  readonly problem: string;
  readonly seq: number | null;
  /** The number that should have come here; a caller that looks ahead for it can tell "missing" from "moved". */
  readonly expectedSeq: number;
  readonly kind: 'changed' | 'gap' | 'inserted';
}

export interface ChainVerifier {
  /** Returns the first problem, or null; after a problem no further line may be given. */
  check(text: string, place: LinePlace): ChainProblem | null;
  readonly head: ChainHead;
  readonly records: number;
  /** Of the newest record; empty before the first. */
  readonly ts: string;
}

export function createChainVerifier(): ChainVerifier {
  let head = emptyChain;
  let records = 0;
  let ts = '';
  return {
    check(text, place) {
      const expectedSeq = head.seq + 1;
      const found = judge(text, head);
      if ('record' in found) {
        head = { seq: found.record.seq, hash: found.record.hash };
        records += 1;
        ts = found.record.ts;
        return null;
      }
      return { ...place, expectedSeq, ...found };
    },
    get head() {
      return head;
    },
    get records() {
      return records;
    },
    get ts() {
      return ts;
    },
  };
}

type Judgement = { readonly record: AuditRecord } | Pick<ChainProblem, 'problem' | 'seq' | 'kind'>;

function judge(text: string, head: ChainHead): Judgement {
  const record = parseRecord(text);
  const expected = head.seq + 1;
  if (record === null) return changed(null, `The line is not an audit record; record ${expected} should stand here.`);
  const { seq } = record;
  const { prev } = record;
  const judged = judgeLine(text, record);
  if (judged === 'misspelled') return changed(seq, `Record ${seq} is not spelled as it was written.`);
  if (judged === 'changed') return changed(seq, `Record ${seq} was changed after it was written.`);
  if (seq > expected) {
    const gap =
      seq === expected + 1 ? `Record ${expected} is missing` : `Records ${expected} to ${seq - 1} are missing`;
    return { kind: 'gap', seq, problem: `${gap} before record ${seq}.` };
  }
  if (seq < expected)
    return { kind: 'inserted', seq, problem: `Record ${seq} was inserted or repeated after record ${head.seq}.` };
  if (prev !== head.hash)
    return {
      kind: 'inserted',
      seq,
      problem: `Record ${seq} does not continue record ${head.seq}: it or what came before was replaced.`,
    };
  return { record };
}

function changed(seq: number | null, problem: string): Judgement {
  return { kind: 'changed', seq, problem };
}

/** Null when the line is no record of version 1. */
export function parseRecord(text: string): AuditRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { v, seq, ts, type, id, prev, hash } = value as Record<string, unknown>;
  const isRecord =
    v === 1 &&
    Number.isSafeInteger(seq) &&
    typeof ts === 'string' &&
    typeof type === 'string' &&
    typeof id === 'string' &&
    isHash(prev) &&
    isHash(hash);
  return isRecord ? (value as AuditRecord) : null;
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
