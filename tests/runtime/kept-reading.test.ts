/** Files that many ask for at once: read as seldom as can be, and never so that somebody is told what was before they asked. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileStamp } from '../../src/runtime/config-file.ts';
import { KeptReading } from '../../src/runtime/kept-reading.ts';

let folder = '';
let file = '';
let readings = 0;
let kept: KeptReading<string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-kept-'));
  file = join(folder, 'file');
  readings = 0;
  kept = new KeptReading([file], () => {
    readings += 1;
    return readFile(file, 'utf8');
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What was written just now could change again and keep its time. */
async function writeAndSettle(text: string): Promise<void> {
  writeFileSync(file, text);
  await vi.waitFor(() => expect(fileStamp(file)).not.toBeNull());
}

describe('a reading that is kept', () => {
  it('serves whoever asks until the file is another', async () => {
    await writeAndSettle('one');
    expect(await Promise.all([kept.current(), kept.current(), kept.current()])).toEqual(['one', 'one', 'one']);
    expect(await kept.current()).toBe('one');
    expect(readings).toBe(1);
    await writeAndSettle('two');
    expect(await kept.current()).toBe('two');
    expect(readings).toBe(2);
  });

  it('is shared by many who ask right after the file was written, and begun after they asked', async () => {
    writeFileSync(file, 'one');
    const first = kept.current();
    writeFileSync(file, 'two');
    const later = Promise.all(Array.from({ length: 50 }, () => kept.current()));
    await first;
    expect(new Set(await later)).toEqual(new Set(['two']));
    expect(readings).toBe(2);
  });

  it('is not kept when the file changes while it is read', async () => {
    await writeAndSettle('one');
    const first = kept.current();
    writeFileSync(file, 'other');
    expect(await kept.current()).toBe('other');
    await first;
    utimesSync(file, 1, 1);
    expect(await kept.current()).toBe('other');
  });

  it('is tried again after a failure, which is told to all who shared it', async () => {
    const shared = await Promise.allSettled([kept.current(), kept.current()]);
    expect(shared.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(readings).toBe(1);
    writeFileSync(file, 'there');
    expect(await kept.current()).toBe('there');
  });
});
