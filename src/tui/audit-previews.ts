/**
 * The records of the operation that the audit list has chosen, for the preview beside it. One is asked for at a time, and of those that a
 * held key passes only the one it rests on. Draws nothing.
 */
import type { AuditRowView, Result } from '../protocol/methods.ts';

export type AuditDetail = Result<'audit.detail'>;

/** As many as one goes back and forth between; each may hold a whole diff. */
const keptMax = 20;
const lost: AuditDetail = { records: [], diff: null, diffNote: 'Its records could not be loaded.' };

export class AuditPreviews {
  readonly #fetch: (id: string) => Promise<AuditDetail | null>;
  readonly #changed: () => void;
  /** With the row that they belong to: an operation that goes on gets other records. */
  readonly #kept = new Map<string, { readonly row: string; readonly detail: AuditDetail }>();
  #isAsking = false;
  /** Of the last one whose records did not come; it is asked for again when it is chosen again. */
  #lostId: string | null = null;

  /** `changed` is called when records arrived. */
  constructor(fetch: (id: string) => Promise<AuditDetail | null>, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  /** What is known of the chosen row; null while it is on its way. */
  of(row: AuditRowView): AuditDetail | null {
    if (row.id !== this.#lostId) this.#lostId = null;
    const kept = this.#kept.get(row.id);
    const isLost = this.#lostId === row.id;
    if (!isLost && !this.#isAsking && kept?.row !== toKey(row)) void this.#ask(row);
    return kept?.detail ?? (isLost ? lost : null);
  }

  async #ask(row: AuditRowView): Promise<void> {
    this.#isAsking = true;
    const detail = await this.#fetch(row.id).catch(() => null);
    this.#isAsking = false;
    if (detail) this.#keep(row, detail);
    else this.#lostId = row.id;
    this.#changed();
  }

  #keep(row: AuditRowView, detail: AuditDetail): void {
    this.#kept.delete(row.id);
    this.#kept.set(row.id, { row: toKey(row), detail });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptMax && !oldest.done) this.#kept.delete(oldest.value);
  }
}

function toKey(row: AuditRowView): string {
  return JSON.stringify(row);
}
