/**
 * Which tab each pane shows on this screen, its stream or one of its server's shells, and which shells are typed into at once. Holds no emulator.
 */
import type { ShellView, View } from '../../protocol/view.ts';
import type { Scope } from '../keymap.ts';
import type { PaneTabs } from '../present/shell-pane.ts';

/** What the rest of the screen is about. */
export interface ScreenFacts {
  readonly view: View;
  readonly viewName: string;
  readonly focus: string;
}

export class ShellTabs {
  readonly #screen: ScreenFacts;
  /** By server. */
  readonly #shown = new Map<string, string>();
  readonly #marked = new Set<string>();
  /** Shells that are looked through though no pane shows them, while all texts are searched. */
  searched: readonly string[] = [];
  /** The last key, for the action that shows a tab by its number. */
  pressedKey = '';
  /** The host that the shells are in: the next one counts them from the beginning. */
  #hostId: string | null = null;

  constructor(screen: ScreenFacts) {
    this.#screen = screen;
  }

  /** The server whose pane has the focus. */
  get focusedServer(): string | null {
    const { viewName, focus } = this.#screen;
    return viewName === 'workspace' && focus.startsWith('pane:') ? focus.slice('pane:'.length) : null;
  }

  /** The shell that the keys go to; null while a stream has the focus, or no pane. */
  get focused(): ShellView | null {
    return this.focusedServer === null ? null : this.shownOn(this.focusedServer);
  }

  /** Of the keys while a shell has the focus: none but the prefix, until it has ended. */
  get scopes(): readonly Scope[] {
    return this.focused?.state === 'ended' ? ['endedShell', 'global', 'always'] : ['shell'];
  }

  toTabs(server: string): PaneTabs {
    return { shells: this.of(server), shown: this.shownOn(server)?.id ?? null };
  }

  /** In the order in which they were opened. */
  of(server: string): readonly ShellView[] {
    return this.#all.filter((shell) => shell.server === server);
  }

  get servers(): readonly string[] {
    return [...new Set(this.#all.map(({ server }) => server))];
  }

  /** Open ones, on all servers. */
  get open(): readonly ShellView[] {
    return this.#all.filter(({ state }) => state === 'open');
  }

  /** The shell that a pane shows; null while it shows its stream. */
  shownOn(server: string): ShellView | null {
    const shell = this.#screen.view.shells[this.#shown.get(server) ?? ''];
    return shell && shell.server === server ? shell : null;
  }

  /** Null shows the stream. */
  show(server: string, shell: string | null): void {
    if (shell === null) this.#shown.delete(server);
    else this.#shown.set(server, shell);
  }

  /** It has ended and is gone: its pane shows the stream again. */
  forget(shell: string): void {
    for (const [server, shown] of this.#shown) if (shown === shell) this.#shown.delete(server);
    this.#marked.delete(shell);
  }

  /** Tab 0 is the stream. False when there is no such tab. */
  showTab(server: string, tab: number): boolean {
    const shell = this.of(server)[tab - 1];
    if (tab > 0 && !shell) return false;
    this.show(server, shell?.id ?? null);
    return true;
  }

  showNext(server: string): void {
    const shells = this.of(server);
    const at = shells.findIndex(({ id }) => id === this.#shown.get(server)) + 1;
    this.showTab(server, (at + 1) % (shells.length + 1));
  }

  /** Shells that are typed into at once; none when there are fewer than two. */
  get together(): readonly ShellView[] {
    const shells = this.open.filter(({ id }) => this.#marked.has(id));
    return shells.length > 1 ? shells : [];
  }

  typeTogether(ids: readonly string[]): void {
    this.#marked.clear();
    for (const id of ids) this.#marked.add(id);
  }

  /** Where a key goes that is typed into this one. */
  typedWith(id: string): readonly string[] {
    const together = this.together.map((shell) => shell.id);
    return together.includes(id) ? together : [id];
  }

  /**
   * A snapshot of the host's view is there, after connecting. With a host that this screen has not seen yet each pane shows its newest shell. Returns
   * the servers whose shown shell is gone with the host that it was in.
   */
  handleSnapshot(): readonly string[] {
    const { pid, startedAtMs } = this.#screen.view.host;
    const hostId = `${pid} ${startedAtMs}`;
    if (hostId === this.#hostId) return [];
    const lost = this.#hostId === null ? [] : [...this.#shown.keys()];
    this.#hostId = hostId;
    this.#shown.clear();
    this.#marked.clear();
    for (const { server, id } of this.#all) this.#shown.set(server, id);
    return lost;
  }

  get #all(): readonly ShellView[] {
    return Object.values(this.#screen.view.shells);
  }
}
