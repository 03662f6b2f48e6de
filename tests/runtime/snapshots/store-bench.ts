/** A snapshot store of its own for a test. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileImage, SnapshotNote } from '../../../src/core/ports.ts';

export interface StoreBench {
  readonly base: string;
  readonly repository: string;
  git(...argv: string[]): string;
  dispose(): void;
}

export function openStoreBench(): StoreBench {
  const base = mkdtempSync(join(tmpdir(), 'signalbox-snapshots-'));
  const repository = join(base, 'snapshots.git');
  return {
    base,
    repository,
    git: (...argv) => execFileSync('git', ['--git-dir', repository, ...argv], { encoding: 'utf8' }),
    dispose: () => rmSync(base, { recursive: true, force: true }),
  };
}

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const content = (text: string | Uint8Array, mode = 0o644, owner = 'root'): FileImage => {
  const bytes = typeof text === 'string' ? Uint8Array.from(Buffer.from(text)) : text;
  return { kind: 'content', content: bytes, sha256: sha256(bytes), mode, owner };
};

export const note = (realPath: string, more: Partial<SnapshotNote> = {}): SnapshotNote => ({
  server: 'web-1',
  realPath,
  auditId: 'op-1',
  session: 's1',
  agent: 'demo',
  moment: 'before',
  ...more,
});
