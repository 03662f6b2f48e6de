/** What the audit commands accept: outcomes by name, and ids by their beginning. */
import { type AuditFilter, parseAuditFilter } from '../../core/audit/audit-filter.ts';
import { type AuditOutcome, type AuditRow, auditOutcomes } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import type { AuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toSafeLine } from '../safe-text.ts';

/** A word with spaces in it came in quotes, which the shell took away. Throws INVALID_ARGUMENT. */
export function toFilter(words: readonly string[]): AuditFilter {
  const quoted = words.map((word) => (/\s/.test(word) ? word.replace(/^(-?[a-z]+:)?(.*)$/s, '$1"$2"') : word));
  return parseAuditFilter(quoted.join(' '), Date.now());
}

/** Throws INVALID_ARGUMENT with the possible ones. */
export function toOutcome(text: string): AuditOutcome {
  const outcome = auditOutcomes.find((one) => one === text);
  if (outcome !== undefined) return outcome;
  throw new OperationError('INVALID_ARGUMENT', `--outcome must be one of ${auditOutcomes.join(', ')}.`);
}

/** The operation with this id, or the only one whose id begins so. Throws INVALID_ARGUMENT. */
export async function findRow(reader: AuditReader, id: string): Promise<AuditRow> {
  const exact = await reader.row(id);
  if (exact !== null) return exact;
  const ids = id === '' ? [] : await reader.idsLike(id);
  const [only] = ids;
  if (ids.length > 1)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Several operations begin with ${toSafeLine(id)}: ${ids.map(toSafeLine).join(', ')}; type more of the id.`,
    );
  const row = only === undefined ? null : await reader.row(only);
  if (row !== null) return row;
  throw new OperationError(
    'INVALID_ARGUMENT',
    `The audit log holds no operation ${toSafeLine(id)}; "signalbox audit list" shows the ids.`,
  );
}
