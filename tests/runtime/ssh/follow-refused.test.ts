/** A durable command whose server says nothing, or nothing certain, after it was sent: it may go on there, and is said to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import type { ExecAction } from '../../../src/core/action.ts';
import { OperationError } from '../../../src/core/codes.ts';
import type { DurableNote, DurableNotes } from '../../../src/core/durable.ts';
import type { ExecOutcome } from '../../../src/core/ports.ts';
import { createDurableNotes } from '../../../src/runtime/durable/create-durable-notes.ts';
import { performDurable } from '../../../src/runtime/ssh/perform-durable.ts';

const action: ExecAction = {
  ...{ kind: 'exec', command: { form: 'line', line: 'make' }, cwd: null, stdin: null, realPathsOf: [] },
  ...{ timeoutMs: 60_000, outputBytesMax: 1_000, durable: { title: 'make' } },
};

async function start(sent: 'sent' | 'not sent'): Promise<{ error: unknown; kept: readonly string[] }> {
  const kept = new Set<string>();
  const notes = {
    keep: async ({ id }) => void kept.add(id),
    forget: async (id) => void kept.delete(id),
  } satisfies Partial<DurableNotes>;
  let tries = 0;
  const error: unknown = await performDurable(action, {
    ...{ id: 'd-1', server: 'web-1', address: 'me@web-1:22', clock: systemClock, notes: notes as DurableNotes },
    ...{ sink: {}, signal: new AbortController().signal, redeem: () => undefined },
    beginRetry: () => ({ pause: async () => undefined, dispose: () => undefined }),
    use: () => {
      tries += 1;
      const isLost = tries === 1 && sent === 'sent';
      return Promise.reject(
        new OperationError(isLost ? 'CONNECTION_LOST' : 'AUTH_FAILED', 'No.', { outcomeUnknown: isLost }),
      );
    },
  }).catch((failure: unknown) => failure);
  return { error, kept: [...kept] };
}

it('is unknown once it was sent, and stays in the list', async () => {
  const { error, kept } = await start('sent');
  expect(error).toMatchObject({
    ...{ code: 'AUTH_FAILED', outcomeUnknown: true },
    message: expect.stringContaining('`signalbox commands follow d-1`'),
  });
  expect(kept).toEqual(['d-1']);
});

it('is known not to run where it was never sent', async () => {
  expect(await start('not sent')).toMatchObject({ error: { code: 'AUTH_FAILED', outcomeUnknown: false }, kept: [] });
});

type Answer = Partial<ExecOutcome> & { readonly says?: string };

/** What the server answers to the start, and then to each script of ours. */
async function answered(answers: readonly Answer[]): Promise<{ outcome: ExecOutcome; pauses: number; left: number }> {
  const left = [...answers];
  let pauses = 0;
  const notes = {
    ...{ keep: async () => undefined, forget: async () => undefined, forgetOldDone: async () => undefined },
    find: async () => null,
  } satisfies Partial<DurableNotes>;
  const outcome = await performDurable(action, {
    ...{
      id: 'd-1',
      server: 'web-1',
      address: 'me@web-1:22',
      clock: systemClock,
      notes: notes as object as DurableNotes,
    },
    ...{ sink: {}, signal: new AbortController().signal, redeem: () => undefined },
    beginRetry: () => ({ pause: async () => void (pauses += 1), dispose: () => undefined }),
    async use<T>(): Promise<T> {
      const { says = '', ...rest } = left.shift() ?? {};
      const stdout = new TextEncoder().encode(says);
      const ended = { kind: 'exec', exitCode: 0, signal: null, ended: 'exit', stdout, stderr: new Uint8Array() };
      return { ...ended, stdoutBytes: stdout.length, stderrBytes: 0, ...rest } as T;
    },
  });
  return { outcome, pauses, left: left.length };
}

it.each<[string, readonly Answer[]]>([
  ['what follows it is ended there', [{ exitCode: null, signal: 'KILL' }]],
  ['what follows it cannot go on', [{ exitCode: 2 }]],
  ['its status is not told in time', [{}, { exitCode: null, ended: 'timeout' }]],
])('has not ended where %s, and is asked for again', async (_what, before) => {
  const told = await answered([{ says: '/there\n' }, ...before, {}, { says: '3\n' }, {}]);
  expect(told).toMatchObject({ outcome: { ended: 'exit', exitCode: 3 }, pauses: 1, left: 0 });
});

it('stays known as read to its end, whatever somebody beside says who has read less', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-notes-'));
  try {
    const notes = createDurableNotes(folder);
    const note: DurableNote = {
      ...{ id: 'd-1', server: 'web-1', address: 'me@web-1:22', title: 'make', folder: null },
      ...{ startedAt: '2026-01-01T00:00:00.000Z', state: 'running', exitCode: null, stdoutBytes: 5, stderrBytes: 0 },
      doneAt: null,
    };
    await notes.keep(note);
    const done: DurableNote = { ...note, state: 'ended', exitCode: 3, doneAt: '2026-01-01T00:00:01.000Z' };
    await notes.keep(done);
    await notes.keep({ ...note, stdoutBytes: 6 });
    expect(await notes.find('d-1')).toEqual(done);
    await notes.forget('d-1');
    await notes.keep(note);
    expect(await notes.find('d-1')).toEqual(note);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
