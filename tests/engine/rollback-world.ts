/** Two ids of one real server and the whole engine, for tests that take changes back: how they write, look and roll back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { previewRollback, type RollbackPreview } from '../../src/core/changes/preview-rollback.ts';
import type { Envelope } from '../../src/core/envelope.ts';
import { agent, type EngineWorld, openEngineWorld, operator, yes } from '../fixtures/engine-world.ts';
import { toRecord } from '../fixtures/program-world.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';

export interface RollbackCase {
  readonly world: EngineWorld;
  /** Of this test alone. */
  readonly folder: string;
  readonly session: string;
}

/** Called inside of `describe`; every card is approved unless a test says otherwise. */
export function useRollbackWorld() {
  let web: Sshd;
  let world: EngineWorld;
  let folder = '';
  let session = '';
  let count = 0;
  /** servers.json; `more` changes the record of web-1. */
  const records = (more: Readonly<Record<string, unknown>> = {}) => [
    { ...toRecord('web-1', web, 'development'), ...more },
    toRecord('prod-1', web, 'production'),
  ];
  beforeAll(async () => {
    web = await startSshd();
    world = await openEngineWorld({ servers: records(), knownHosts: web.knownHostsLine });
  });
  afterAll(async () => {
    expect(await world?.engine.audit.verify()).toMatchObject({ ok: true });
    await world?.dispose();
    await web?.stop();
  });
  beforeEach(() => {
    world.answer(() => yes);
    count += 1;
    session = `s${count}`;
    folder = join(web.folder, `${count}`);
    mkdirSync(folder);
  });
  const context = () => ({ workspace: null, signal: new AbortController().signal });
  return {
    ...{ records, context },
    now: (): RollbackCase => ({ world, folder, session }),
    /** As the agent of this test's session, or of another; the id of the operation. */
    async write(
      path: string,
      content: string,
      more: Readonly<Record<string, unknown>> = {},
      of = session,
    ): Promise<string> {
      const envelope = await world.ask(
        'remote_write_file',
        { server: 'web-1', path, content, ...more },
        { caller: { ...agent, session: of } },
      );
      expect(envelope).toMatchObject({ status: 'ok' });
      return envelope.audit.id;
    },
    rollBack: (path: string, ids: readonly string[], server = 'web-1'): Promise<Envelope> =>
      world.ask('rollback_file', { server, path, ids }, { caller: operator }),
    preview: (id: string): Promise<RollbackPreview> =>
      previewRollback({ kind: 'operation', id }, context(), world.engine),
    previewSession: (to: string | null = null, of = session): Promise<RollbackPreview> =>
      previewRollback({ kind: 'session', session: of, to }, context(), world.engine),
  };
}
