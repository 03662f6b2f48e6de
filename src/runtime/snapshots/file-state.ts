/** What is known of a remote file beside its bytes, as the small JSON text that is committed with it. */
import { OperationError } from '../../core/codes.ts';
import type { FileImage } from '../../core/ports.ts';

export type FileState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'content' | 'hash-only';
      readonly sha256: string;
      readonly size: number;
      readonly mode: number;
      readonly owner: string;
    };

/** Equal images have equal texts: this is how drift is noticed without reading contents. */
export function toStateText(image: FileImage): string {
  const state: FileState =
    image.kind === 'absent'
      ? { kind: 'absent' }
      : {
          kind: image.kind,
          sha256: image.sha256,
          size: image.kind === 'content' ? image.content.byteLength : image.size,
          mode: image.mode,
          owner: image.owner,
        };
  return `${JSON.stringify(state)}\n`;
}

/** Throws SNAPSHOT_FAILED for a text this program did not write. */
export function fromStateText(text: string): FileState {
  try {
    const state = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (state.kind === 'absent') return { kind: 'absent' };
    const { kind, sha256, size, mode, owner } = state;
    if (
      (kind === 'content' || kind === 'hash-only') &&
      typeof sha256 === 'string' &&
      typeof size === 'number' &&
      typeof mode === 'number' &&
      typeof owner === 'string'
    )
      return { kind, sha256, size, mode, owner };
  } catch {
    // Said below, with everything else that is no state.
  }
  throw new OperationError(
    'SNAPSHOT_FAILED',
    'The snapshot is damaged: its state cannot be read; compare with a backup of snapshots.git.',
  );
}

/** Stands where the content would be, for whoever looks with git alone. */
export function toMarkerText(sha256: string, size: number): string {
  return `signalbox keeps only the hash of this file.\nsha256 ${sha256}\nsize ${size}\n`;
}
