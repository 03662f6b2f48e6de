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
  return hashText(toCanonical(record), prev);
}

/** Adds prev and hash. The record must hold no lone surrogates and no NaN, which RFC 8785 cannot express. */
export function chainRecord(record: UnchainedRecord, prev: string): AuditRecord {
  return { ...record, prev, hash: hashRecord(record, prev) };
}

/** The one spelling of a record on disk, without the line end: any other bytes were not written by us. */
export function toRecordLine(record: AuditRecord): string {
  return toCanonical(record);
}

/** The spelling of a record and the hash it should have, for a reader of a million: its fields are spelled once for both. */
export function spellRecord(record: AuditRecord): { readonly line: string; readonly hash: string } {
  const spelled = spellFields(record);
  if (spelled === null) {
    const { prev, hash: _, ...rest } = record;
    return { line: toCanonical(record), hash: hashRecord(rest, prev) };
  }
  const rest = spelled.filter((field) => !field.startsWith('"hash":') && !field.startsWith('"prev":'));
  return { line: `{${spelled.join(',')}}`, hash: hashText(`{${rest.join(',')}}`, record.prev) };
}

function hashText(canonical: string, prev: string): string {
  return createHash('sha256').update(`${prev}\n${canonical}`, 'utf8').digest('hex');
}

/** RFC 8785 of a flat object: names in the order of their code units, values as ECMAScript spells them. Null for anything deeper. */
function spellFields(value: object): string[] | null {
  const fields: string[] = [];
  const entries = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(entries).sort()) {
    const field = entries[name];
    if (field === undefined) continue;
    if (!isFlat(field)) return null;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(field)}`);
  }
  return fields;
}

function isFlat(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string');
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

function toCanonical(value: object): string {
  const fields = spellFields(value);
  if (fields !== null) return `{${fields.join(',')}}`;
  return present(canonicalize(value), 'An object always has a canonical form.');
}
