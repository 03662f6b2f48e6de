/** The hash chain of the audit log: a record's hash covers the record and the hash before it. Knows no files. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { present } from '../../base/assert.ts';
import type { AuditRecord } from './record.ts';

/** `prev` of the very first record. */
export const firstPrev = '0'.repeat(64);

/** Where a chain stands: the next record quotes `hash` and has the number `seq + 1`. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { seq: 0, hash: firstPrev };

/** A record before it is chained. */
export type UnchainedRecord = Omit<AuditRecord, 'prev' | 'hash'>;

/** `sha256(prev + LF + RFC 8785 form of the record without prev and hash)`, hexadecimal. */
export function hashRecord(record: UnchainedRecord, prev: string): string {
  return createHash('sha256')
    .update(`${prev}\n${toCanonical(record)}`, 'utf8')
    .digest('hex');
}

/** Adds prev and hash. The record must hold no lone surrogates and no NaN, which RFC 8785 cannot express. */
export function chainRecord(record: UnchainedRecord, prev: string): AuditRecord {
  return { ...record, prev, hash: hashRecord(record, prev) };
}

/** The one spelling of a record on disk, without the line end: any other bytes were not written by us. */
export function toRecordLine(record: AuditRecord): string {
  return toCanonical(record);
}

function toCanonical(value: object): string {
  return present(canonicalize(value), 'An object always has a canonical form.');
}
