/** The line of panes that have no room: nothing in it is cut that could be scrolled to, and each word leads where it says. */
import { describe, expect, it } from 'vitest';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { type StripModel, type StripPane, toStrip } from '../../../src/tui/present/strip.ts';
import { columnsOf, toText } from '../../../src/tui/present/text.ts';
import { makeBlock, makeServer } from '../../fixtures/fake-host.ts';
import fc from '../../fixtures/properties.ts';

const page = (columns: number): Page => ({ columns, nowMs: 0, glyphs: unicodeGlyphs });

function pane(id: string, change: Partial<StripPane> = {}): StripPane {
  return { model: { id, server: makeServer(id), pane: null }, mark: null, waiting: 0, ...change };
}

const nothing: StripModel = { conversation: null, panes: [], hidden: [], first: 0 };
const panes = (count: number): readonly StripPane[] => Array.from({ length: count }, (_, index) => pane(`s${index}`));

describe('the strip', () => {
  it.each<[string, StripModel, string]>([
    ['a server', { ...nothing, panes: [pane('web-1')] }, ' web-1 development connected'],
    ['new output', { ...nothing, panes: [pane('web-1', { mark: 'output' })] }, ' web-1 development connected • new'],
    ['a failure', { ...nothing, panes: [pane('web-1', { mark: 'failed' })] }, ' web-1 development ✗ command failed'],
    [
      'a card before a failure',
      { ...nothing, panes: [pane('web-1', { mark: 'failed', waiting: 2 })] },
      ' web-1 development connected ◆ 2 waiting',
    ],
    [
      'the environment of production',
      {
        ...nothing,
        panes: [
          pane('db', { model: { id: 'db', server: makeServer('db', { environment: 'production' }), pane: null } }),
        ],
      },
      ' db PRODUCTION connected',
    ],
    [
      'a server that is gone',
      { ...nothing, panes: [pane('x', { model: { id: 'x', server: null, pane: null } })] },
      ' x removed',
    ],
    [
      'a command that runs',
      {
        ...nothing,
        panes: [
          pane('x', {
            model: { id: 'x', server: null, pane: { server: 'x', blocks: [makeBlock('b', { state: 'running' })] } },
          }),
        ],
      },
      ' x ● 1 running',
    ],
    [
      'a lost connection before a command that waits for it',
      {
        ...nothing,
        panes: [
          pane('x', {
            model: {
              ...{ id: 'x', server: makeServer('x', { state: 'lost', retryAtMs: 4_200 }) },
              pane: { server: 'x', blocks: [makeBlock('b', { state: 'running' })] },
            },
          }),
        ],
      },
      ' x development retry in 5 s',
    ],
    [
      'the conversation',
      { ...nothing, conversation: { state: 'working', waiting: 1 } },
      ' conversation working ◆ 1 waiting',
    ],
    [
      'what is hidden',
      { ...nothing, panes: [pane('a')], hidden: [pane('b', { mark: 'failed' })] },
      ' a development connected  1 hidden ✗',
    ],
    [
      'the count of the others',
      { ...nothing, panes: panes(9) },
      ' s0 development connected · s1 development connected  7 >',
    ],
    [
      'both counts',
      { ...nothing, panes: panes(9), first: 3 },
      ' < 3  s3 development connected · s4 development connected  4 >',
    ],
    [
      'the end, not further',
      { ...nothing, panes: panes(9), first: 100 },
      ' < 6  s6 development connected · s7 development connected · s8 development connected',
    ],
    [
      'a failure among the others',
      { ...nothing, panes: [...panes(4), pane('x', { mark: 'failed' })] },
      ' s0 development connected · s1 development connected ✗ 3 >',
    ],
  ])('names %s', (_title, model, expected) => {
    const columns = { 0: 66, 3: 76, 100: 90 }[model.first] ?? 66;
    expect(toText(toStrip(model, page(columns)).line).trimEnd()).toBe(expected);
  });

  it('has a word beside each sign, in ASCII too', () => {
    const model = {
      ...nothing,
      panes: [pane('a', { mark: 'output' }), pane('b', { mark: 'failed' }), pane('c', { waiting: 1 })],
    };
    const text = toText(toStrip(model, { ...page(200), glyphs: asciiGlyphs }).line);
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    for (const word of ['new', 'failed', '1 waiting']) expect(text).toContain(word);
  });

  it('never is wider than the screen, leads to every entry by scrolling, and its places do not overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 0, max: 30 }),
        fc.nat(40),
        (columns, count, first) => {
          const model = { ...nothing, panes: panes(count), hidden: panes(first % 3), first };
          const strip = toStrip(model, page(columns));
          expect(columnsOf(strip.line)).toBeLessThanOrEqual(columns);
          let end = 0;
          for (const { from, to } of strip.hits) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
          const seen = new Set<string>();
          let at = 0;
          for (let step = 0; step <= count; step += 1) {
            const { hits } = toStrip({ ...model, first: at }, page(columns));
            for (const { target } of hits) if (target.kind === 'pane') seen.add(target.server);
            const next = hits.findLast(({ target }) => target.kind === 'scroll')?.target;
            if (next?.kind === 'scroll' && next.to > at) at = next.to;
          }
          expect(seen.size).toBe(count);
        },
      ),
      { numRuns: 60 },
    );
  });
});
