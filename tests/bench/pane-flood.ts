/**
 * Keys under a flood: eight panes at full speed, a key every 20 ms, and how long each takes from its bytes to the frame that shows it.
 * Run with `node scripts/bench.mjs pane-flood`, or as a TypeScript module by any runner; prints one line a measure.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { darkTheme } from '../../src/tui/theme.ts';
import { Editor } from '../../src/tui/widgets/editor.ts';
import { Ingest } from '../../src/tui/widgets/ingest.ts';
import { openTerminal } from '../../src/tui/widgets/screen.ts';
import { VtPane } from '../../src/tui/widgets/vt-pane.ts';

const columns = 200;
const rows = 50;
const paneCount = 8;
const durationMs = 4_000;
const keyEveryMs = 20;

const input = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} });
let bytes = 0;
let frames = 0;
let onWrite: ((text: string) => void) | null = null;
const output = Object.assign(new EventEmitter(), {
  columns,
  rows,
  writableNeedDrain: false,
  writableLength: 0,
  write(text: string) {
    bytes += text.length;
    frames += 1;
    onWrite?.(text);
    return true;
  },
});
const terminal = openTerminal({ input, output, theme: darkTheme, colors: 'rgb' });
const ingest = new Ingest();
const editor = new Editor();
const prompt = terminal.addCanvas({ x: 0, y: 0, width: 60, height: 3 }, (surface) => editor.draw(surface, 'focused'));
terminal.onKey((key) => {
  editor.handleKey(key);
  prompt.invalidate();
});

const paused = Array<boolean>(paneCount).fill(false);
const panes = Array.from({ length: paneCount }, (_, index) => {
  const pane = new VtPane({
    columns: 70,
    rows: 11,
    ingest,
    source: 'output',
    onPressure: (isPaused) => {
      paused[index] = isPaused;
    },
  });
  const area = { x: 60 + (index % 2) * 70, y: Math.floor(index / 2) * 12, width: 70, height: 12 };
  const canvas = terminal.addCanvas(area, (surface) => pane.draw(surface.box(), 'unfocused'));
  pane.onChange(() => canvas.invalidate());
  return pane;
});

// Chunks end at different lines, so that every slice leaves another picture.
const chunks = Array.from({ length: 17 }, (_, chunk) =>
  Array.from(
    { length: 100 + chunk * 7 },
    (_, line) => `\x1b[3${line % 8}m${chunk}-${line} ${'lorem ipsum '.repeat(1 + ((line * chunk) % 5))}\x1b[0m\n`,
  ).join(''),
);
let fed = 0;
let turn = 0;
function feed(): void {
  panes.forEach((pane, index) => {
    if (paused[index]) return;
    const chunk = chunks[(turn + index) % chunks.length] ?? '';
    turn += 1;
    pane.write(chunk);
    fed += chunk.length;
  });
}

const latencies: number[] = [];
const end = performance.now() + durationMs;
const feeder = setInterval(feed, 1);
while (performance.now() < end) {
  const sentAt = performance.now() + keyEveryMs;
  // The key's own time is when it should have arrived: a blocked event loop counts.
  await sleep(keyEveryMs);
  await new Promise<void>((resolve) => {
    onWrite = () => {
      latencies.push(performance.now() - sentAt);
      onWrite = null;
      resolve();
    };
    input.emit('data', 'x');
  });
  if (editor.text.length > 100) editor.clear();
}
clearInterval(feeder);
latencies.sort((a, b) => a - b);
const at = (share: number): string => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1);
console.log(
  `keys ${latencies.length}, latency ms: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, worst ${at(0.9999)}`,
);
console.log(
  `output into panes ${(((fed / durationMs) * 1000) / 1_048_576).toFixed(1)} MB/s; frames ${frames}, ${(bytes / frames / 1024).toFixed(1)} kB each`,
);

const repaints = 200;
const before = performance.now();
for (let repaint = 0; repaint < repaints; repaint += 1) {
  terminal.render();
  terminal.renderNow();
}
console.log(`full repaint of ${columns}×${rows}: ${((performance.now() - before) / repaints).toFixed(2)} ms`);
for (const pane of panes) pane.dispose();
terminal.dispose();
process.exit(0);
