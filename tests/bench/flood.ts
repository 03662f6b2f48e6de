/**
 * Memory under a flood that lasts: the whole screen with eight panes that get output without a pause, new commands all the time and an agent that
 * goes on talking. The host's view and its reduction are the real ones; the terminal takes every frame and keeps none.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src/base/clock.ts';
import { App } from '../../src/tui/app.ts';
import { darkTheme } from '../../src/tui/theme.ts';
import { openTerminal } from '../../src/tui/widgets/screen.ts';
import { FakeHost, makeBlock, makeServer, makeSession, makeText } from '../fixtures/fake-host.ts';
import { type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';

const columns = 200;
const rows = 50;
const servers = Array.from({ length: 8 }, (_, index) => `web-${index + 1}`);
const minutesUsual: Readonly<Record<Effort, number>> = { full: 5, quick: 0.25 };
/** Everything that is bounded has reached its bound by then: histories of panes, tables of looks, the JIT. */
const warmUpShare = 0.2;
const turnEveryMs = 8;
/** A new command in every pane after so many turns: two seconds. */
const turnsOfBlock = 250;
const growthMax = 1.1;

interface Sample {
  readonly rssMiB: number;
  readonly heapMiB: number;
}

export async function benchFlood(effort: Effort, minutes = minutesUsual[effort]): Promise<Report> {
  const screen = new SilentScreen();
  const terminal = openTerminal({ ...screen.streams, theme: darkTheme, colors: 'rgb' });
  const host = new FakeHost();
  host.emit(
    { type: 'servers.replaced', servers: Object.fromEntries(servers.map((id) => [id, makeServer(id)])) },
    { type: 'session.added', session: makeSession('S1', { servers, items: [makeText(1, 'agent', 'Begin.')] }) },
  );
  const parts = { terminal, host, clock: systemClock, prefix: 'ctrl-b', cardDeafMs: 300, session: 'S1' };
  const app = new App(parts);
  try {
    return await flood(new Feeder(host), screen, minutes);
  } finally {
    app.dispose();
    terminal.dispose();
    host.dispose();
  }
}

async function flood(feeder: Feeder, screen: SilentScreen, minutes: number): Promise<Report> {
  const collect = toCollector();
  const startMs = performance.now();
  const endMs = startMs + minutes * 60_000;
  const warmMs = startMs + minutes * 60_000 * warmUpShare;
  const sampleEveryMs = Math.max(1_000, minutes * 2_000);
  let nextSampleMs = startMs + sampleEveryMs;
  const samples: Sample[] = [toSample(collect)];
  const warm: Sample[] = [];
  const turns: number[] = [];
  while (performance.now() < endMs) {
    const turnMs = performance.now();
    feeder.feed();
    await sleep(turnEveryMs);
    turns.push(performance.now() - turnMs - turnEveryMs);
    if (turns.length > 100_000) turns.splice(0, 50_000);
    if (performance.now() < nextSampleMs) continue;
    nextSampleMs += sampleEveryMs;
    const sample = toSample(collect);
    samples.push(sample);
    if (performance.now() > warmMs) warm.push(sample);
  }
  const [first, second] = halves(warm);
  const growth = mean(second, 'heapMiB') / mean(first, 'heapMiB');
  const rssGrowth = mean(second, 'rssMiB') / mean(first, 'rssMiB');
  return {
    name: 'flood',
    title: `memory of the screen while ${servers.length} panes are flooded (${columns} × ${rows}, ${minutes} minutes)`,
    measures: [toMeasure('a turn of the event loop, late by', 'subject', turns)],
    aims: [
      toRatioAim('used memory, second half against first', growth, { max: growthMax }),
      toRatioAim('memory of the process, second half against first', rssGrowth, { max: growthMax }),
    ],
    notes: [
      `heap after collection, MiB: ${series(samples, 'heapMiB')}`,
      `process, MiB: ${series(samples, 'rssMiB')}`,
      `${(feeder.bytes / 1_048_576).toFixed(0)} MiB of output, ${feeder.blocks} commands, ${screen.frames} frames, ${(screen.bytes / 1_048_576).toFixed(0)} MiB written`,
    ],
  };
}

class Feeder {
  bytes = 0;
  blocks = 0;
  readonly #host: FakeHost;
  #turn = 0;
  #item = 1;
  #skipped = 0;

  constructor(host: FakeHost) {
    this.#host = host;
  }

  feed(): void {
    if (this.#turn % turnsOfBlock === 0) this.#nextBlocks();
    for (const server of servers) {
      const text = chunks[(this.#turn + server.length) % chunks.length] ?? '';
      this.bytes += text.length;
      this.#skipped += 1;
      const skippedBytes = this.#skipped % 97 === 0 ? 65_536 : 0;
      this.#host.emit({ type: 'block.output', server, block: this.#block(server), text, skippedBytes });
    }
    if (this.#turn % 10 === 0) this.#talk();
    this.#turn += 1;
  }

  #block(server: string): string {
    return `${server}-${Math.floor(this.#turn / turnsOfBlock)}`;
  }

  #nextBlocks(): void {
    for (const server of servers) {
      if (this.#turn > 0) {
        const block = `${server}-${Math.floor(this.#turn / turnsOfBlock) - 1}`;
        const change = { state: 'ended', status: 'ok', exitCode: 0, durationMs: 2_000 } as const;
        this.#host.emit({ type: 'block.changed', server, block, change });
      }
      const block = makeBlock(this.#block(server), { state: 'running', status: null, exitCode: null });
      this.#host.emit({ type: 'block.added', server, block });
      this.blocks += 1;
    }
  }

  #talk(): void {
    if (this.#turn % 500 === 0) {
      this.#item += 1;
      this.#host.emit({ type: 'item.added', session: 'S1', item: makeText(this.#item, 'agent', '') });
    }
    this.#host.emit({ type: 'item.appended', session: 'S1', item: this.#item, text: ` **word** ${this.#turn}` });
  }
}

/** Colours, wide characters, carriage returns and sequences cut in two, so that every part of a pane has work. */
const chunks = Array.from({ length: 31 }, (_, chunk) =>
  Array.from(
    { length: 40 + (chunk % 5) },
    (_unused, line) =>
      `\x1b[38;2;${(chunk * 8) % 256};${(line * 16) % 256};90m${chunk}-${line} ${'lorem ipsum '.repeat(1 + ((line * chunk) % 5))}漢字\x1b[0m\r\n`,
  )
    .join('')
    .slice(chunk % 7),
);

/** Takes everything at once. */
class SilentScreen {
  bytes = 0;
  frames = 0;
  readonly streams = {
    input: Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} }),
    output: Object.assign(new EventEmitter(), {
      ...{ columns, rows, writableNeedDrain: false, writableLength: 0 },
      write: (text: string): boolean => {
        this.bytes += text.length;
        this.frames += 1;
        return true;
      },
    }),
  };
}

/** Full collections, so that what is measured is what is kept. */
function toCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function toSample(collect: () => void): Sample {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssMiB: rss / 1_048_576, heapMiB: (heapUsed + external) / 1_048_576 };
}

function halves(samples: readonly Sample[]): readonly [readonly Sample[], readonly Sample[]] {
  const middle = Math.floor(samples.length / 2);
  return [samples.slice(0, middle), samples.slice(middle)];
}

function mean(samples: readonly Sample[], of: keyof Sample): number {
  return samples.reduce((sum, sample) => sum + sample[of], 0) / Math.max(1, samples.length);
}

/** At most twelve of them, first and last among them. */
function series(samples: readonly Sample[], of: keyof Sample): string {
  const step = Math.max(1, Math.ceil(samples.length / 11));
  const shown = samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
  return shown.map((sample) => sample[of].toFixed(0)).join(' ');
}
