/**
 * The size that this screen wants one shell to have. The screen that was used last decides, so it asks when its own pane changes or is used;
 * what another screen asked for is left alone otherwise.
 */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { HostPort } from '../host-port.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** While a window is dragged its size changes with each frame; the program on the server redraws for each size it is told. */
const settledMs = 60;

export class ShellSize implements Disposable {
  readonly #host: HostPort;
  readonly #clock: Clock;
  readonly #id: string;
  #own: Size | null = null;
  /** Asked for and not answered yet. */
  #asked: Size | null = null;
  #timer: Disposable | null = null;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: HostPort, clock: Clock, id: string) {
    this.#host = host;
    this.#clock = clock;
    this.#id = id;
  }

  /** Cells that it has on this screen now. A change of them claims the shell; too small ones are none. */
  place(size: Size): void {
    if (size.columns < 1 || size.rows < 1) return;
    if (this.#own?.columns === size.columns && this.#own.rows === size.rows) return;
    this.#own = size;
    this.#claimSoon();
  }

  /** It is used here: what is typed next finds the size that it has here. */
  claim(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#ask();
  }

  /** At once, or when a storm of changes is over. */
  #claimSoon(): void {
    if (!this.#isOther || this.#timer) return;
    const quietMs = this.#askedAtMs + settledMs - this.#clock.monotonicMs();
    if (quietMs <= 0) return this.#ask();
    this.#timer = this.#clock.after(quietMs, () => {
      this.#timer = null;
      this.#ask();
    });
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  get #isOther(): boolean {
    const shell = this.#host.view.shells[this.#id];
    if (!shell || !this.#own || shell.state === 'ended') return false;
    const { columns, rows } = this.#asked ?? shell;
    return columns !== this.#own.columns || rows !== this.#own.rows;
  }

  #ask(): void {
    if (!this.#own || !this.#isOther) return;
    this.#askedAtMs = this.#clock.monotonicMs();
    const asked = this.#own;
    this.#asked = asked;
    // One that ended meanwhile needs no size, and a lost host is said elsewhere.
    const end = (): void => {
      if (this.#asked === asked) this.#asked = null;
    };
    this.#host.call('shell.resize', { shell: this.#id, ...asked }).then(end, end);
  }
}
