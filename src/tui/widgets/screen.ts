/** The terminal as the application sees it: events in, canvases to paint, frames out. Knows no views and no protocol. */
import { type Clock, systemClock } from '../../base/clock.ts';
import { Emitter, type Event } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { InputDecoder } from '../input/decoder.ts';
import type { InputEvent, Key, Mouse } from '../input/key.ts';
import type { Theme } from '../theme.ts';
import type { ColorDepth } from '../theme-color.ts';
import { type BlessedScreen, createBlessedElement, createBlessedScreen, resizeBlessedScreen } from './blessed.ts';
import { Canvas, type CanvasHost, type Paint } from './canvas.ts';
import { type CursorPosition, drawFrame, wrapFrame } from './draw.ts';
import { Styles } from './styles.ts';
import { asciiBorders, type CellRow, type Rectangle, roundBorders } from './surface.ts';
import {
  TerminalDevice,
  type TerminalInput,
  type TerminalOutput,
  type TerminalProcess,
  type TerminalSignal,
} from './terminal-device.ts';
import { clipboardSequence, titleSequence } from './terminal-modes.ts';

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

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

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
  readonly #styles: Styles;
  readonly #output: TerminalOutput;
  readonly #screen: BlessedScreen;
  readonly #canvases = new Set<Canvas>();
  readonly #host: CanvasHost;
  readonly #keys = new Emitter<Key>();
  readonly #pastes = new Emitter<string>();
  readonly #mice = new Emitter<Mouse>();
  readonly #sizes = new Emitter<Size>();
  readonly #focus = new Emitter<boolean>();
  readonly #ends = new Emitter<TerminalSignal>();
  readonly #resumes = new Emitter<void>();
  #size: Size;
  #painted: Rectangle[] = [];
  #cursor: CursorPosition | null = null;
  #shownCursor: CursorPosition | null = null;
  #frameTimer: Disposable | null = null;
  #frameWanted = false;
  #sizeChanged = false;
  #disposed = false;

  constructor(options: TerminalOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#output = options.output;
    this.#styles = new Styles(options.theme, options.colors);
    this.#size = sizeOf(options.output);
    const screen = createBlessedScreen(this.#size.columns, this.#size.rows);
    this.#screen = screen;
    screen.draw = () => this.#draw();
    const styles = this.#styles;
    this.#host = {
      target: {
        get rows() {
          return screen.lines;
        },
        styles,
        borders: options.borders === 'ascii' ? asciiBorders : roundBorders,
        setCursor: (x, y) => {
          this.#cursor = { x, y };
        },
      },
      handleLayoutChange: () => this.render(),
      requestFrame: () => this.#requestFrame(),
      wasPainted: (area) => this.#painted.some((other) => overlap(area, other)),
      recordPainted: (area) => this.#painted.push(area),
    };
    this.#decoder = new InputDecoder({ clock: this.#clock, handle: (event) => this.#handleInput(event) });
    this.#device = new TerminalDevice(
      {
        input: options.input,
        output: options.output,
        process: options.process ?? process,
        mouse: options.mouse ?? 'mouse',
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

  get size(): Size {
    return this.#size;
  }

  get isSuspended(): boolean {
    return !this.#device.isActive;
  }

  /** Adds a canvas on top of the others. It is shown from the next frame on. */
  addCanvas(area: Rectangle, paint: Paint): Canvas {
    const canvas = new Canvas(this.#host, area, paint);
    canvas.attach(createBlessedElement(this.#screen, area, (at) => this.#canvases.has(canvas) && canvas.paintInto(at)));
    this.#canvases.add(canvas);
    this.render();
    return canvas;
  }

  removeCanvas(canvas: Canvas): void {
    this.#canvases.delete(canvas);
    canvas.remove();
  }

  /** Everything is to be painted again with the next frame, 16 ms from the last at the earliest. Cheap to call often. */
  render(): void {
    for (const canvas of this.#canvases) canvas.markDirty();
    this.#requestFrame();
  }

  /** Paints what was invalidated without waiting for the frame's time; keys do this by themselves. */
  renderNow(): void {
    this.#frameTimer?.dispose();
    this.#frameTimer = null;
    if (this.#disposed) return;
    this.#applySize();
    this.#frameWanted = true;
    if (!this.#device.isReady) return;
    this.#frameWanted = false;
    if (this.#styles.isFull) this.#forgetStyles();
    this.#painted = [];
    this.#screen.render();
  }

  setTheme(theme: Theme): void {
    this.#forgetStyles(theme);
    this.render();
  }

  /** Gives the terminal away until `resume`: for $EDITOR or a login. */
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
    this.#screen.destroy();
    this.#screen.program.destroy();
    for (const emitter of [this.#keys, this.#pastes, this.#mice, this.#sizes, this.#focus, this.#ends, this.#resumes])
      emitter.dispose();
  }

  #requestFrame(): void {
    this.#frameWanted = true;
    if (this.#frameTimer || this.#disposed) return;
    this.#frameTimer = this.#clock.after(frameEveryMs, () => this.renderNow());
  }

  #handleData(chunk: Buffer | string): void {
    this.#decoder.feed(chunk);
    if (this.#frameWanted) this.renderNow();
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
        return;
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
    this.#size = sizeOf(this.#output);
    resizeBlessedScreen(this.#screen, this.#size.columns, this.#size.rows);
    this.#sizes.fire(this.#size);
    this.#forgetShown();
  }

  #handleResume(): void {
    // The first call comes from the constructor of the device, before anything was painted.
    this.#sizeChanged = true;
    this.#forgetShown();
    this.#requestFrame();
    this.#resumes.fire();
  }

  #handleEnd(signal: TerminalSignal): boolean {
    const listeners = this.#ends.listenerCount;
    this.#ends.fire(signal);
    return listeners > 0;
  }

  #forgetStyles(theme?: Theme): void {
    this.#styles.reset(theme);
    this.#forgetShown();
  }

  /** Whatever the terminal shows is not known any more: every cell will be written. */
  #forgetShown(): void {
    for (const row of this.#screen.olines) for (const cell of row) cell[1] = '\0';
    for (const row of this.#screen.lines) blank(row);
    for (const canvas of this.#canvases) canvas.markDirty();
  }

  #draw(): void {
    const cells = drawFrame(this.#screen.lines, this.#screen.olines, this.#styles);
    const moved = this.#cursor?.x !== this.#shownCursor?.x || this.#cursor?.y !== this.#shownCursor?.y;
    if (cells === '' && !moved) return;
    this.#shownCursor = this.#cursor;
    this.#device.write(wrapFrame(cells, this.#cursor));
  }
}

function blank(row: CellRow): void {
  row.dirty = true;
  for (const cell of row) {
    cell[0] = 0;
    cell[1] = ' ';
  }
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** A terminal that does not know its size (some report 0×0) gets the smallest on which everything works. */
function sizeOf(output: TerminalOutput): Size {
  return { columns: output.columns > 0 ? output.columns : 80, rows: output.rows > 0 ? output.rows : 24 };
}
