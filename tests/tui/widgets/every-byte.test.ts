/** Every byte value in every widget that shows text: nothing that acts on a terminal gets into a cell, and nothing leaves its own cells. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startCopy } from '../../../src/tui/copy/copy-model.ts';
import { CopyText, toTextRow } from '../../../src/tui/copy/copy-text.ts';
import { drawCopy } from '../../../src/tui/copy/draw-copy.ts';
import { EmulatedRows } from '../../../src/tui/stream/emulated-rows.ts';
import { toPlainRows } from '../../../src/tui/stream/plain-output.ts';
import { Editor } from '../../../src/tui/widgets/editor.ts';
import { Ingest } from '../../../src/tui/widgets/ingest.ts';
import type { Surface } from '../../../src/tui/widgets/surface.ts';
import { TextView } from '../../../src/tui/widgets/text-view.ts';
import { VirtualList } from '../../../src/tui/widgets/virtual-list.ts';
import { VtPane } from '../../../src/tui/widgets/vt-pane.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

const turns: (() => void)[] = [];
const ingest = new Ingest({ later: (call) => turns.push(call) });
const panes = new Map<'output' | 'terminal', VtPane>();
afterEach(() => {
  for (const pane of panes.values()) pane.dispose();
  panes.clear();
});

/** An emulator that has parsed this text, and before it whatever was parsed, a string without an end ended and all reset. */
function toPane(text: string, source: 'output' | 'terminal'): VtPane {
  const pane = panes.get(source) ?? new VtPane({ columns: 10, rows: 3, source, ingest });
  panes.set(source, pane);
  pane.write(`\x18\x1bc${text}`);
  for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
  return pane;
}

const view = { columns: 10, lines: 'wrapped', filter: null } as const;

type Draw = (text: string, surface: Surface) => void;

/** What draws, by the file that it is in. */
const widgets: readonly (readonly [file: string, what: string, draw: Draw])[] = [
  ['widgets/surface.ts', 'text', (text, surface) => surface.put(0, 0, text)],
  ['widgets/surface.ts', 'text far on the left', (text, surface) => surface.put(-2, 0, text)],
  ['widgets/surface.ts', 'a frame with a title and a note', (text, surface) => surface.box({}, [{ text }], [{ text }])],
  ['widgets/text-view.ts', 'wrapped lines', (text, surface) => drawText('wrap', text, surface)],
  ['widgets/text-view.ts', 'cut lines', (text, surface) => drawText('cut', text, surface)],
  ['widgets/virtual-list.ts', 'rows', (text, surface) => listOf(text, 2).draw(surface)],
  ['widgets/virtual-list.ts', 'what stands for no rows', (text, surface) => listOf(text, 0).draw(surface)],
  ['widgets/editor.ts', 'a placeholder', (text, surface) => new Editor({ placeholder: text }).draw(surface, 'focused')],
  ['widgets/editor.ts', 'a text', (text, surface) => editorOf(text).draw(surface, 'focused')],
  ['widgets/vt-pane.ts', 'output', (text, surface) => toPane(text, 'output').draw(surface, 'focused')],
  ['widgets/vt-pane.ts', 'a shell', (text, surface) => toPane(text, 'terminal').draw(surface, 'focused')],
  ['stream/emulated-rows.ts', 'rows of output', drawEmulated],
  ['stream/plain-output.ts', 'rows of output out of sight', drawPlain],
  ['copy/draw-copy.ts', 'copy mode', drawCopied],
];

/** Alone, and behind what begins a command of a terminal. */
const beginnings = ['', '\x1b', '\x1b[', '\x1b]', '\x1bP'];

describe('every byte value', () => {
  it.each(widgets)('in %s, %s, does no harm', (_file, _what, draw) => {
    for (const beginning of beginnings)
      for (let byte = 0; byte < 256; byte += 1) {
        const text = `a${beginning}${String.fromCharCode(byte)}b`;
        const { surface, lines } = memorySurface(14, 5);
        draw(text, surface.part({ x: 2, y: 1, width: 10, height: 3 }));
        const picture = lines();
        if (/[\p{Cc}\p{Cf}]/u.test(picture.join('')))
          expect.fail(`${JSON.stringify(text)}: ${JSON.stringify(picture)}`);
        const isOutside = picture[0] !== '' || picture[4] !== '' || picture.some((line) => /^ ?[^ ]/.test(line));
        if (isOutside) expect.fail(`${JSON.stringify(text)} left its cells: ${JSON.stringify(picture)}`);
      }
  });

  it('is tried in each widget that draws', () => {
    const folder = new URL('../../../src/tui/widgets/', import.meta.url);
    const drawing = readdirSync(folder).filter((file) =>
      /^ {2}draw\(surface: Surface/m.test(readFileSync(new URL(file, folder), 'utf8')),
    );
    expect(drawing.length).toBeGreaterThan(3);
    const tried = widgets.map(([file]) => file);
    expect(drawing.filter((file) => !tried.includes(`widgets/${file}`))).toEqual([]);
  });
});

function drawText(wrapping: 'wrap' | 'cut', text: string, surface: Surface): void {
  const shown = new TextView({ wrapping });
  shown.setLines([[{ text }], [{ text: 'x' }, { text }]]);
  shown.draw(surface);
}

function listOf(text: string, count: number): VirtualList {
  const list = new VirtualList({ renderRow: () => [{ text }], emptyText: text });
  list.setRowCount(count);
  return list;
}

function editorOf(text: string): Editor {
  const editor = new Editor({});
  editor.setText(text);
  return editor;
}

function drawEmulated(text: string, surface: Surface): void {
  const rows = new EmulatedRows(toPane(text, 'output'), view);
  rows.update('rows');
  for (let row = 0; row < rows.count; row += 1) surface.put(0, row, rows.textAt(row));
}

function drawPlain(text: string, surface: Surface): void {
  const rows = toPlainRows(text, view, 100);
  for (let row = 0; row < rows.count; row += 1) surface.put(0, row, rows.textAt(row));
}

function drawCopied(text: string, surface: Surface): void {
  const copied = new CopyText([toTextRow([{ text }])]);
  drawCopy(surface, { text: copied, state: startCopy(copied, 0, 3, 0), run: null, current: null });
}
