/** What a screen is told of a recording beside its events: whether it is the one that the log registered. */
import { describe, expect, it } from 'vitest';
import { readRecordingPage } from '../../src/host/recording-pages.ts';

const file = '{"version":2,"width":80,"height":24,"title":"uptime"}\n[0.1,"o","up"]\n';

describe('a recording', () => {
  it('of a durable command names the operations that saw the rest of it', async () => {
    const own = { id: 'A1', type: 'result', recording: 'A1.cast', recordingSha256: 'abc', goesOn: true };
    const log: Record<string, readonly object[]> = {
      A1: [own, ...['A2', 'A3'].map((followedBy) => ({ id: 'A1', type: 'result', origin: 'program', followedBy }))],
      A2: [{ id: 'A2', type: 'result' }],
      A3: [{ id: 'A3', type: 'result', recording: 'A3.cast' }],
    };
    const parts = {
      audit: { records: async (id: string) => (log[id] ?? []) as never },
      recordings: { read: async () => ({ bytes: Buffer.from(file), size: file.length }), hash: async () => 'abc' },
    };
    expect(await readRecordingPage(parts, 'A1', 0)).toMatchObject({ registered: 'same', followedBy: ['A3'] });
  });

  it.each([
    ['is the registered one', { type: 'result', recordingSha256: 'abc' }, 'same'],
    ['was changed', { type: 'result', recordingSha256: 'other' }, 'other'],
    ['has no end in the log, because its shell is still open', { type: 'intent' }, 'no end yet'],
    ['has grown since', { type: 'progress', recordingSha256: 'first 9', recordingBytes: 9 }, 'no end yet'],
    ['was changed before it grew', { type: 'progress', recordingSha256: 'x', recordingBytes: 9 }, 'other'],
    ['was not all written', { type: 'progress', recordingSha256: 'x', recordingBytes: 9_999 }, 'no end yet'],
  ] as const)('%s', async (_name, said, registered) => {
    const last = { id: 'A1', recording: 'A1.cast', ...said };
    const bytes = Buffer.from(file);
    const parts = {
      audit: { records: async () => [last] as never },
      recordings: {
        read: async () => ({ bytes, size: bytes.byteLength }),
        hash: async (_file: string, count?: number) => (count === undefined ? 'abc' : `first ${count}`),
      },
    };
    expect(await readRecordingPage(parts, 'A1', 0)).toMatchObject({ registered, next: null });
  });
});
