/** Which emulators a pane keeps: those in sight and those that run, and of the others no more rows than fit. */
import { describe, expect, it } from 'vitest';
import type { BlockView } from '../../../src/protocol/view.ts';
import { BlockOutputs } from '../../../src/tui/stream/block-outputs.ts';
import { Ingest } from '../../../src/tui/widgets/ingest.ts';
import { makeBlock } from '../../fixtures/fake-host.ts';

const view = { columns: 40, lines: 'wrapped', filter: null } as const;
const rowsOf = (count: number): string => Array.from({ length: count }, (_, row) => `row ${row}\n`).join('');

function open() {
  const turns: (() => void)[] = [];
  const outputs = new BlockOutputs(new Ingest({ later: (call) => turns.push(call) }), () => undefined);
  outputs.setView(view, 'rows');
  const settle = (): void => {
    for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
  };
  /** A frame: what can go is let go, then these are drawn. */
  const draw = (all: readonly BlockView[], inSight: readonly BlockView[]): void => {
    // The view is another one with each event.
    outputs.trim([...all]);
    for (const block of inSight) outputs.drawnRowsOf(block);
    settle();
  };
  /** The emulator that is kept is drawn from, one that was let go begins anew and has not parsed anything. */
  const isKept = (block: BlockView): boolean => outputs.drawnRowsOf(block).count > 0;
  return { outputs, draw, isKept };
}

const ended = (id: string, rows: number): BlockView => makeBlock(id, { text: rowsOf(rows) });

describe('the emulators of a pane', () => {
  it('are let go when long output has been out of sight for some frames, but for the newest', () => {
    const { draw, isKept } = open();
    const [first, second, third] = [ended('1', 900), ended('2', 900), ended('3', 20)];
    const all = [first, second, third];
    draw(all, all);
    for (let frame = 0; frame < 20; frame += 1) draw(all, [third]);
    expect([isKept(third), isKept(second), isKept(first)]).toEqual([true, true, false]);
  });

  it('are kept while they are in sight, however long they are', () => {
    const { draw, isKept } = open();
    const all = Array.from({ length: 6 }, (_, index) => ended(`${index}`, 900));
    for (let frame = 0; frame < 20; frame += 1) draw(all, all);
    expect(all.filter(isKept)).toHaveLength(6);
  });

  it('are kept while their commands run', () => {
    const { outputs, draw, isKept } = open();
    const running = Array.from({ length: 4 }, (_, index) =>
      makeBlock(`${index}`, { text: rowsOf(900), state: 'running', status: null, exitCode: null }),
    );
    for (const block of running) outputs.rowsOf(block);
    for (let frame = 0; frame < 20; frame += 1) draw(running, []);
    expect(running.filter(isKept)).toHaveLength(4);
  });

  it('show the same again when what was let go comes into sight', () => {
    const { outputs, draw } = open();
    const [first, second] = [ended('1', 900), ended('2', 900)];
    draw([first, second], [first, second]);
    for (let frame = 0; frame < 20; frame += 1) draw([first, second], [second]);
    expect(outputs.rowsOf(first).count).toBe(900);
    draw([first, second], [first]);
    expect([outputs.rowsOf(first).count, outputs.rowsOf(first).textAt(899)]).toEqual([900, 'row 899']);
  });
});
