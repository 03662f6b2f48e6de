/** What a screen is told of a recording beside its events: whether it is the one that the log registered. */
import { describe, expect, it } from 'vitest';
import { readRecordingPage } from '../../src/host/recording-pages.ts';

const file = '{"version":2,"width":80,"height":24,"title":"uptime"}\n[0.1,"o","up"]\n';

describe('a recording', () => {
  it.each([
    ['is the registered one', 'abc', 'same'],
    ['was changed', 'other', 'other'],
    ['has no end in the log, because its shell is still open', undefined, 'no end yet'],
  ] as const)('%s', async (_name, recordingSha256, registered) => {
    const last = { type: 'progress', id: 'A1', recording: 'A1.cast', recordingSha256 };
    const bytes = Buffer.from(file);
    const parts = {
      audit: { records: async () => [last] as never },
      recordings: { read: async () => ({ bytes, size: bytes.byteLength }), hash: async () => 'abc' },
    };
    expect(await readRecordingPage(parts, 'A1', 0)).toMatchObject({ registered, next: null });
  });
});
