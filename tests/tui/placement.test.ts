/** What the operator's arrangement of panes is made of: order, marks, borders, and keys that count again without the prefix. */
import { describe, expect, it } from 'vitest';
import { moveBorderBy, moveBorderTo, toBorderAt, toBorderToward } from '../../src/tui/border-drag.ts';
import { type LayoutInput, toWorkspaceLayout, type WorkspaceRegion } from '../../src/tui/layout.ts';
import { PaneActivity } from '../../src/tui/pane-activity.ts';
import { toPaneSet } from '../../src/tui/pane-set.ts';
import {
  type Placement,
  plainPlacement,
  toNextArrangement,
  withPlainBorders,
  withSwapped,
  withToggled,
} from '../../src/tui/placement.ts';
import { fromPlacements, toPlacements } from '../../src/tui/placement-text.ts';
import { PrefixRepeat } from '../../src/tui/prefix-repeat.ts';
import { fromSeenPanes, type PaneMark, toMark, toSeenPane, toSeenPanes, unseenPane } from '../../src/tui/seen-panes.ts';
import { FakeHost, makeBlock, makeServer } from '../fixtures/fake-host.ts';
import fc from '../fixtures/properties.ts';
import { ManualClock } from '../fixtures/screen-world.ts';

const host = new FakeHost();
host.emit(
  { type: 'servers.replaced', servers: Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, makeServer(id)])) },
  { type: 'block.added', server: 'd', block: makeBlock('b1') },
);

describe('the panes of a session', () => {
  it.each<[string, readonly string[], string | null, Partial<Placement>, readonly string[], readonly string[]]>([
    ['its servers', ['b', 'a'], null, {}, ['b', 'a'], []],
    [
      'its servers in the order of the operator',
      ['a', 'b', 'c'],
      null,
      { order: ['c', 'x', 'a'] },
      ['c', 'a', 'b'],
      [],
    ],
    ['without those that are hidden', ['a', 'b', 'c'], null, { hidden: ['b', 'x'] }, ['a', 'c'], ['b']],
    ['with the one that was asked for', ['a'], 'c', {}, ['a', 'c'], []],
    ['without one that nobody knows', ['a'], 'x', {}, ['a'], []],
    ['where something happened, when it names none', [], null, {}, ['d'], []],
    ['all of them, its own first', ['b'], null, { scope: 'all' }, ['b', 'd', 'a', 'c'], []],
  ])('are %s', (_title, own, visited, change, panes, hidden) => {
    expect(toPaneSet(host.view, own, visited, { ...plainPlacement, ...change })).toEqual({ panes, hidden });
  });

  it('change places in the order and in a division, and hidden ones keep theirs', () => {
    const placement: Placement = { ...plainPlacement, order: ['a', 'b', 'hidden'] };
    expect(withSwapped(placement, ['a', 'b', 'c'], 'a', 'c').order).toEqual(['c', 'b', 'a', 'hidden']);
    expect(withSwapped(placement, ['a', 'b'], 'a', 'a').order).toEqual(['a', 'b', 'hidden']);
  });

  it('are hidden and pinned with the same key as shown and let go', () => {
    const once = withToggled(plainPlacement, 'pinned', 'a');
    expect(once.pinned).toEqual(['a']);
    expect(withToggled(once, 'pinned', 'a')).toEqual(plainPlacement);
  });

  it('go through every layout and come back; a manual one keeps its division', () => {
    let placement = plainPlacement;
    const shown = { kind: 'pane', server: 'a' } as const;
    const seen = Array.from({ length: 4 }, () => {
      placement = toNextArrangement(placement, shown);
      return placement.arrangement;
    });
    expect(seen).toEqual(['stack', 'main', 'manual', 'grid']);
    expect(placement.tree).toEqual(shown);
    expect(withPlainBorders({ ...placement, arrangement: 'manual' })).toEqual(plainPlacement);
  });
});

describe('what happened out of sight', () => {
  const added = (status: 'ok' | 'error' | null) =>
    ({ type: 'block.added', server: 'a', block: makeBlock('b', { status }) }) as const;
  const ended = (status: 'ok' | 'error' | 'partial_failure') =>
    ({ type: 'block.changed', server: 'a', block: 'b', change: { status } }) as const;
  const output = { type: 'block.output', server: 'a', block: 'b', text: 'x', skippedBytes: 0 } as const;
  it.each<[string, Parameters<PaneActivity['handleChange']>[0][], PaneMark | null]>([
    ['nothing', [], null],
    ['a latency', [{ type: 'server.changed', server: makeServer('a') }], null],
    ['output', [output], 'output'],
    ['a command', [added(null)], 'output'],
    ['a command that went well', [added(null), ended('ok')], 'output'],
    ['a failure', [added(null), ended('error')], 'failed'],
    [
      'what the person denied',
      [{ ...ended('error'), change: { status: 'error', code: 'APPROVAL_DENIED' } } as ReturnType<typeof ended>],
      'output',
    ],
    [
      'what the person cancelled',
      [{ ...ended('error'), change: { status: 'error', code: 'CANCELLED' } } as ReturnType<typeof ended>],
      'output',
    ],
    ['a failure of a part', [added(null), ended('partial_failure')], 'failed'],
    ['a failure before more output', [ended('error'), output], 'failed'],
    ['a failure before what went well', [ended('error'), ended('ok')], 'output'],
    ['a failure after what went well', [ended('ok'), ended('error')], 'failed'],
    [
      'a shell, which is a tab of its own,',
      [{ type: 'block.added', server: 'a', block: makeBlock('s', { tool: 'shell_open' }) }],
      null,
    ],
    ['output of another pane', [{ ...output, server: 'z' }], null],
    ['a server that is gone', [output, { type: 'servers.replaced', servers: {} }], null],
  ])('%s is marked', (_title, changes, mark) => {
    const none = { view: () => host.view, nowMs: () => 0, kept: null, left: () => undefined };
    const activity = new PaneActivity(none);
    activity.look(['z']);
    for (const change of changes) activity.handleChange(change);
    expect(activity.markOf('a')).toBe(mark);
    activity.look(['a']);
    expect(activity.markOf('a')).toBe(null);
    for (const change of changes) activity.handleChange(change);
    expect(activity.markOf('a')).toBe(null);
  });
});

describe('what was missed in a pane', () => {
  const ended = { state: 'ended', startedAtMs: 100, durationMs: 50, status: 'ok' } as const;
  const running = { state: 'running', startedAtMs: 100, durationMs: null, status: null, text: 'abc' } as const;
  it.each<[string, Parameters<typeof makeBlock>[1], number, PaneMark | null]>([
    ['nothing, when it ended before', ended, 151, null],
    ['the end of what was seen to run', ended, 149, 'output'],
    ['all of it', ended, 99, 'output'],
    ['its failure', { ...ended, status: 'error' }, 149, 'failed'],
    ['the failure of a part', { ...ended, status: 'partial_failure' }, 99, 'failed'],
    ['no failure that was seen', { ...ended, status: 'error' }, 151, null],
    ['the time it waited for a person does not count', { ...ended, ranAtMs: 300 }, 349, 'output'],
    ['nothing of what runs on in silence', running, 100, null],
    ['the beginning of what runs', running, 99, 'output'],
  ])('is %s', (_title, change, atMs, mark) => {
    const blocks = [makeBlock('b', change)];
    expect(toMark(blocks, toSeenPane(blocks, atMs))).toBe(mark);
    expect(toMark(blocks, unseenPane)).not.toBe(null);
  });

  it.each<[readonly ['error' | 'ok', number][], PaneMark]>([
    [
      [
        ['error', 100],
        ['ok', 200],
      ],
      'output',
    ],
    [
      [
        ['ok', 100],
        ['error', 200],
      ],
      'failed',
    ],
    [
      [
        ['error', 200],
        ['ok', 100],
      ],
      'failed',
    ],
  ])('counts a failure until something went well after it: %j', (ends, mark) => {
    const blocks = ends.map(([status, startedAtMs], at) => makeBlock(`b${at}`, { ...ended, status, startedAtMs }));
    expect(toMark(blocks, unseenPane)).toBe(mark);
  });

  it.each<[string, Parameters<typeof makeBlock>[1]]>([
    ['printed', { text: 'abcd' }],
    ['printed more than is kept', { text: 'bcd', skippedBytes: 1 }],
  ])('is what a command that runs has %s since', (_title, change) => {
    const before = toSeenPane([makeBlock('b', running)], 200);
    expect(toMark([makeBlock('b', { ...running, ...change })], before)).toBe('output');
  });

  it('is the same after it was kept, and of many panes the newest are', () => {
    const panes = new Map(Array.from({ length: 300 }, (_, at) => [`s${at}`, { atMs: at, printed: 7 }] as const));
    const kept = toSeenPanes(JSON.parse(JSON.stringify(fromSeenPanes(panes))));
    expect([kept.size, kept.get('s299'), kept.has('s43')]).toEqual([256, { atMs: 299, printed: 7 }, false]);
  });
});

describe('borders', () => {
  const input: LayoutInput = {
    ...{ columns: 200, rows: 50, promptRows: 1, cardWaits: false, panes: ['a', 'b', 'c', 'd'] },
    ...{ arrangement: 'grid', focus: 'prompt', isZoomed: false },
  };
  const layout = toWorkspaceLayout(input);
  it.each<[WorkspaceRegion, 'left' | 'right' | 'up' | 'down', string | null]>([
    ['prompt', 'left', 'divide'],
    ['conversation', 'right', 'divide'],
    ['prompt', 'up', null],
    ['pane:a', 'right', 'panes'],
    ['pane:a', 'down', 'panes'],
    ['pane:d', 'left', 'panes'],
    ['pane:gone', 'up', null],
  ])('of %s %s', (focus, direction, kind) => {
    expect(toBorderToward(layout, focus, direction)?.kind ?? null).toBe(kind);
  });

  it('are found on both of their cells, and stay where they are when they are only touched', () => {
    fc.assert(
      fc.property(fc.nat(49), fc.nat(199), (row, column) => {
        const found = toBorderAt(layout, row, column);
        if (!found) return;
        const cell =
          found.along === 'columns' ? { row, column: column - found.offset } : { row: row - found.offset, column };
        expect(moveBorderTo(layout, plainPlacement, found.border, cell)).toBe(plainPlacement);
      }),
      { numRuns: 400 },
    );
  });

  it('of the conversation keep their share when the window changes', () => {
    const moved = moveBorderBy(layout, plainPlacement, { kind: 'divide' }, 20);
    const before = layout.divide?.before ?? 0;
    expect(toWorkspaceLayout({ ...input, shares: moved.shares }).divide?.before).toBe(before + 20);
    const wider = toWorkspaceLayout({ ...input, columns: 400, shares: moved.shares });
    expect(wider.divide?.before).toBe(2 * (before + 20));
  });
});

describe('keys after the prefix', () => {
  it('count again for a moment when they move or swap, and no others', () => {
    const clock = new ManualClock();
    const repeat = new PrefixRepeat(clock);
    expect(repeat.takes('ctrl-up')).toBe(false);
    repeat.note('zoom');
    expect(repeat.takes('z')).toBe(false);
    repeat.note('borderUp');
    expect(repeat.takes('ctrl-up')).toBe(true);
    expect(repeat.takes('alt-left')).toBe(true);
    expect(repeat.takes('x')).toBe(false);
    expect(repeat.takes('ctrl-up')).toBe(false);
    repeat.note('swapNext');
    clock.advance(601);
    expect(repeat.takes('}')).toBe(false);
  });
});

describe('a placement as text', () => {
  it('comes back as it was', () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 6 });
    const placement = fc.record({
      ...{ arrangement: fc.constantFrom('grid' as const, 'stack' as const, 'main' as const) },
      ...{ scope: fc.constantFrom('session' as const, 'all' as const), order: ids, hidden: ids, pinned: ids },
      ...{ tree: fc.constant(null), zoomed: fc.constantFrom(null, 'conversation', 'pane:a') },
      shares: fc.record({ columns: fc.option(fc.integer({ min: 1, max: 1_000 })), rows: fc.constant(null) }),
    });
    fc.assert(
      fc.property(placement, (one) => {
        const kept = new Map([['S1', { usedAtMs: 5, placement: one }]]);
        expect(toPlacements(JSON.parse(JSON.stringify(fromPlacements(kept))))).toEqual(kept);
      }),
      { numRuns: 50 },
    );
  });
});
