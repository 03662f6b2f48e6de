/**
 * What can be done with the chosen record of the audit log, and why not. Asked of the row alone where its records were not fetched. Pure.
 */
import type { AuditRowView, Result } from '../protocol/methods.ts';
import type { Action, Scope } from './keymap.ts';

export interface RecordSituation {
  /** What a command or a shell did is not known; only its output was kept. */
  readonly isFile: boolean;
  /** Before and after were kept, so that there is a difference and a way back. */
  readonly isKept: boolean;
  /** There is a difference, or a sentence that says why not. */
  readonly hasDiff: boolean;
  readonly hasRecording: boolean;
}

/** Null where nothing is chosen, and of an operation that has not ended: what it will leave is not known. */
export function toRecordSituation(
  row: AuditRowView | null,
  detail: Result<'audit.detail'> | null,
): RecordSituation | null {
  if (!row || row.outcome === 'running' || row.outcome === 'waiting') return null;
  const isFile = !commandTools.includes(row.tool);
  const isKept = row.commit !== null;
  return {
    isFile,
    isKept,
    hasDiff: detail === null ? isKept : detail.diff !== null || detail.diffNote !== null,
    hasRecording: detail === null ? !isFile : detail.records.some((record) => record['recording'] !== undefined),
  };
}

const noRecording = 'no recording; only commands and shells that printed have one';
const commandTools: readonly string[] = ['remote_exec', 'shell_open'];

/** Null when it can be done; asked in the audit's list and details alone. */
export function whyNotRecord(action: Action, scopes: readonly Scope[], record: RecordSituation | null): string | null {
  const isDetail = scopes.includes('auditDetail');
  if (!record || !(isDetail || scopes.includes('audit'))) return null;
  switch (action) {
    case 'rollBack':
      if (record.isKept) return null;
      return record.isFile ? 'it left no change of a file to take back' : 'what a command did cannot be undone';
    case 'fileHistory':
      return record.isFile ? null : 'it was about no file, so there is no history of one';
    case 'toggleDiff':
    case 'toggleBeside':
    case 'nextHunk':
    case 'previousHunk':
      return record.hasDiff ? null : 'it changed no file, so there is no diff';
    case 'open':
      return record.hasRecording || !isDetail ? null : noRecording;
    case 'playRecord':
      return record.hasRecording ? null : noRecording;
    default:
      return null;
  }
}
