/**
 * The shells that this screen is attached to: those in sight, and those that keys go into at once. Import this module only when the first pane
 * is shown. Decides nothing about tabs.
 */
import type { Disposable } from '../../base/lifecycle.ts';
import type { Key } from '../input/key.ts';
import type { FocusState, Stage } from '../pane.ts';
import { notConnected } from '../situation.ts';
import type { Ingest } from '../widgets/ingest.ts';
import { ShellSize } from './shell-size.ts';
import { ShellTerminal } from './shell-terminal.ts';

interface Held {
  readonly terminal: ShellTerminal;
  readonly size: ShellSize;
  focus: FocusState;
}

export class ShellTerminals implements Disposable {
  readonly #stage: Stage;
  readonly #ingest: Ingest;
  readonly #changed: (server: string) => void;
  readonly #held = new Map<string, Held>();
  #isTerminalFocused = true;

  constructor(stage: Stage, ingest: Ingest, changed: (server: string) => void) {
    this.#stage = stage;
    this.#ingest = ingest;
    this.#changed = changed;
  }

  /** Attaches to these shells and lets go of all others. What has ended keeps its last screen as long as it is in sight. */
  show(ids: ReadonlySet<string>): void {
    for (const [id, { terminal, size }] of [...this.#held]) {
      if (ids.has(id)) continue;
      terminal.dispose();
      size.dispose();
      this.#held.delete(id);
    }
    for (const id of ids) this.#hold(id);
  }

  /** Null for one that is not in sight. */
  get(id: string): ShellTerminal | null {
    return this.#held.get(id)?.terminal ?? null;
  }

  /** It is in sight with this size; the focus and a new size make the shell take it. */
  place(id: string, size: { readonly columns: number; readonly rows: number }, focus: FocusState): void {
    const held = this.#held.get(id);
    if (!held) return;
    if (focus === 'focused' && held.focus === 'unfocused') held.size.claim();
    held.focus = focus;
    held.size.place(size);
    this.#tellFocus(held);
  }

  /** The keys go to each of these that is held; a host that is lost takes none. */
  type(ids: readonly string[], key: Key): void {
    this.#each(ids, (held) => {
      held.size.claim();
      held.terminal.typeKey(key);
    });
  }

  paste(ids: readonly string[], text: string): void {
    this.#each(ids, ({ terminal }) => terminal.paste(text));
  }

  /** The window of this screen got or lost the focus: a shell that has the keys takes the size of the window that is used. */
  handleTerminalFocus(isFocused: boolean): void {
    this.#isTerminalFocused = isFocused;
    for (const held of this.#held.values()) {
      this.#tellFocus(held);
      if (isFocused && held.focus === 'focused') held.size.claim();
    }
  }

  dispose(): void {
    this.show(new Set());
  }

  #hold(id: string): void {
    const { model } = this.#stage;
    const view = model.view.shells[id];
    if (!view) return;
    let held = this.#held.get(id);
    if (!held) {
      const { host, clock } = model;
      const say = (sentence: string): void => this.#stage.say(sentence, 'danger');
      const changed = (): void => this.#changed(view.server);
      const terminal = new ShellTerminal({ ...{ id, host, changed, say }, ingest: this.#ingest });
      held = { terminal, size: new ShellSize(host, clock, id), focus: 'unfocused' };
      this.#held.set(id, held);
    }
    if (view.state !== 'ended' && host(this.#stage)) held.terminal.attach();
  }

  #tellFocus({ terminal, focus }: Held): void {
    terminal.setFocus(this.#isTerminalFocused ? focus : 'unfocused');
  }

  #each(ids: readonly string[], act: (held: Held) => void): void {
    if (!host(this.#stage)) return this.#stage.say(`Nothing was typed: ${notConnected}.`, 'danger');
    for (const id of ids) {
      const held = this.#held.get(id);
      if (held) act(held);
    }
  }
}

/** Whether the host is there. */
function host({ model }: Stage): boolean {
  return model.host.link.kind === 'connected';
}
