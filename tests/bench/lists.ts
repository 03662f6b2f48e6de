/**
 * What grows with what is shown: a list of a million rows, from a key to the frame that shows it at its top, in its middle and at its end; and
 * the memory of a pane whose history is full, with 1, 8 and 16 of them. The terminal is a fake one; everything else is the real parts.
 */
import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { darkTheme } from '../../src/tui/theme.ts';
import { Ingest } from '../../src/tui/widgets/ingest.ts';
import { openTerminal } from '../../src/tui/widgets/screen.ts';
import { VirtualList } from '../../src/tui/widgets/virtual-list.ts';
import { VtPane } from '../../src/tui/widgets/vt-pane.ts';
import { type Effort, type Measure, type Report, toMeasure, toRatioAim } from './measure.ts';

const columns = 200;
const rows = 50;
const many = 1_000_000;
const few = 1_000;
const keys: Readonly<Record<Effort, number>> = { full: 2_000, quick: 200 };
const ratioMax = 2;
const paneColumns = 100;
/** A pane fills its history with so many lines, and lets go as many. */
const linesOfPane = 4_000;

export async function benchLists(effort: Effort): Promise<Report> {
  const small = moveAt('1,000 rows', few, 0, effort, 'baseline');
  const places = { top: 0, middle: many / 2, end: many - 1 } as const;
  const large = Object.entries(places).map(([place, row]) =>
    moveAt(`1,000,000 rows, ${place}`, many, row, effort, 'subject'),
  );
  const worst = Math.max(...large.map(({ p50Ms }) => p50Ms));
  // The first one brings the code of all.
  await measurePanes(1);
  const memory: string[] = [];
  for (const count of [1, 8, 16]) memory.push(await measurePanes(count));
  return {
    name: 'lists',
    title: `a key to the frame in a long list, and the memory of full panes (${columns} × ${rows})`,
    measures: [...large, small],
    aims: [toRatioAim('1,000,000 rows against 1,000', worst / small.p50Ms, { max: ratioMax })],
    notes: memory,
  };
}

function moveAt(what: string, count: number, row: number, effort: Effort, role: Measure['role']): Measure {
  let frames = 0;
  const input = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} });
  const output = Object.assign(new EventEmitter(), {
    ...{ columns, rows, writableNeedDrain: false, writableLength: 0 },
    write: () => {
      frames += 1;
      return true;
    },
  });
  const terminal = openTerminal({ input, output, theme: darkTheme, colors: 'rgb' });
  const list = new VirtualList({
    renderRow: (index) => [{ text: `12:00:00 web-${index % 20} `, token: 'muted' }, { text: `uptime ${index} ✓ ok` }],
  });
  list.setRowCount(count);
  list.select(row);
  const canvas = terminal.addCanvas({ x: 0, y: 0, width: columns, height: rows }, (surface) => list.draw(surface));
  terminal.onKey((key) => {
    list.handleKey(key);
    canvas.invalidate();
  });
  terminal.renderNow();
  // Pages away from the edge and back, so that every row of each frame is another one.
  const [away, back] = row === 0 ? ['\x1b[6~', '\x1b[5~'] : ['\x1b[5~', '\x1b[6~'];
  const times = Array.from({ length: keys[effort] }, (_, round) => {
    const startMs = performance.now();
    input.emit('data', Math.floor(round / 10) % 2 === 0 ? away : back);
    return performance.now() - startMs;
  });
  if (frames < times.length) throw new Error(`Only ${frames} of ${times.length} keys were drawn.`);
  terminal.dispose();
  return toMeasure(what, role, times);
}

async function measurePanes(count: number): Promise<string> {
  const text = Array.from(
    { length: linesOfPane },
    (_, line) => `\x1b[3${line % 8}m${line}\x1b[0m ${'lorem '.repeat(14)}\r\n`,
  ).join('');
  const collect = toCollector();
  const before = usedBytes(collect);
  const ingest = new Ingest();
  const panes = Array.from(
    { length: count },
    () => new VtPane({ columns: paneColumns, rows: 24, ingest, source: 'terminal' }),
  );
  for (const pane of panes) pane.write(text);
  while (panes.some(({ waiting }) => waiting > 0)) await new Promise((resolve) => setImmediate(resolve));
  const [first] = panes;
  const bytes = (usedBytes(collect) - before) / count;
  for (const pane of panes) pane.dispose();
  return `${count} ${count === 1 ? 'pane' : 'panes'} with ${first?.rowTotal} rows of ${paneColumns} columns: ${(bytes / 1_048_576).toFixed(1)} MiB each`;
}

function usedBytes(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function toCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
