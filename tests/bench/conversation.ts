/**
 * What a word costs that is added to the end of a conversation: from the event to the painted pane, with 20,000 lines above it and with 200. The
 * view, its reduction, the pane and the layout of Markdown are the real parts; the surface is in memory.
 */
import type { ConversationItem } from '../../src/protocol/view.ts';
import { CardDesk } from '../../src/tui/card-desk.ts';
import type { Stage } from '../../src/tui/pane.ts';
import { ConversationPane } from '../../src/tui/panes/conversation-pane.ts';
import { unicodeGlyphs } from '../../src/tui/present/page.ts';
import { ScreenModel } from '../../src/tui/screen-model.ts';
import { FakeHost, makeSession } from '../fixtures/fake-host.ts';
import { ManualClock } from '../fixtures/screen-world.ts';
import { memorySurface } from '../fixtures/widget-surface.ts';
import { type Effort, type Measure, type Report, toMeasure, toRatioAim } from './measure.ts';

const columns = 100;
const rows = 50;
const linesOfItem = 10;
const appends: Readonly<Record<Effort, number>> = { full: 1_500, quick: 200 };
/** Twenty times this would be a conversation that is laid out again with each word. */
const ratioMax = 2;

export async function benchConversation(effort: Effort): Promise<Report> {
  const small = await append(200, effort, 'baseline');
  const large = await append(20_000, effort, 'subject');
  return {
    name: 'conversation',
    title: `a word at the end of a conversation, to the painted pane (${columns} × ${rows})`,
    measures: [large.word, { ...large.resize, role: 'subject' }, small.word],
    aims: [toRatioAim('20,000 lines against 200', large.word.p50Ms / small.word.p50Ms, { max: ratioMax })],
    notes: ['Another width lays out what is in sight; everything else follows as it comes into sight.'],
  };
}

async function append(
  lines: number,
  effort: Effort,
  role: Measure['role'],
): Promise<{ readonly word: Measure; readonly resize: Measure }> {
  const host = new FakeHost();
  const items = toItems(lines / linesOfItem);
  host.emit({ type: 'session.added', session: makeSession('S1', { items }) });
  const { pane, isReady } = openPane(host);
  const surface = memorySurface(columns, rows).surface;
  pane.paint(surface, 'focused');
  await isReady;
  pane.paint(surface, 'focused');
  const last = items.at(-1)?.id ?? 0;
  const word = time(appends[effort], (round) => {
    // A message of some paragraphs, as agents write them, and then the next one.
    if (round % 200 === 0) host.emit({ type: 'item.added', session: 'S1', item: toItem(last + 1 + round / 200, '') });
    const text = round % 40 === 39 ? '\n\n' : ` **word** ${round}`;
    host.emit({ type: 'item.appended', session: 'S1', item: last + 1 + Math.floor(round / 200), text });
    pane.paint(surface, 'focused');
  });
  const resize = time(Math.ceil(appends[effort] / 20), (round) => {
    pane.paint(memorySurface(columns + 1 + (round % 7), rows).surface, 'focused');
  });
  host.dispose();
  const label = `${lines.toLocaleString('en')} lines`;
  return { word: toMeasure(label, role, word), resize: toMeasure(`${label}, another width`, role, resize) };
}

function time(count: number, act: (round: number) => void): readonly number[] {
  return Array.from({ length: count }, (_, round) => {
    const startMs = performance.now();
    act(round);
    return performance.now() - startMs;
  });
}

function openPane(host: FakeHost): { readonly pane: ConversationPane; readonly isReady: Promise<void> } {
  const clock = new ManualClock();
  const words = { prefix: 'ctrl-b', program: 'signalbox', comeBack: 'signalbox attach' };
  const model = new ScreenModel(host, new CardDesk(clock, 0), clock, null, words);
  let handleReady: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => {
    handleReady = resolve;
  });
  const stage: Partial<Stage> = {
    model,
    page: (width) => ({ columns: width, nowMs: 0, glyphs: unicodeGlyphs }),
    // The first thing that changes by itself is the layout of Markdown, once it is loaded.
    invalidate: () => handleReady(),
    seen: () => undefined,
  };
  return { pane: new ConversationPane(stage as Stage), isReady };
}

function toItems(count: number): readonly ConversationItem[] {
  const text = Array.from(
    { length: linesOfItem - 1 },
    (_, line) => `- line ${line} with **some** \`words\` in it`,
  ).join('\n');
  return Array.from({ length: count }, (_, index) => toItem(index + 1, text));
}

function toItem(id: number, text: string): ConversationItem {
  return { id, kind: 'agent', text, atMs: id };
}
