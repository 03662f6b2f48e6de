/** Older pages beside a view that goes on letting items go: nothing is there twice, nothing is missing, whatever comes when. */
import { describe, expect, it } from 'vitest';
import { OlderItems } from '../../src/tui/older-items.ts';
import { makeSession, makeText } from '../fixtures/fake-host.ts';
import fc from '../fixtures/properties.ts';

const items = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => makeText(from + at, 'agent', 'x'));
const sessionOf = (from: number, to: number) => makeSession('S1', { items: items(from, to) });

describe('the items of a conversation', () => {
  it('are one stretch without gaps, however the view moves on', async () => {
    const step = fc.record({ gone: fc.nat(40), added: fc.nat(40), reads: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const older = new OlderItems({
          call: (async (_method: string, { before }: { before: number }) => ({
            items: items(Math.max(1, before - 30), before),
          })) as never,
        });
        let [from, to] = [100, 150];
        for (const { gone, added, reads } of steps) {
          const reading = reads ? older.read(() => undefined) : Promise.resolve();
          [from, to] = [from + gone, to + Math.max(added, gone)];
          const during = older.join(sessionOf(from, to)).items.map(({ id }) => id);
          await reading;
          const after = older.join(sessionOf(from, to)).items.map(({ id }) => id);
          for (const ids of [during, after]) {
            expect(ids.at(-1)).toBe(to - 1);
            expect(ids).toEqual(Array.from({ length: ids.length }, (_, at) => (ids[0] ?? 0) + at));
          }
        }
      }),
    );
  });
});
