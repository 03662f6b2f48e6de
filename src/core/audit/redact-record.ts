/** Makes an audit entry safe to write: every text redacted, long ones shortened with a note that says so. Comes before hashing. */
import { createHash } from 'node:crypto';
import { limits } from '../limits.ts';
import type { AuditEntry } from './record.ts';
import type { Redactor } from './redactor.ts';

/** Fields of closed vocabularies, numbers and hashes: they hold no text of others. */
const plainFields: ReadonlySet<string> = new Set<keyof AuditEntry>([
  'type',
  'id',
  'tool',
  'decision',
  'policyHash',
  'status',
  'code',
  'beforeSha256',
  'wantedSha256',
  'afterSha256',
  'commitBefore',
  'commit',
  'rollsBack',
  'recording',
  'recordingSha256',
  'hostKey',
]);

export type SafeEntry = AuditEntry & { readonly redacted?: number };

/** Returns a copy; undefined fields are left out, `redacted` is there when something was replaced. */
export function redactRecord(entry: AuditEntry, redactor: Redactor): SafeEntry {
  let count = 0;
  const notes: string[] = [];
  const safe: Record<string, unknown> = {};

  const toSafeText = (field: string, text: string): string => {
    const redacted = plainFields.has(field) ? { text, count: 0 } : redactor.redact(text);
    count += redacted.count;
    return shorten(field, toWellFormed(redacted.text), limits.auditTextCharactersMax, notes);
  };

  for (const [field, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    if (typeof value === 'string') safe[field] = toSafeText(field, value);
    else if (plainFields.has(field)) safe[field] = value;
    else if (Array.isArray(value)) {
      const redacted = redactor.redactArgv(value.map(String));
      count += redacted.count;
      safe[field] = shortenArgv(field, redacted.argv.map(toWellFormed), notes);
    } else if (typeof value !== 'number' || Number.isFinite(value)) safe[field] = value;
  }
  if (count > 0) safe.redacted = count;
  if (notes.length > 0) safe.note = [...(typeof safe.note === 'string' ? [safe.note] : []), ...notes].join(' ');
  return safe as unknown as SafeEntry;
}

/** Keeps the beginning, and the hash of the whole so that it can still be compared. */
function shorten(field: string, text: string, charactersMax: number, notes: string[]): string {
  if (text.length <= charactersMax) return text;
  const digest = createHash('sha256').update(text, 'utf8').digest('hex');
  notes.push(`${field} was shortened from ${text.length} characters (sha256 ${digest}).`);
  return toWellFormed(text.slice(0, charactersMax));
}

function shortenArgv(field: string, argv: readonly string[], notes: string[]): string[] {
  const charactersMax = 2 * limits.auditTextCharactersMax;
  const total = argv.reduce((sum, word) => sum + word.length + 3, 0);
  if (total <= charactersMax) return [...argv];
  const digest = createHash('sha256').update(argv.join('\0'), 'utf8').digest('hex');
  notes.push(`${field} was shortened from ${argv.length} words, ${total} characters (sha256 ${digest}).`);
  const kept: string[] = [];
  let room = charactersMax;
  for (const word of argv) {
    if (room <= 3) break;
    kept.push(toWellFormed(word.slice(0, room - 3)));
    room -= word.length + 3;
  }
  return kept;
}

/** A lone surrogate has no UTF-8 form: it is shown as an escape rather than lost. */
function toWellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  return text.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
