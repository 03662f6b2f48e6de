/**
 * What a shell shows, kept by the host: a screen that attaches later sees the same. It parses every byte once; it knows no clients.
 * It alone answers what programs ask of their terminal, so that several screens do not all answer.
 */
import serialize from '@xterm/addon-serialize';
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import type { Disposable } from '../../base/lifecycle.ts';
import type { TerminalSize } from '../../core/terminal.ts';

export interface ShellScreenOptions {
  readonly size: TerminalSize;
  /** Answers to reports that programs asked for: device attributes, the place of the cursor. */
  onReply(bytes: Uint8Array): void;
  onTitle(title: string): void;
}

/** For looking back after attaching; the recording has the rest. */
const scrollbackRows = 2_000;
const titleCharactersMax = 200;
/** Modes that are restored beside those that the serializer knows: the cursor, and how the mouse is reported. */
const restoredModes: readonly number[] = [25, 1005, 1006, 1015, 1016];

const enterAlternate = '\x1b[?1049h';

type Parameters = readonly (number | readonly number[])[];

export class ShellScreen implements Disposable {
  readonly #emulator: InstanceType<typeof headless.Terminal>;
  readonly #serializer = new serialize.SerializeAddon();
  readonly #modes = new Map<number, 'h' | 'l'>();
  /** Top and bottom row of the part that scrolls, from 1; null: all of it. */
  #region: readonly [number, number] | null = null;
  /** Of the cursor, as DECSCUSR counts; 0 where the program has chosen none. */
  #shape = 0;
  #waitingBytes = 0;

  constructor({ size, onReply, onTitle }: ShellScreenOptions) {
    const emulator = new headless.Terminal({
      ...{ cols: size.columns, rows: size.rows, scrollback: scrollbackRows },
      ...{ allowProposedApi: true, logLevel: 'off' },
    });
    emulator.loadAddon(new unicode11.Unicode11Addon());
    emulator.unicode.activeVersion = '11';
    emulator.loadAddon(this.#serializer);
    emulator.onData((text) => onReply(Buffer.from(text)));
    emulator.onBinary((text) => onReply(Buffer.from(text, 'latin1')));
    emulator.onTitleChange((title) => onTitle(title.replace(/\p{C}/gu, '').slice(0, titleCharactersMax)));
    for (const final of ['h', 'l'] as const)
      emulator.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => this.#noteModes(parameters, final));
    emulator.parser.registerCsiHandler({ final: 'r' }, (parameters) => this.#noteRegion(parameters));
    emulator.parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, (parameters) => this.#noteShape(parameters));
    emulator.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => this.#forget());
    emulator.parser.registerEscHandler({ final: 'c' }, () => this.#forget());
    this.#emulator = emulator;
  }

  /** Bytes given and not parsed yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get size(): TerminalSize {
    return { columns: this.#emulator.cols, rows: this.#emulator.rows };
  }

  /** `parsed` is called once these bytes are on the screen. */
  write(chunk: Uint8Array, parsed: () => void): void {
    this.#waitingBytes += chunk.byteLength;
    this.#emulator.write(chunk, () => {
      this.#waitingBytes -= chunk.byteLength;
      parsed();
    });
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#emulator.resize(columns, rows);
    this.#region = null;
  }

  /** Calls back with a text that makes a fresh terminal of this size look the same, after all that was written so far is in it. */
  whenSettled(call: (restore: string) => void): void {
    this.#emulator.write('', () => call(this.#toRestore()));
  }

  dispose(): void {
    this.#emulator.dispose();
  }

  #toRestore(): string {
    // The serializer enters the other buffer in the colours of the first one, which would fill it with them.
    const text = this.#serializer.serialize().replace(enterAlternate, `${enterAlternate}\x1b[0m\x1b[2J`);
    const region = this.#region === null ? '' : `\x1b[${this.#region[0]};${this.#region[1]}r`;
    const modes = [...this.#modes].map(([mode, final]) => `\x1b[?${mode}${final}`).join('');
    const shape = this.#shape === 0 ? '' : `\x1b[${this.#shape} q`;
    return `${text}${region}${this.#toCursor()}${modes}${shape}`;
  }

  /** Where it is, in words of its own: the serializer counts wide characters at a border wrongly, and setting a region moves it. */
  #toCursor(): string {
    const { cursorX, cursorY } = this.#emulator.buffer.active;
    // Behind the last column the next character wraps; no sequence says that, so it stays where the text left it.
    if (cursorX >= this.#emulator.cols && this.#region === null) return '';
    const top = this.#emulator.modes.originMode ? (this.#region?.[0] ?? 1) - 1 : 0;
    return `\x1b[${cursorY - top + 1};${Math.min(cursorX, this.#emulator.cols - 1) + 1}H`;
  }

  /** Always false: the emulator handles it, too. */
  #noteModes(parameters: Parameters, final: 'h' | 'l'): boolean {
    for (const mode of parameters)
      if (typeof mode === 'number' && restoredModes.includes(mode)) this.#modes.set(mode, final);
    return false;
  }

  #noteRegion([top = 1, bottom = 0]: Parameters): boolean {
    const rows = this.#emulator.rows;
    const first = Number(top) || 1;
    const last = Math.min(Number(bottom) || rows, rows);
    this.#region = first === 1 && last === rows ? null : [first, last];
    return false;
  }

  #noteShape([shape = 0]: Parameters): boolean {
    if (typeof shape === 'number' && shape <= 6) this.#shape = shape;
    return false;
  }

  #forget(): boolean {
    this.#modes.clear();
    this.#shape = 0;
    this.#region = null;
    return false;
  }
}
