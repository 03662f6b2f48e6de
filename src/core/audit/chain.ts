/** The hash chain of the audit log: a record's hash covers the record and the hash before it. Knows no files. */
import { hash as digest } from 'node:crypto';
import canonicalize from 'canonicalize';
import { assert, present } from '../../base/assert.ts';
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

/** Whether a line of the log is as it was written, for a reader of a million: what is in order already is spelled and hashed as it stands. */
export function judgeLine(line: string, record: AuditRecord): 'good' | 'misspelled' | 'changed' {
  const { prev, hash } = record;
  if (isInOrder(record)) {
    if (JSON.stringify(record) !== line) return 'misspelled';
    return hashText(dropField(dropField(line, 'hash', hash), 'prev', prev), prev) === hash ? 'good' : 'changed';
  }
  if (toCanonical(record) !== line) return 'misspelled';
  const { prev: _, hash: __, ...rest } = record;
  return hashRecord(rest, prev) === hash ? 'good' : 'changed';
}

/** Flat, and its names stand as RFC 8785 wants them: then ECMAScript's own spelling is the canonical one. */
function isInOrder(record: AuditRecord): boolean {
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  let before = '';
  for (const name of Object.keys(fields)) {
    if (name < before || !isFlat(fields[name])) return false;
    before = name;
  }
  return true;
}

/**
 * A field of a flat object in canonical form, cut out of it. `"name":` stands once there: within a text its quotes would be escaped. The
 * comma behind it is there, since a record ends with its `v`.
 */
function dropField(line: string, name: 'prev' | 'hash', value: string): string {
  const field = `"${name}":"${value}",`;
  const at = line.indexOf(field);
  assert(at !== -1, 'A record spells its own fields.');
  return line.slice(0, at) + line.slice(at + field.length);
}

function hashText(canonical: string, prev: string): string {
  return digest('sha256', `${prev}\n${canonical}`, 'hex');
}

/** RFC 8785: names in the order of their code units, values as ECMAScript spells them, which it does natively for a flat object. */
function toCanonical(value: object): string {
  const sorted = toSorted(value);
  if (sorted !== null) return JSON.stringify(sorted);
  return present(canonicalize(value), 'An object always has a canonical form.');
}

/** The same fields in order. Null for anything deeper, and for names with a digit in front, which an object may put in an order of its own. */
function toSorted(value: object): object | null {
  const fields = value as Readonly<Record<string, unknown>>;
  // Without a prototype: no name means anything else than a field.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name];
    if (field === undefined) continue;
    if (!isFlat(field) || isDigit(name)) return null;
    sorted[name] = field;
  }
  return sorted;
}

function isDigit(name: string): boolean {
  const code = name.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}

function isFlat(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    default:
      return value === null || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
  }
}
