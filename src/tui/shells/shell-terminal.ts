/**
 * One shell as this screen shows it: attached to the host while it is in sight, its screen in an emulator, keys and mouse as bytes. Import this
 * module only when the first pane is shown: it loads the emulator. Knows no tabs and no table of keys.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Disposable } from '../../base/lifecycle.ts';
import type { ShellFrame } from '../../protocol/shells.ts';
import { toTerminalSource } from '../copy/terminal-source.ts';
import type { TextSource } from '../copy/text-rows.ts';
import type { HostPort } from '../host-port.ts';
import { encodeKey, encodePaste } from '../input/encode-key.ts';
import { encodeFocus, encodeMouse } from '../input/encode-mouse.ts';
import type { Key, Mouse } from '../input/key.ts';
import type { FocusState } from '../pane.ts';
import type { Ingest } from '../widgets/ingest.ts';
import type { Surface } from '../widgets/surface.ts';
import { VtPane } from '../widgets/vt-pane.ts';
import { TypedQueue } from './typed-queue.ts';

export interface ShellTerminalOptions {
  readonly id: string;
  readonly host: HostPort;
  readonly ingest: Ingest;
  /** Something else is to be drawn. */
  changed(): void;
  /** One sentence about what could not be typed. */
  say(sentence: string): void;
}

/** Output that waits here beyond what was restored: past the first this screen lets go, and below the second it attaches anew. */
const lagCharactersMax = 256 * 1024;
const caughtUpCharacters = 32 * 1024;
/** Lines of a full-screen program that asked for no mouse, for one step of the wheel. */
const wheelKeys = 3;

/** An emulator, and how much of what was given to it is the screen as the host restored it. */
interface Shown {
  readonly terminal: VtPane;
  readonly restoredCharacters: number;
  givenCharacters: number;
}

export class ShellTerminal implements Disposable {
  readonly id: string;
  readonly #options: ShellTerminalOptions;
  readonly #typed: TypedQueue;
  #stop: AbortController | null = null;
  #decoder = new StringDecoder('utf8');
  #shown: Shown | null = null;
  /** The screen as it was restored, until it is parsed: what was shown before stays meanwhile. */
  #next: Shown | null = null;
  #isLagging = false;
  #isDisposed = false;
  #focus: FocusState = 'unfocused';

  constructor(options: ShellTerminalOptions) {
    this.#options = options;
    this.id = options.id;
    this.#typed = new TypedQueue({
      send: (bytes) =>
        options.host.call('shell.type', { shell: options.id, bytes: Buffer.from(bytes).toString('base64') }),
      // That a shell was left is told to its program, which may be gone: nobody typed that. One that went with its host was said already.
      handleFailure: (sentence) => {
        if (!this.#isDisposed && options.id in options.host.view.shells) options.say(sentence);
      },
    });
  }

  get isAttached(): boolean {
    return this.#stop !== null;
  }

  /** Rows that are scrolled back. */
  get back(): number {
    return this.#shown?.terminal.back ?? 0;
  }

  /** Its program asked to be told of the mouse also while no button is held (mode 1003). */
  get wantsMoves(): boolean {
    return this.#shown?.terminal.mouseMode.tracking === 'any';
  }

  /** Its rows, to look at and to copy from; null until it was restored. @param height rows that its part has room for */
  toTextSource(textName: string, height: number): TextSource | null {
    return this.#shown ? toTerminalSource({ textName, terminal: this.#shown.terminal, height }) : null;
  }

  /** Frames come until it ends, the host is lost, or this is disposed. Nothing happens when they come already. */
  attach(): void {
    if (this.#stop || this.#isLagging) return;
    const stop = new AbortController();
    this.#stop = stop;
    const onShell = (frame: ShellFrame): void => {
      if (this.#stop === stop) this.#handleFrame(frame);
    };
    // Why it ended is in the view, and that the host is lost everywhere.
    const end = (): void => {
      if (this.#stop === stop) this.#stop = null;
    };
    this.#options.host.call('shell.attach', { shell: this.id }, { signal: stop.signal, onShell }).then(end, end);
  }

  /** Draws what fits, with the program's cursor where it is while this has the focus. */
  draw(surface: Surface, focus: FocusState): void {
    this.#shown?.terminal.draw(surface, focus);
    if (focus === 'focused') this.#shown?.terminal.focus();
  }

  /** Tells the program, when it wants to know. */
  setFocus(focus: FocusState): void {
    if (focus === this.#focus) return;
    this.#focus = focus;
    if (this.#shown?.terminal.wantsFocus) this.#typed.push(Buffer.from(encodeFocus(focus)));
  }

  typeKey(key: Key): void {
    this.#shown?.terminal.scrollToEnd();
    const applicationCursor = this.#shown?.terminal.hasApplicationCursor ?? false;
    this.#typed.push(Buffer.from(encodeKey(key, { applicationCursor })));
  }

  paste(text: string): void {
    const form = this.#shown?.terminal.hasBracketedPaste ? 'bracketed' : 'plain';
    this.#typed.push(Buffer.from(encodePaste(text, form)));
  }

  /** Looks back, towards older rows with a negative number. */
  scroll(rows: number): void {
    this.#shown?.terminal.scrollBy(-rows);
  }

  /** False when it is not the program's to hear: it did not ask. The cell counts from the corner of a surface of that height. */
  handleMouse(mouse: Mouse, surfaceRows: number): boolean {
    const terminal = this.#shown?.terminal;
    if (!terminal || terminal.mouseMode.tracking === 'none' || terminal.back > 0) return false;
    const y = mouse.y + terminal.skippedRows(surfaceRows);
    if (mouse.x < 0 || y < 0 || mouse.x >= terminal.columns || y >= terminal.rows) return true;
    this.#typed.push(encodeMouse({ ...mouse, y }, terminal.mouseMode));
    return true;
  }

  /** The wheel over a program that did not ask for the mouse: it gets arrows when it is on the alternate screen, else one looks back. */
  handleWheel(rows: number, lines: number): void {
    const terminal = this.#shown?.terminal;
    if (!terminal?.isAlternateScreen) return this.scroll(lines);
    const name = rows < 0 ? 'up' : 'down';
    const held = { ctrl: false, alt: false, shift: false, text: '' };
    for (let count = 0; count < wheelKeys; count += 1) this.typeKey({ name, ...held });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.setFocus('unfocused');
    this.#stop?.abort();
    this.#stop = null;
    this.#isLagging = false;
    this.#shown?.terminal.dispose();
    this.#next?.terminal.dispose();
    this.#shown = null;
    this.#next = null;
  }

  #handleFrame(frame: ShellFrame): void {
    if (frame.kind === 'restore') return this.#restore(frame.columns, frame.rows, frame.text);
    const shown = this.#next ?? this.#shown;
    if (!shown) return;
    if (frame.kind === 'size') return shown.terminal.resize(frame.columns, frame.rows);
    const text = this.#decoder.write(Buffer.from(frame.bytes, 'base64'));
    shown.givenCharacters += text.length;
    shown.terminal.write(text);
    if (this.#toLag(shown) > lagCharactersMax) this.#letGo();
  }

  #restore(columns: number, rows: number, text: string): void {
    this.#next?.terminal.dispose();
    this.#decoder = new StringDecoder('utf8');
    const terminal = new VtPane({ columns, rows, ingest: this.#options.ingest, source: 'terminal' });
    const next: Shown = { terminal, restoredCharacters: text.length, givenCharacters: text.length };
    this.#next = next;
    terminal.onChange(() => this.#handleParsed(next));
    terminal.write(text);
    if (text === '') this.#handleParsed(next);
  }

  #handleParsed(shown: Shown): void {
    if (shown === this.#next && shown.givenCharacters - shown.terminal.waiting >= shown.restoredCharacters) {
      this.#shown?.terminal.dispose();
      this.#shown = shown;
      this.#next = null;
      if (this.#focus === 'focused' && shown.terminal.wantsFocus) this.#typed.push(Buffer.from(encodeFocus('focused')));
    }
    if (this.#isLagging && shown.terminal.waiting < caughtUpCharacters) {
      this.#isLagging = false;
      this.attach();
    }
    if (shown === this.#shown) this.#options.changed();
  }

  /** Characters that wait to be parsed and are not of the restored screen. */
  #toLag({ terminal, restoredCharacters, givenCharacters }: Shown): number {
    const parsed = givenCharacters - terminal.waiting;
    return terminal.waiting - Math.max(0, restoredCharacters - parsed);
  }

  /** The host prints faster than this screen draws: what rushes by is skipped, and the screen is restored once it has caught up. */
  #letGo(): void {
    this.#isLagging = true;
    this.#stop?.abort();
    this.#stop = null;
  }
}
