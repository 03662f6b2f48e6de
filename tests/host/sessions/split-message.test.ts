/** A long message in several items: nothing is lost, and nothing is cut in the middle of a line that could end before. */
import { describe, expect, it } from 'vitest';
import { Conversation } from '../../../src/host/sessions/conversation.ts';
import { findPartEnd } from '../../../src/host/sessions/split-message.ts';
import { bounds } from '../../../src/protocol/bounds.ts';
import type { HostEvent } from '../../../src/protocol/events.ts';
import fc from '../../fixtures/properties.ts';

/** The texts of the items, spoken in these pieces. */
function speak(pieces: readonly string[]): readonly string[] {
  const texts = new Map<number, string>();
  const publish = (event: HostEvent): void => {
    if (event.type === 'item.added' && event.item.kind !== 'tool') texts.set(event.item.id, event.item.text);
    if (event.type === 'item.appended') texts.set(event.item, (texts.get(event.item) ?? '') + event.text);
  };
  const options = { session: 's1', lastId: 0, nowMs: () => 0, publish, onCompleted: () => undefined };
  const conversation = new Conversation(options);
  for (const text of pieces) conversation.handleUpdate({ kind: 'message', text });
  return [...texts.values()];
}

function inPieces(text: string, length: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length));
}

const paragraph = `${'word '.repeat(30)}end.\n${'word '.repeat(9)}\n\n`;
const code = `\`\`\`ts\n${"  return new Response('ok');\n\n".repeat(800)}\`\`\`\n`;

describe('a message that is longer than an item', () => {
  it.each([1, 7, 1_000, 100_000])('of paragraphs is parted between two of them, in pieces of %i', (length) => {
    const text = paragraph.repeat(300);
    const items = speak(inPieces(text, length));
    expect(items.join('')).toBe(text);
    expect(items.length).toBeGreaterThan(2);
    for (const item of items) expect([item.startsWith('word'), item.endsWith('\n\n')]).toEqual([true, true]);
  });

  it.each([5, 100_000])('of code is parted between two lines of it, in pieces of %i', (length) => {
    const items = speak(inPieces(`${code}After.\n`, length));
    expect(items.join('')).toBe(`${code}After.\n`);
    for (const item of items.slice(0, -1)) expect(item.endsWith('\n')).toBe(true);
  });

  it('is not parted at a blank line of its code where that ends in time', () => {
    const text = `${paragraph.repeat(58)}\`\`\`\n${'a\n\n'.repeat(300)}\`\`\`\n\nAfter.`;
    const [first = ''] = speak([text]);
    expect(first.length).toBeGreaterThan(bounds.itemCharactersSplitFrom);
    expect(first.endsWith('\`\`\`\n\n')).toBe(true);
  });

  it.each<[string, string, string | null]>([
    ['```ts', 'x', '```'],
    ['~~~~', '```', '~~~~'],
    ['  ```', '```', null],
    ['````', '```', '````'],
    ['``` `inline`', 'x', null],
  ])('that opens %j and says %j goes on inside of %j', (open, inner, fence) => {
    const text = `${open}\n${inner}\n${'line\n'.repeat(4_000)}`;
    expect(findPartEnd({ text: '', fence: null }, text)?.fence).toBe(fence);
  });

  it.each(['x', '\u{1f600}', 'ab '])('of one line of %j is cut between two characters', (unit) => {
    const text = unit.repeat(20_000);
    const items = speak([text]);
    expect(items.join('')).toBe(text);
    for (const item of items) {
      expect(item.length).toBeLessThanOrEqual(bounds.itemCharactersSplit);
      expect(item.isWellFormed()).toBe(true);
    }
  });

  it('is whole again when its items are put together, whatever it is and however it comes', () => {
    const line = fc.constantFrom(
      '',
      ' ',
      '```',
      '~~~',
      'x'.repeat(700),
      'some words here',
      '\u{1f600}'.repeat(900),
      '\r',
    );
    const text = fc.array(line, { minLength: 20, maxLength: 90 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5_000 }), (whole, length) => {
        const items = speak(inPieces(whole, length));
        expect(items.join('')).toBe(whole);
        for (const item of items) expect(item.length).toBeLessThanOrEqual(bounds.itemCharactersSplit);
      }),
      { numRuns: 40 },
    );
  });
});
