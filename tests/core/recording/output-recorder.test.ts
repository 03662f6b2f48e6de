/** What the log says of a recording, while a command runs and when it ends; the files are real ones. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { OutputRecorder } from '../../../src/core/recording/output-recorder.ts';
import { Run } from '../../../src/core/run.ts';
import { createRecordings } from '../../../src/runtime/recordings/create-recordings.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { agentCaller, memoryWorld } from '../../fixtures/memory-world.ts';
import { plainRedactor } from '../../fixtures/word-policy.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-recorder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open() {
  const clock = new HandClock();
  const { audit } = memoryWorld();
  const request = { operation: 'remote_exec', input: {}, caller: agentCaller, signal: new AbortController().signal };
  const recordings = createRecordings({ folder, clock });
  const record = (id: string): OutputRecorder => {
    const run = new Run({ id, request, tool: 'remote_exec', clock, publish: () => undefined });
    return new OutputRecorder(run, 'tail -f log', { recordings, redactor: plainRedactor, clock, audit });
  };
  return { clock, audit, recorder: record('r1'), another: record('r2') };
}

describe('a recorder', () => {
  it('is behind while more than its bound and that of all waits for the disk, and not once it is written', async () => {
    const { recorder, another } = open();
    expect(recorder.isBehind).toBe(false);
    recorder.write(Buffer.alloc(limits.recordingUnwrittenBytesMax, 'x'), 'stdout');
    another.write(Buffer.alloc(limits.recordingUnwrittenBytesMax / 2, 'x'), 'stdout');
    expect(recorder.isBehind).toBe(false);
    recorder.write(Buffer.alloc(limits.recordingsUnwrittenBytesMax - limits.recordingUnwrittenBytesMax, 'x'), 'stdout');
    expect(recorder.isBehind).toBe(true);
    // It has little that waits: others are what is too much.
    expect(another.isBehind).toBe(false);
    while (recorder.isBehind) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([recorder.end(), another.end()]);
    expect([recorder.isBehind, another.isBehind]).toEqual([false, false]);
  });

  it('registers the running hash each minute in which something came, and after so many bytes', async () => {
    const { clock, audit, recorder } = open();
    recorder.write(Buffer.from('one\n'), 'stdout');
    clock.advance(limits.recordingProgressEveryMs - 1);
    expect(audit.entries).toEqual([]);
    clock.advance(1);
    expect(audit.entries).toMatchObject([{ type: 'progress', id: 'r1', recording: 'r1.cast' }]);
    clock.advance(limits.recordingProgressEveryMs * 3);
    expect(audit.entries).toHaveLength(1);
    recorder.write(Buffer.alloc(limits.recordingProgressEveryBytes, 'x'), 'stdout');
    expect(audit.entries).toHaveLength(2);
    recorder.write(Buffer.from('last\n'), 'stderr');
    const fields = await recorder.end();
    const bytes = readFileSync(join(folder, 'r1.cast'));
    expect(fields).toEqual({
      recording: 'r1.cast',
      recordingBytes: bytes.length,
      recordingSha256: createHash('sha256').update(bytes).digest('hex'),
    });
    for (const { recordingBytes = 0, recordingSha256 } of audit.entries)
      expect(createHash('sha256').update(bytes.subarray(0, recordingBytes)).digest('hex')).toBe(recordingSha256);
    clock.advance(limits.recordingProgressEveryMs * 3);
    expect(audit.entries).toHaveLength(2);
  });

  it('leaves no file and no field for a command that printed nothing', async () => {
    const { recorder } = open();
    expect(await recorder.end()).toEqual({});
    expect(existsSync(join(folder, 'r1.cast'))).toBe(false);
  });
});

describe('the gate with recordings', () => {
  const open = () => memoryWorld({ recordings: createRecordings({ folder, clock: systemClock }) });

  it('names the recording in the result, and records nothing of what policy withholds or a file holds', async () => {
    const world = open();
    world.servers.files.set('/etc/motd', 'hello\n');
    const ran = await world.ask('remote_exec', { server: 'web-1', command: 'ok /etc/motd' });
    expect(ran.status).toBe('ok');
    expect(world.audit.last('result')).toMatchObject({ recording: `${ran.audit.id}.cast` });
    expect(readFileSync(join(folder, `${ran.audit.id}.cast`), 'utf8')).toContain('ok /etc/motd');
    world.servers.links.set('/link', '/secret/key');
    world.queue.onAdded(({ id }) => world.queue.answer(id, { kind: 'deny', approver: 'operator@cli', reason: null }));
    const withheld = await world.ask('remote_exec', { server: 'web-1', command: 'ok /link' });
    expect(withheld.code).toBe('APPROVAL_DENIED');
    expect(existsSync(join(folder, `${withheld.audit.id}.cast`))).toBe(false);
    const read = await world.ask('remote_read_file', { server: 'web-1', path: '/etc/motd' });
    expect(read.status).toBe('ok');
    expect(world.audit.last('result')).not.toHaveProperty('recording');
    expect(existsSync(join(folder, `${read.audit.id}.cast`))).toBe(false);
  });

  it('runs a command whose recording cannot be written, and says so in the log', async () => {
    const world = open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const ran = await world.ask('remote_exec', { server: 'web-1', command: 'ok /etc/motd' });
    expect(ran.status).toBe('ok');
    expect(world.audit.last('result')).toMatchObject({ status: 'ok', note: expect.stringContaining('not whole') });
  });
});
