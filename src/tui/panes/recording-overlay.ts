/**
 * Plays the recording of one operation in an emulator, with pause, speed and seeking. It loads what it plays page by page; what a
 * recording says reaches the screen through the emulator alone.
 */
import type { Disposable } from '../../base/lifecycle.ts';
import type { Result } from '../../protocol/methods.ts';
import { Playback, type PlaybackEvent, type PlaybackOutput, toSpeed } from '../../protocol/playback.ts';
import { toLineSource } from '../copy/line-source.ts';
import { toTerminalSource } from '../copy/terminal-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, type Stage } from '../pane.ts';
import { clip, foreign, plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import type { VtPane } from '../widgets/vt-pane.ts';

const frameMs = 33;
const seekSeconds = 5;
/** Longer pauses say nothing to who looks. */
const pauseSecondsMax = 2;
/** Pages of a recording of the largest size, with room for escaped text. */
const pagesMax = 64;

export class RecordingOverlay implements Overlay {
  readonly scope: Scope = 'recording';
  readonly #stage: Stage;
  readonly #id: string;
  #title = '';
  #playback: Playback | null = null;
  #screen: VtPane | null = null;
  #warning: string | null = null;
  #speed = 1;
  #timer: Disposable | null = null;
  #beforeMs = 0;
  #isClosed = false;

  constructor(stage: Stage, id: string) {
    this.#stage = stage;
    this.#id = id;
    void this.#load();
  }

  /** What was played so far; nothing until it is loaded. */
  get textSource(): TextSource {
    const textName = 'recording';
    if (this.#screen) return toTerminalSource({ textName, terminal: this.#screen, height: this.#screen.rows });
    return toLineSource({ textName, lines: () => [], top: () => 0, height: () => 1, show: () => undefined });
  }

  place(columns: number, rows: number): Rectangle {
    return { x: 0, y: 1, width: columns, height: rows - 2 };
  }

  paint(surface: Surface, focus: FocusState): void {
    const inner = drawFrame(surface, focus, plain(` Recording ${foreign(this.#id)} `, 'title', { bold: true }));
    const page = this.#stage.page(inner.width);
    if (this.#playback === null || this.#screen === null) {
      inner.put(1, 0, plain(`${page.glyphs.running} loading the recording`, 'muted'));
      return;
    }
    const height = Math.max(1, inner.height - 2);
    this.#screen.resize(inner.width, height);
    this.#screen.draw(inner.part({ x: 0, y: 0, width: inner.width, height }), 'unfocused');
    inner.put(0, height, plain(page.glyphs.rule.repeat(inner.width), 'border'));
    inner.put(0, height + 1, clip(this.#toStatus(this.#playback), inner.width, page.glyphs.ellipsis));
  }

  handleAction(action: Action): boolean {
    if (action === 'close') this.#close();
    else if (this.#playback === null) return false;
    else if (action === 'togglePlay') this.#togglePlay(this.#playback);
    else if (action === 'seekForward') this.#goTo(this.#playback.positionSeconds + seekSeconds);
    else if (action === 'seekBack') this.#goTo(this.#playback.positionSeconds - seekSeconds);
    else if (action === 'toStart') this.#goTo(0);
    else if (action === 'toEnd') this.#goTo(this.#playback.durationSeconds);
    else if (action === 'faster') this.#speed = toSpeed(this.#speed, 1);
    else if (action === 'slower') this.#speed = toSpeed(this.#speed, -1);
    else if (action === 'pageUp') this.#screen?.scrollBy(this.#screen.rows - 1);
    else if (action === 'pageDown') this.#screen?.scrollBy(1 - this.#screen.rows);
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#screen?.scrollBy(-lines);
    this.#stage.invalidate();
  }

  #toStatus(playback: Playback): StyledLine {
    const state = this.#timer !== null ? 'playing' : playback.isAtEnd ? 'end' : 'paused';
    const time = `${playback.positionSeconds.toFixed(1)} of ${playback.durationSeconds.toFixed(1)} s`;
    return [
      span(` ${state} `, 'accent', { bold: true }),
      span(`${time}  ${this.#speed}x  `, 'text'),
      ...(this.#warning === null ? [] : [span(`${this.#warning}  `, 'danger')]),
      span(foreign(this.#title), 'muted'),
    ];
  }

  #togglePlay(playback: Playback): void {
    if (this.#timer !== null) return this.#pause();
    if (playback.isAtEnd) this.#write(playback.goTo(0));
    this.#beforeMs = this.#stage.model.clock.monotonicMs();
    this.#tick(playback);
  }

  #pause(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }

  #tick(playback: Playback): void {
    this.#timer = this.#stage.model.clock.after(frameMs, () => {
      const nowMs = this.#stage.model.clock.monotonicMs();
      this.#write(playback.advance(((nowMs - this.#beforeMs) / 1_000) * this.#speed));
      this.#beforeMs = nowMs;
      if (playback.isAtEnd) this.#pause();
      else this.#tick(playback);
      this.#stage.invalidate();
    });
  }

  #goTo(seconds: number): void {
    if (this.#playback) this.#write(this.#playback.goTo(seconds));
  }

  #write({ from, text }: PlaybackOutput): void {
    if (from === 'beginning') this.#screen?.clear();
    if (text !== '') this.#screen?.write(text);
  }

  #close(): void {
    this.#isClosed = true;
    this.#pause();
    this.#screen?.dispose();
    this.#screen = null;
    this.#stage.close(this);
  }

  /** Adds what it holds to the events; gives the operations whose recordings go on where it ends, null when it cannot be read. */
  async #loadOne(id: string, events: PlaybackEvent[]): Promise<readonly string[] | null> {
    const fromSeconds = events.at(-1)?.atSeconds ?? 0;
    const followedBy: string[] = [];
    let next: number | null = 0;
    for (let page = 0; next !== null && page < pagesMax && !this.#isClosed; page += 1) {
      const answer: Result<'audit.recording'> | null = await this.#stage.call('audit.recording', { id, offset: next });
      if (!answer) return null;
      if (answer.header && id === this.#id) this.#title = answer.header.title;
      if (answer.registered === 'other') this.#warning = 'not what the log registered';
      if (answer.registered === 'no end yet') this.#warning = 'no end in the log yet';
      for (const { atSeconds, text } of answer.events) events.push({ atSeconds: fromSeconds + atSeconds, text });
      followedBy.push(...(answer.followedBy ?? []));
      next = answer.next;
    }
    return id === this.#id ? followedBy : [];
  }

  async #load(): Promise<void> {
    const events: PlaybackEvent[] = [];
    const ids = [this.#id];
    for (let id = ids.shift(); id !== undefined && !this.#isClosed; id = ids.shift()) {
      const later = await this.#loadOne(id, events);
      if (later === null) return this.#close();
      ids.push(...later);
    }
    // The emulator is the heaviest part of the screen: it is loaded when it is needed.
    const [{ VtPane: Type }, { Ingest }] = await Promise.all([
      import('../widgets/vt-pane.ts'),
      import('../widgets/ingest.ts'),
    ]);
    if (this.#isClosed) return;

    this.#screen = new Type({ columns: 80, rows: 24, ingest: new Ingest(), source: 'terminal' });
    this.#screen.onChange(() => this.#stage.invalidate());
    this.#playback = new Playback(events, { pauseSecondsMax });
    this.#togglePlay(this.#playback);
    this.#stage.invalidate();
  }
}
