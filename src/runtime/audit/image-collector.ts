/** Picks out of records which kept files and recordings they name. */
import type { AuditRecord } from '../../core/audit/record.ts';

export interface NamedImage {
  readonly server: string;
  readonly path: string;
  readonly commit: string;
}

type Named = Pick<AuditRecord, 'server' | 'path' | 'changedPath' | 'commit' | 'commitBefore'>;

export class ImageCollector {
  /** Operations on files: the others name none, and there may be a million of them. */
  readonly #files = new Map<string, Named>();
  readonly #recordings = new Set<string>();

  add(record: AuditRecord): void {
    if (record.recording !== undefined) this.#recordings.add(record.recording);
    const known = this.#files.get(record.id);
    if (known === undefined && record.path === undefined && record.commit === undefined) return;
    const { server, path, changedPath, commit, commitBefore } = { ...known, ...record };
    this.#files.set(record.id, {
      ...(server === undefined ? {} : { server }),
      ...(path === undefined ? {} : { path }),
      ...(changedPath === undefined ? {} : { changedPath }),
      ...(commit === undefined ? {} : { commit }),
      ...(commitBefore === undefined ? {} : { commitBefore }),
    });
    // Nothing was committed for it.
    if (record.type === 'result' && commit === undefined && commitBefore === undefined) this.#files.delete(record.id);
  }

  *images(): Generator<NamedImage> {
    for (const { server, path, changedPath, commit, commitBefore } of this.#files.values()) {
      const real = changedPath ?? path;
      if (server === undefined || real === undefined) continue;
      for (const one of [commitBefore, commit]) if (one !== undefined) yield { server, path: real, commit: one };
    }
  }

  recordings(): ReadonlySet<string> {
    return this.#recordings;
  }
}
