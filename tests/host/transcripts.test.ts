/** Transcripts as files: bounded all together, whole after a crash, attachments by name and hash only. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTranscript, type TranscriptEntry } from '../../src/host/sessions/read-transcript.ts';
import { listShelved } from '../../src/host/sessions/session-shelf.ts';
import { testParts } from '../fixtures/host-parts.ts';
import { openSession } from '../fixtures/open-session.ts';
import { runHostOn } from '../fixtures/running-host.ts';

async function readAll(path: string): Promise<readonly TranscriptEntry[]> {
  const entries: TranscriptEntry[] = [];
  for await (const entry of readTranscript(path)) entries.push(entry);
  return entries;
}

describe('transcripts all together', () => {
  const settings = {
    ...{ allowNonInteractive: false, requireIsolation: false, closeIdleAgentsAfterMs: 0 },
    transcriptsBytesMax: 10_000,
  };

  it('stay below their bound: the oldest of ended sessions go, those that live stay, and the log says so', async () => {
    const parts = testParts({ parts: { settings } });
    const { sessionsFolder } = parts.parts.paths;
    const first = await runHostOn(parts);
    const { connection } = await first.screen();
    const { id: live } = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await connection.call('sessions.flush', {});
    const write = (id: string, ageMs: number): void => {
      const path = join(sessionsFolder, `${id}.jsonl`);
      writeFileSync(path, `${JSON.stringify({ type: 'end', title: id, text: 'x'.repeat(3_900) })}\n`);
      const at = new Date(Date.now() - ageMs);
      utimesSync(path, at, at);
    };
    write('older', 2_000_000);
    write('newer', 1_000_000);
    const old = new Date(1_000);
    utimesSync(join(sessionsFolder, `${live}.jsonl`), old, old);
    const { id: last } = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    appendFileSync(join(sessionsFolder, `${last}.jsonl`), `${'y'.repeat(3_000)}\n`);
    await connection.call('session.kill', { session: last });
    await first.host.stop('test');
    expect((await listShelved(sessionsFolder)).map(({ id }) => id).toSorted()).toEqual(
      [live, last, 'newer'].toSorted(),
    );
    const [intent, permit, result] = parts.world.audit.entries.filter(({ id }) => id.includes('-sessions-'));
    expect(intent).toMatchObject({
      type: 'intent',
      origin: 'program',
      note: expect.stringMatching(/1 ended.*: older$/),
    });
    expect([permit, result]).toMatchObject([{ type: 'permit' }, { type: 'result', status: 'ok' }]);
    expect(result?.bytes).toBeGreaterThan(3_900);
  });

  it('are not touched below it', async () => {
    const { connection, id, parts, host, world } = await openSession();
    await connection.call('session.kill', { session: id });
    await host.stop('test');
    expect(existsSync(join(parts.paths.sessionsFolder, `${id}.jsonl`))).toBe(true);
    expect(world.audit.entries.filter((entry) => entry.id.includes('-sessions-'))).toEqual([]);
  });
});

describe('a transcript', () => {
  it('has attachments by name, size and hash, and nothing of what is in them', async () => {
    const { connection, id, until, parts, session } = await openSession();
    const text = 'the whole file';
    const base64 = Buffer.from('not really an image').toString('base64');
    await connection.call('session.prompt', {
      ...{ session: id, text: 'read these' },
      attachments: [
        { kind: 'file', name: 'notes.txt', mediaType: 'text/plain', text },
        { kind: 'image', name: 'a.png', mediaType: 'image/png', base64 },
      ],
    });
    await until((view) => view.sessions[id]?.lastTurn);
    await connection.call('sessions.flush', {});
    const path = join(parts.paths.sessionsFolder, `${id}.jsonl`);
    const prompt = session()?.items.find(({ kind }) => kind === 'user');
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect((await readAll(path)).find(({ type }) => type === 'attachments')).toEqual({
      ...{ type: 'attachments', item: prompt?.id },
      files: [
        { name: 'notes.txt', mediaType: 'text/plain', bytes: 14, sha256 },
        { name: 'a.png', mediaType: 'image/png', bytes: 19, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    });
    expect(readFileSync(path, 'utf8')).not.toMatch(/whole file|bm90IHJl/);
  });

  it('goes on in a line of its own after a line that a killed host left half written', async () => {
    const { connection, id, until, parts, host, again } = await openSession();
    await connection.call('session.prompt', { session: id, text: 'one' });
    await until((view) => view.sessions[id]?.lastTurn);
    await host.stop('test');
    const path = join(parts.paths.sessionsFolder, `${id}.jsonl`);
    appendFileSync(path, '{"type":"item","item":{"id":99,"kind":"us');
    const next = await again();
    await next.connection.call('session.prompt', { session: id, text: 'two' });
    await next.until((view) => view.sessions[id]?.lastTurn?.number === 2);
    await next.connection.call('sessions.flush', {});
    const said = (await readAll(path)).flatMap((entry) =>
      entry.type === 'item' && entry.item.kind === 'user' ? [entry.item.text] : [],
    );
    expect(said).toEqual(['one', 'two']);
  });

  it('that lost its session file is an ended one, and one that says nothing is passed over', async () => {
    const { connection, id, parts, host } = await openSession();
    await connection.call('session.rename', { session: id, title: 'a name' });
    await host.stop('test');
    const folder = parts.paths.sessionsFolder;
    writeFileSync(join(folder, `${id}.session.json`), '');
    writeFileSync(join(folder, 'empty.jsonl'), '');
    writeFileSync(join(folder, 'Not-An-Id.jsonl'), '{}\n');
    expect(await listShelved(folder)).toMatchObject([
      { id: 'empty', isEnded: true, title: '', servers: [], createdAtMs: null },
      { id, isEnded: true, title: 'a name', servers: ['web-1'] },
    ]);
    expect(await listShelved(join(folder, 'nothing'))).toEqual([]);
  });
});
