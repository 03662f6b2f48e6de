/** The export of a session has what was changed in files, from a log and snapshots on disk. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ExportedEntry } from '../../../src/cli/session/export-session.ts';
import { withDiffs } from '../../../src/cli/session/written-diffs.ts';
import type { AuditEntry } from '../../../src/core/audit/record.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { toPaths } from '../../../src/runtime/paths.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { redactor } from '../../runtime/audit/log-bench.ts';
import { content, note } from '../../runtime/snapshots/store-bench.ts';

let env: { readonly SIGNALBOX_HOME: string };
beforeEach(() => {
  env = { SIGNALBOX_HOME: mkdtempSync(join(tmpdir(), 'signalbox-export-')) };
});
afterEach(() => rmSync(env.SIGNALBOX_HOME, { recursive: true, force: true }));

const write = (id: string, status = 'ok'): ExportedEntry => ({
  kind: 'operation',
  operation: {
    ...{ type: 'operation', id, tool: 'remote_write_file', server: 'web-1', summary: 'write /etc/app.conf' },
    ...{ status, code: null, exitCode: null, atMs: 0 },
  },
});

it('redacted; without it where it is long, was not kept, or did not happen', async () => {
  const paths = toPaths(env);
  for (const folder of [paths.auditFolder, dirname(paths.snapshotsRepository)])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  const snapshots = createSnapshots({ repository: paths.snapshotsRepository });
  const log = await createAuditLog({ folder: paths.auditFolder, redactor });
  const keep = async (id: string, before: string, after: string): Promise<void> => {
    const path = '/etc/app.conf';
    const commitBefore = await snapshots.commit(content(before), note(path, { auditId: id }));
    const commit = await snapshots.commit(content(after), note(path, { auditId: id, moment: 'after' }));
    const common = { id, server: 'web-1', tool: 'remote_write_file' };
    await log.append([
      { ...common, type: 'intent', path } as AuditEntry,
      { ...common, type: 'result', status: 'ok', path, commitBefore, commit } as AuditEntry,
    ]);
  };
  await keep('op-1', 'port 80\n', 'port 81\npassword = hunter2hunter2\n');
  await keep('op-2', 'short\n', 'long line\n'.repeat(10_000));
  await log.close();

  const asked = [write('op-1'), write('op-2'), write('op-3'), write('op-1', 'error')];
  const [kept, long, unknown, refused] = await withDiffs({ env }, asked);
  const { diff } = kept as Extract<ExportedEntry, { kind: 'operation' }>;
  expect(diff).toContain('-port 80\n+port 81\n');
  expect(diff).not.toContain('hunter2');
  expect(long).toEqual({ ...write('op-2'), isDiffLong: true });
  expect([unknown, refused]).toEqual([write('op-3'), write('op-1', 'error')]);
});
