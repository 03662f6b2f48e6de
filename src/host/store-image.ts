/** Makes good what a half-recorded change lacks: reads its file through the gate, keeps it as the after-image, and closes the open item. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { AuditRecord } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import type { Envelope } from '../core/envelope.ts';
import { limits } from '../core/limits.ts';
import type { FileImage } from '../core/ports.ts';
import type { HostParts } from './parts.ts';
import type { ViewStore } from './view-store.ts';

interface Asker {
  readonly client: 'screen' | 'cli';
  readonly workspace: string | null;
  readonly signal: AbortSignal;
}

type Parts = Pick<HostParts, 'gate' | 'audit' | 'snapshots'>;

/** Throws INVALID_ARGUMENT for an item that changed no file, the read's own error when the file cannot be read, SNAPSHOT_FAILED. */
export async function storeImage(parts: Parts, store: ViewStore, auditId: string, asker: Asker): Promise<string> {
  const item = store.view.openItems.find((open) => open.auditId === auditId);
  if (!item) throw new OperationError('INVALID_ARGUMENT', `${auditId} is not open, or was acknowledged before.`);
  const { server, path } = toFile(auditId, await parts.audit.records(auditId));
  const image = await readImage(parts, server, path, asker);
  const note = { server, realPath: path, auditId, session: null, agent: null, moment: 'after' } as const;
  const commit = await parts.snapshots.commit(image, note);
  const words = image.kind === 'absent' ? 'the file is absent' : `sha256 ${image.sha256}`;
  const approver = `operator@${asker.client}`;
  await parts.audit.append([
    {
      ...{ type: 'progress', id: auditId, origin: 'operator', approver, server, changedPath: path, commit },
      afterSha256: image.kind === 'absent' ? null : image.sha256,
      note: `The after-image was stored later, on request: ${words}.`,
    },
    { type: 'acknowledged', id: auditId, origin: 'operator', approver, note: item.kind, server },
  ]);
  store.publish({ type: 'openItem.removed', auditId });
  return `The file as it is now is kept as the after-image (${words}, commit ${commit.slice(0, 12)}).`;
}

function toFile(auditId: string, records: readonly AuditRecord[]): { readonly server: string; readonly path: string } {
  const last = (field: 'server' | 'path' | 'changedPath'): string | undefined =>
    records.findLast((record) => record[field] !== undefined)?.[field];
  const server = last('server');
  const path = last('changedPath') ?? last('path');
  const isChange = records.some((record) => /write|patch|rollback/.test(record.tool ?? ''));
  if (server === undefined || path === undefined || !isChange)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Operation ${auditId} changed no file, so there is no image to keep; look at the server and acknowledge it.`,
    );
  return { server, path };
}

/** Two reads, each with its own records: what is at the path, and what is in it. */
async function readImage(parts: Parts, server: string, path: string, asker: Asker): Promise<FileImage> {
  const perform = (operation: string, input: object): Promise<Envelope> =>
    parts.gate.perform({
      ...{ operation, input: { server, path, ...input }, signal: asker.signal },
      caller: {
        ...{ origin: 'operator', door: asker.client, session: null, agent: null },
        ...{ servers: 'all', workspace: asker.workspace, readonly: false },
      },
    });
  const stat = await perform('remote_stat', {});
  if (stat.code === 'FILE_NOT_FOUND') return { kind: 'absent' };
  const { mode, owner, size } = toData(stat);
  const read = toData(await perform('remote_read_file', { length: limits.readBytesMax }));
  if (typeof read.sha256 !== 'string')
    throw new OperationError(
      'TOO_LARGE',
      `${path} is too large to be read in one piece; look at it on the server and acknowledge the item.`,
    );
  const { sha256 } = read;
  const meta = { sha256, mode: toMode(mode), owner: String(owner) };
  const content = Buffer.from(String(read.content), read.encoding === 'base64' ? 'base64' : 'utf8');
  // Text that was shortened or redacted is not what the server has: its hash shows it, and the hash alone is kept.
  const isWhole = createHash('sha256').update(content).digest('hex') === sha256;
  if (!isWhole || content.length > limits.snapshotBytesMax) return { kind: 'hash-only', size: Number(size), ...meta };
  return { kind: 'content', content: Uint8Array.from(content), ...meta };
}

function toData(envelope: Envelope): Readonly<Record<string, unknown>> {
  if (envelope.status === 'ok' && envelope.data !== undefined) return envelope.data;
  throw new OperationError(
    envelope.code ?? 'INTERNAL',
    `The file could not be read now, so the item stays open: ${envelope.message ?? 'no reason was given'}`,
  );
}

/** `0644` as remote_stat spells it. */
function toMode(mode: unknown): number {
  return typeof mode === 'number' ? mode : Number.parseInt(String(mode), 8);
}
