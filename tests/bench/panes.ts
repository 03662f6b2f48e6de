/**
 * Keys under a flood: panes at full speed, a key every 20 ms, and how long each takes from when its bytes should have arrived to the
 * frame that shows it. The terminal is a fake one in this process; emulators, painting and the difference of frames are the real parts.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Disposables, toDisposable } from '../../src/base/lifecycle.ts';
import { darkTheme } from '../../src/tui/theme.ts';
import { Editor } from '../../src/tui/widgets/editor.ts';
import { Ingest } from '../../src/tui/widgets/ingest.ts';
import { openTerminal, type Terminal } from '../../src/tui/widgets/screen.ts';
import { VtPane } from '../../src/tui/widgets/vt-pane.ts';
import { type Effort, type Measure, type Report, toMeasure } from './measure.ts';

const columns = 200;
const rows = 50;
const keys: Readonly<Record<Effort, number>> = { full: 250, quick: 50 };
const keyEveryMs = 20;
const p99MsMax = 50;

export async function benchPanes(effort: Effort): Promise<Report> {
  const quiet = await flood(0, effort);
  const floods = [await flood(1, effort), await flood(4, effort), await flood(8, effort)];
  const eight = floods.at(-1);
  const p99Ms = eight?.keys.p99Ms ?? Number.NaN;
  return {
    name: 'panes',
    title: `a key to the frame that shows it, while panes are flooded (${columns} × ${rows})`,
    measures: [...floods.map((one) => one.keys), { ...quiet.keys, role: 'baseline' }],
    aims: [{ aim: `p99 at most ${p99MsMax} ms with 8 panes`, measured: p99Ms, unit: 'ms', isMet: p99Ms <= p99MsMax }],
    notes: floods.map((one) => one.note),
  };
}

async function flood(paneCount: number, effort: Effort): Promise<{ readonly keys: Measure; readonly note: string }> {
  const lifetimes = new Disposables();
  const screen = new FakeScreen();
  const terminal = lifetimes.add(openTerminal({ ...screen, theme: darkTheme, colors: 'rgb' }));
  const editor = new Editor();
  const area = { x: 0, y: 0, width: 60, height: 3 };
  const prompt = terminal.addCanvas(area, (surface) => editor.draw(surface, 'focused'));
  terminal.onKey((key) => {
    editor.handleKey(key);
    prompt.invalidate();
  });
  const feeder = new Feeder(openPanes(terminal, paneCount, lifetimes));
  const timer = setInterval(() => feeder.feed(), 1);
  lifetimes.add(toDisposable(() => clearInterval(timer)));

  const startMs = performance.now();
  const latencies: number[] = [];
  while (latencies.length < keys[effort]) {
    // A blocked event loop counts: the key should have arrived then, whether we were there or not.
    const dueMs = performance.now() + keyEveryMs;
    await sleep(keyEveryMs);
    const drawn = screen.nextFrame();
    screen.input.emit('data', 'x');
    await drawn;
    latencies.push(performance.now() - dueMs);
    if (editor.text.length > 100) editor.clear();
  }
  const megabytesPerSecond = feeder.bytes / 1_048_576 / ((performance.now() - startMs) / 1000);
  lifetimes.dispose();
  const label = paneCount === 0 ? 'no pane' : paneCount === 1 ? '1 pane' : `${paneCount} panes`;
  return {
    keys: toMeasure(label, 'subject', latencies),
    note: `${label} took ${megabytesPerSecond.toFixed(1)} MB/s of output together`,
  };
}

interface FloodedPane {
  readonly pane: VtPane;
  isPaused: boolean;
}

function openPanes(terminal: Terminal, count: number, lifetimes: Disposables): FloodedPane[] {
  const ingest = new Ingest();
  return Array.from({ length: count }, (_, index) => {
    const pane: VtPane = lifetimes.add(
      new VtPane({
        ...{ columns: 70, rows: 11, ingest, source: 'output' },
        onPressure: (isPaused) => {
          flooded.isPaused = isPaused;
        },
      }),
    );
    const flooded: FloodedPane = { pane, isPaused: false };
    const area = { x: 60 + (index % 2) * 70, y: Math.floor(index / 2) * 12, width: 70, height: 12 };
    const canvas = terminal.addCanvas(area, (surface) => pane.draw(surface.box(), 'unfocused'));
    pane.onChange(() => canvas.invalidate());
    return flooded;
  });
}

/** As much as each pane takes. Chunks end at different lines, so that every slice leaves another picture. */
class Feeder {
  bytes = 0;
  readonly #panes: readonly FloodedPane[];
  #turn = 0;

  constructor(panes: readonly FloodedPane[]) {
    this.#panes = panes;
  }

  feed(): void {
    for (const flooded of this.#panes) {
      for (let count = 0; count < chunksPerTurnMax && !flooded.isPaused; count += 1) {
        const chunk = chunks[this.#turn % chunks.length] ?? '';
        this.#turn += 1;
        flooded.pane.write(chunk);
        this.bytes += chunk.length;
      }
    }
  }
}

/** So that a pane that never asks to pause does not keep the loop for itself. */
const chunksPerTurnMax = 16;

const chunks = Array.from({ length: 17 }, (_, chunk) =>
  Array.from(
    { length: 100 + chunk * 7 },
    (_, line) => `\x1b[3${line % 8}m${chunk}-${line} ${'lorem ipsum '.repeat(1 + ((line * chunk) % 5))}\x1b[0m\n`,
  ).join(''),
);

class FakeScreen {
  readonly input = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} });
  #handleFrame: () => void = () => undefined;
  readonly output = Object.assign(new EventEmitter(), {
    ...{ columns, rows, writableNeedDrain: false, writableLength: 0 },
    write: (): boolean => {
      this.#handleFrame();
      return true;
    },
  });

  nextFrame(): Promise<void> {
    return new Promise((resolve) => {
      this.#handleFrame = resolve;
    });
  }
}
