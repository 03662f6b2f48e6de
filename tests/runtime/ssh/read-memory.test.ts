/** Memory of reads that is used again: by one at a time, without what was in it, and only where it was lent. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { ReadMemory } from '../../../src/runtime/ssh/read-memory.ts';

const large = limits.readBytesMax;
const isSame = (one: Buffer, other: Buffer): boolean => one.buffer === other.buffer;

describe('memory that was given back', () => {
  it('is zeroed and used by the next read that fits, and by no other', () => {
    const memory = new ReadMemory();
    const first = memory.take(large);
    first.fill(7);
    memory.giveBack(first.subarray(100, 200));
    expect(first.equals(Buffer.alloc(large))).toBe(true);
    expect(isSame(memory.take(large + 1), first)).toBe(false);
    const second = memory.take(large - 1);
    expect(isSame(second, first)).toBe(true);
    expect(second).toHaveLength(large - 1);
    expect(isSame(memory.take(large - 1), first)).toBe(false);
  });

  it('given back twice is lent once', () => {
    const memory = new ReadMemory();
    const first = memory.take(large);
    memory.giveBack(first);
    const second = memory.take(large).fill(7);
    memory.giveBack(second);
    memory.giveBack(first);
    expect(isSame(memory.take(large), memory.take(large))).toBe(false);
  });

  it.each([
    ['of somebody else', () => Buffer.from('kept')],
    ['too little to be worth it', (memory: ReadMemory) => memory.take(4).fill('kept')],
    ['too much to be kept', (memory: ReadMemory) => memory.take(2 * large).fill('kept')],
  ])('is left alone: %s', (_what, make) => {
    const memory = new ReadMemory();
    const bytes = make(memory);
    memory.giveBack(bytes);
    expect(bytes.toString('latin1', 0, 4)).toBe('kept');
    expect(isSame(memory.take(bytes.length), bytes)).toBe(false);
  });
});
