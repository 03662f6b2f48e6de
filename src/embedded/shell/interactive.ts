/** A login shell on a terminal over a simulated machine: a prompt, a line that can be edited, a history. It knows no SSH. */
import type { Machine } from '../machine/machine.ts';
import type { Interpreter } from './interpreter.ts';
import type { ShellState } from './io.ts';

export interface InteractiveOptions {
  readonly machine: Machine;
  readonly interpreter: Interpreter;
  readonly pid: number;
  out(text: string): void;
  end(status: number): void;
}

const historyMax = 200;
const lineCharactersMax = 4_096;

/** Keys of a terminal as they come; a sequence that it does not know is dropped. */
const keys = /\x1b\[[0-9;?]*[A-Za-z~]|\x1bO[A-Z]|\x1b.|[^]/gu;

export class InteractiveShell {
  readonly #options: InteractiveOptions;
  readonly #state: Omit<ShellState, 'signal'>;
  readonly #history: string[] = [];
  #historyAt = 0;
  #line = '';
  /** Set while a command runs: Ctrl-C ends it. */
  #running: AbortController | null = null;
  /** Typed while a command ran. */
  #ahead = '';
  #isEnded = false;

  constructor(options: InteractiveOptions) {
    const { machine, pid, out } = options;
    const home = `/home/${machine.user}`;
    this.#options = options;
    this.#state = {
      ...{ cwd: home, parameters: [], pid, status: 0, stdin: Buffer.alloc(0), depth: 0 },
      variables: new Map([
        ['HOME', home],
        ['USER', machine.user],
      ]),
      out: (_stream, text) => out(text.toString().replace(/\n/g, '\r\n')),
    };
    out(`Welcome to ${machine.hostname}: a simulated machine, nothing real is behind it.\r\n`);
    this.#prompt();
  }

  type(text: string): void {
    for (const [key] of text.matchAll(keys)) this.#handleKey(key);
  }

  /** The terminal is gone. */
  hangUp(): void {
    this.#isEnded = true;
    this.#running?.abort();
  }

  #handleKey(key: string): void {
    if (this.#isEnded) return;
    if (key === '\x03') this.#interrupt();
    else if (this.#running !== null) this.#ahead += key;
    // A line that was typed before the screen had the terminal ends with the second.
    else if (key === '\r' || key === '\n') void this.#enter();
    else if (key === '\x7f' || key === '\b') this.#shorten();
    else if (key === '\x04' && this.#line === '') this.#end(0);
    else if (key === '\x15') this.#replace('');
    else if (key === '\x0c') this.#options.out(`\x1b[2J\x1b[H${this.#promptText()}${this.#line}`);
    else if (/^\x1b[[O]A$/.test(key)) this.#walk(-1);
    else if (/^\x1b[[O]B$/.test(key)) this.#walk(1);
    else if (/^\P{C}$/u.test(key) && this.#line.length < lineCharactersMax) {
      this.#line += key;
      this.#options.out(key);
    }
  }

  #interrupt(): void {
    this.#options.out('^C\r\n');
    this.#line = '';
    this.#ahead = '';
    if (this.#running) this.#running.abort();
    else this.#prompt();
  }

  #shorten(): void {
    const characters = [...this.#line];
    if (characters.length > 0) this.#replace(characters.slice(0, -1).join(''));
  }

  #walk(step: -1 | 1): void {
    this.#historyAt = Math.max(0, Math.min(this.#historyAt + step, this.#history.length));
    this.#replace(this.#history[this.#historyAt] ?? '');
  }

  #replace(line: string): void {
    this.#line = line;
    this.#options.out(`\r\x1b[K${this.#promptText()}${line}`);
  }

  async #enter(): Promise<void> {
    const line = this.#line.trim();
    this.#line = '';
    this.#options.out('\r\n');
    if (line !== '') {
      if (this.#history.at(-1) !== line) this.#history.push(line);
      if (this.#history.length > historyMax) this.#history.shift();
    }
    this.#historyAt = this.#history.length;
    const exit = /^(?:exit|logout)(?:\s+(\d{1,3}))?$/.exec(line);
    if (exit) return this.#end(Number(exit[1] ?? this.#state.status));
    if (line !== '') await this.#run(line);
    if (this.#isEnded) return;
    this.#prompt();
    const ahead = this.#ahead;
    this.#ahead = '';
    this.type(ahead);
  }

  async #run(line: string): Promise<void> {
    const stop = new AbortController();
    this.#running = stop;
    const interrupted = new Promise<number>((resolve) =>
      stop.signal.addEventListener('abort', () => resolve(130), { once: true }),
    );
    // The interpreter keeps its folder in the state that it is given.
    const state: ShellState = Object.assign(this.#state, { signal: stop.signal });
    this.#state.status = await Promise.race([interrupted, this.#options.interpreter.run(line, state)]);
    this.#running = null;
  }

  #end(status: number): void {
    this.#isEnded = true;
    this.#options.out('logout\r\n');
    this.#options.end(status);
  }

  #prompt(): void {
    this.#options.out(this.#promptText());
  }

  #promptText(): string {
    const { machine } = this.#options;
    const home = `/home/${machine.user}`;
    const folder = this.#state.cwd.startsWith(home) ? `~${this.#state.cwd.slice(home.length)}` : this.#state.cwd;
    return `\x1b[32m${machine.user}@${machine.hostname}\x1b[0m:\x1b[34m${folder}\x1b[0m$ `;
  }
}
