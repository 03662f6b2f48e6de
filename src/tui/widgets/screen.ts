/** The terminal as the application sees it: events in, canvases to paint, frames out. Knows no views and no protocol. */
import { type Clock, systemClock } from '../../base/clock.ts';
import { Emitter, type Event } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { InputDecoder } from '../input/decoder.ts';
import type { InputEvent, Key, Mouse } from '../input/key.ts';
import type { Theme } from '../theme.ts';
import type { ColorDepth } from '../theme-color.ts';
import type { Canvas, Paint } from './canvas.ts';
import { ScreenBuffer, type Size } from './screen-buffer.ts';
import { asciiBorders, type Rectangle, roundBorders } from './surface.ts';
import {
  TerminalDevice,
  type TerminalInput,
  type TerminalOutput,
  type TerminalProcess,
  type TerminalSignal,
} from './terminal-device.ts';
import { clipboardSequence, type MouseMoves, titleSequence } from './terminal-modes.ts';
import { setDrawnCharset } from './width.ts';

export interface TerminalOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly theme: Theme;
  readonly colors: ColorDepth;
  readonly borders?: 'round' | 'ascii';
  readonly mouse?: 'mouse' | 'no-mouse';
  readonly clock?: Clock;
  /** Where signals and the end of the process are noticed; `process` unless a test says otherwise. */
  readonly process?: TerminalProcess;
}

export type { Size } from './screen-buffer.ts';

/** At most one frame in this time while output arrives; a key is drawn at once. */
const frameEveryMs = 16;

/** Takes the terminal over: alternate screen, raw mode, own input decoding. Dispose gives it back. */
export function openTerminal(options: TerminalOptions): Terminal {
  return new Terminal(options);
}

export class Terminal implements Disposable {
  readonly #clock: Clock;
  readonly #device: TerminalDevice;
  readonly #decoder: InputDecoder;
  readonly #output: TerminalOutput;
  readonly #buffer: ScreenBuffer;
  readonly #colors: ColorDepth;
  readonly #keys = new Emitter<Key>();
  readonly #pastes = new Emitter<string>();
  readonly #mice = new Emitter<Mouse>();
  readonly #sizes = new Emitter<Size>();
  readonly #focus = new Emitter<boolean>();
  readonly #ends = new Emitter<TerminalSignal>();
  readonly #resumes = new Emitter<void>();
  readonly #replies = new Emitter<string>();
  #size: Size;
  #frameTimer: Disposable | null = null;
  #frameWanted = false;
  #sizeChanged = false;
  #disposed = false;

  constructor(options: TerminalOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#output = options.output;
    this.#size = sizeOf(options.output);
    this.#colors = options.colors;
    setDrawnCharset(options.borders === 'ascii' ? 'ascii' : 'unicode');
    this.#buffer = new ScreenBuffer({
      size: this.#size,
      theme: options.theme,
      colors: options.colors,
      borders: options.borders === 'ascii' ? asciiBorders : roundBorders,
      requestFrame: () => this.#requestFrame(),
    });
    this.#decoder = new InputDecoder({ clock: this.#clock, handle: (event) => this.#handleInput(event) });
    this.#device = new TerminalDevice(
      {
        input: options.input,
        output: options.output,
        process: options.process ?? process,
        mouse: options.mouse ?? 'mouse',
        clock: this.#clock,
        undo: () => this.#buffer.takeShapeReset(),
      },
      {
        handleData: (chunk) => this.#handleData(chunk),
        handleResize: () => this.#handleResize(),
        handleDrain: () => this.#frameWanted && this.renderNow(),
        handleResume: () => this.#handleResume(),
        handleEnd: (signal) => this.#handleEnd(signal),
      },
    );
  }

  readonly onKey: Event<Key> = this.#keys.event;
  readonly onPaste: Event<string> = this.#pastes.event;
  readonly onMouse: Event<Mouse> = this.#mice.event;
  /** The new size; the buffer has it already. */
  readonly onResize: Event<Size> = this.#sizes.event;
  readonly onFocusChange: Event<boolean> = this.#focus.event;
  /** A signal asks the process to end; the terminal is restored already. Without a listener the signal takes its usual effect. */
  readonly onEnd: Event<TerminalSignal> = this.#ends.event;
  /** The terminal is ours again, after `suspend`, Ctrl-Z or SIGCONT. */
  readonly onResume: Event<void> = this.#resumes.event;
  /** An answer of the terminal, as its whole sequence: to `ask`, or to nobody. Foreign text. */
  readonly onReply: Event<string> = this.#replies.event;

  get colors(): ColorDepth {
    return this.#colors;
  }

  get size(): Size {
    return this.#size;
  }

  get isSuspended(): boolean {
    return !this.#device.isActive;
  }

  /** Adds a canvas on top of the others. It is shown from the next frame on. */
  addCanvas(area: Rectangle, paint: Paint): Canvas {
    return this.#buffer.addCanvas(area, paint);
  }

  removeCanvas(canvas: Canvas): void {
    this.#buffer.removeCanvas(canvas);
  }

  /** Everything is to be painted again with the next frame, 16 ms from now at the latest. Cheap to call often. */
  render(): void {
    this.#buffer.invalidateAll();
  }

  /** Paints what was invalidated without waiting for the frame's time. */
  renderNow(): void {
    this.#render('all');
  }

  /** Keys do this by themselves, with what cannot wait; the rest comes when it would have come without them. */
  #render(paints: 'all' | 'urgent'): void {
    if (paints === 'all') this.#stopFrameTimer();
    if (this.#disposed) return;
    this.#applySize();
    this.#frameWanted = true;
    if (!this.#device.isReady) return this.#stopFrameTimer();
    const frame = this.#buffer.nextFrame(paints);
    this.#frameWanted = this.#buffer.hasLeft;
    if (!this.#frameWanted) this.#stopFrameTimer();
    else this.#requestFrame();
    if (frame !== '') this.#device.write(frame);
  }

  #stopFrameTimer(): void {
    this.#frameTimer?.dispose();
    this.#frameTimer = null;
  }

  setTheme(theme: Theme): void {
    this.#buffer.setTheme(theme);
  }

  /** Moves of the mouse with no button held are told, or not: they are many, so only while somebody wants them. */
  hearMoves(moves: MouseMoves): void {
    this.#device.setMoves(moves);
  }

  /** Gives the terminal away until `resume`: for $EDITOR or a login. Ctrl-Z meanwhile is the other program's affair. */
  suspend(): void {
    this.#decoder.reset();
    this.#device.suspend();
  }

  resume(): void {
    this.#device.resume();
  }

  /** Stops the program like Ctrl-Z in a shell; SIGCONT brings the screen back. */
  stop(): void {
    this.#decoder.reset();
    this.#device.stop();
  }

  setTitle(title: string): void {
    this.#device.write(titleSequence(title));
  }

  bell(): void {
    this.#device.write('\x07');
  }

  /** Sends a question to the terminal; an answer, if there is one, comes as `onReply`. */
  ask(question: string): void {
    this.#device.write(question);
  }

  /** Sends what `notificationSequence` made; nothing is shown by a terminal that does not know it. */
  notify(sequence: string): void {
    this.#device.write(sequence);
  }

  /** Copies to the terminal's clipboard (OSC 52, which also works over ssh and, when allowed there, in tmux); false when the text is too long. */
  copy(text: string): boolean {
    const sequence = clipboardSequence(text);
    if (sequence !== null) this.#device.write(sequence);
    return sequence !== null;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#frameTimer?.dispose();
    this.#decoder.dispose();
    this.#device.dispose();
    this.#buffer.dispose();
    const emitters = [this.#keys, this.#pastes, this.#mice, this.#sizes, this.#focus, this.#ends, this.#resumes];
    for (const emitter of [...emitters, this.#replies]) emitter.dispose();
  }

  #requestFrame(): void {
    this.#frameWanted = true;
    if (this.#frameTimer || this.#disposed) return;
    this.#frameTimer = this.#clock.after(frameEveryMs, () => this.renderNow());
  }

  #handleData(chunk: Buffer | string): void {
    this.#decoder.feed(chunk);
    if (this.#frameWanted) this.#render('urgent');
  }

  #handleInput(event: InputEvent): void {
    switch (event.kind) {
      case 'key':
        return this.#keys.fire(event.key);
      case 'paste':
        return this.#pastes.fire(event.text);
      case 'mouse':
        return this.#mice.fire(event.mouse);
      case 'focus':
        return this.#focus.fire(event.focused);
      case 'reply':
        return this.#replies.fire(event.text);
    }
  }

  /** Resizes come in storms while a window is dragged: the buffer follows with the next frame. */
  #handleResize(): void {
    this.#sizeChanged = true;
    this.#requestFrame();
  }

  #applySize(): void {
    if (!this.#sizeChanged) return;
    this.#sizeChanged = false;
    const size = sizeOf(this.#output);
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#buffer.resize(size);
    this.#sizes.fire(size);
  }

  #handleResume(): void {
    // The first call comes from the constructor of the device, before anything was painted.
    this.#sizeChanged = true;
    this.#buffer.forgetShown();
    this.#resumes.fire();
  }

  #handleEnd(signal: TerminalSignal): boolean {
    const listeners = this.#ends.listenerCount;
    this.#ends.fire(signal);
    return listeners > 0;
  }
}

/** A terminal that does not know its size (some report 0×0) gets the smallest on which everything works. */
function sizeOf(output: TerminalOutput): Size {
  return { columns: output.columns > 0 ? output.columns : 80, rows: output.rows > 0 ? output.rows : 24 };
}
