/** A durable command whose server cannot be logged in to any more after it was sent: it may go on there, and is said to. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import type { ExecAction } from '../../../src/core/action.ts';
import { OperationError } from '../../../src/core/codes.ts';
import type { DurableNotes } from '../../../src/core/durable.ts';
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
