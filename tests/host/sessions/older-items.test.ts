/** Pages of a conversation out of its transcript: what is older, in order, within bounds, and nothing where there is nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOlderItems } from '../../../src/host/sessions/older-items.ts';
import { bounds } from '../../../src/protocol/bounds.ts';
import type { ConversationItem } from '../../../src/protocol/view.ts';
import { makeText, makeTool } from '../../fixtures/fake-host.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-older-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(before: number, entries: readonly (object | string)[]): Promise<readonly ConversationItem[]> {
  const path = join(folder, 's.jsonl');
  const lines = entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
  await writeFile(path, `${lines.join('\n')}\n`);
  return await readOlderItems(path, before);
}

const item = (id: number, text = `words ${id}`): object => ({ type: 'item', item: makeText(id, 'agent', text) });
const ids = (items: readonly ConversationItem[]): readonly number[] => items.map(({ id }) => id);

describe('older items', () => {
  it('are those before the one that is named, in the order of the conversation', async () => {
    const call = { type: 'item', item: makeTool(2) };
    const items = await read(4, [{ type: 'open', id: 's' }, item(1), item(3), call, '{"broken', item(4), item(5)]);
    expect(ids(items)).toEqual([1, 2, 3]);
  });

  it('are as they were written last', async () => {
    const items = await read(9, [item(1, 'before'), item(2), item(1, 'after')]);
    expect(items.map((one) => (one.kind === 'tool' ? '' : one.text))).toEqual(['after', 'words 2']);
  });

  it('are the newest that a page holds', async () => {
    const count = 3 * bounds.olderItemsPageMax;
    const items = await read(
      count,
      Array.from({ length: count }, (_, at) => item(at + 1)),
    );
    expect(items).toHaveLength(bounds.olderItemsPageMax);
    expect(items.at(-1)?.id).toBe(count - 1);
  });

  it('are fewer where they are large, and never none', async () => {
    const large = 'x'.repeat(bounds.olderItemsCharactersMax / 2);
    expect(ids(await read(4, [item(1, large), item(2, large), item(3, 'small')]))).toEqual([2, 3]);
    expect(ids(await read(4, [item(1), item(2, large.repeat(3))]))).toEqual([2]);
  });

  it.each([
    ['the first one', 1, [item(1), item(2)]],
    ['an empty transcript', 7, []],
  ] as const)('are none before %s', async (_title, before, entries) => {
    expect(await read(before, entries)).toEqual([]);
  });

  it('are none without a transcript', async () => {
    expect(await readOlderItems(join(folder, 'none.jsonl'), 9)).toEqual([]);
  });
});
