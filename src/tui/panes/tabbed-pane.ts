/**
 * The pane of one server with its tabs: the stream, or one of the shells on that server, which then has every key but the prefix. Knows which
 * tab is shown from the model; the emulators are held elsewhere.
 */
import type { TextSource } from '../copy/text-rows.ts';
import type { ViewChange } from '../host-port.ts';
import { type Key, keyFromId, type Mouse } from '../input/key.ts';
import type { Action } from '../keymap.ts';
import { type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import { toPaneTitle } from '../present/server-pane.ts';
import { hasUnknownKey } from '../present/server-trust.ts';
import { toShellNotes, toShellState } from '../present/shell-pane.ts';
import { plain } from '../present/text.ts';
import type { ShellTerminal } from '../shells/shell-terminal.ts';
import type { ShellTerminals } from '../shells/shell-terminals.ts';
import type { Token } from '../styled.ts';
import type { Surface } from '../widgets/surface.ts';
import { heavyBorders } from '../widgets/surface.ts';
import type { PaneText } from './pane-text.ts';
import type { ServerPane } from './server-pane.ts';

/** The text of one tab. */
export interface TabSource {
  /** Null for the stream. */
  readonly shell: string | null;
  readonly source: TextSource;
}

export class TabbedPane implements Pane {
  readonly id: string;
  readonly #stage: Stage;
  readonly #stream: ServerPane;
  readonly #shells: ShellTerminals;
  /** Rows of the shell at the last painting. */
  #rows = 1;

  constructor(stage: Stage, stream: ServerPane, shells: ShellTerminals) {
    this.id = stream.id;
    this.#stage = stage;
    this.#stream = stream;
    this.#shells = shells;
  }

  /** Of the stream. */
  get paneText(): PaneText {
    return this.#stream.paneText;
  }

  /** Of the tab that is shown. */
  get textSource(): TextSource {
    const shell = this.#stage.model.shells.shownOn(this.id);
    return (shell && this.#toShellSource(shell.id)) ?? this.#stream.textSource;
  }

  /** Of the stream, and of each shell that this screen is attached to. */
  get tabSources(): readonly TabSource[] {
    const shells = this.#stage.model.shells.of(this.id).flatMap(({ id }): readonly TabSource[] => {
      const source = this.#toShellSource(id);
      return source ? [{ shell: id, source }] : [];
    });
    return [{ shell: null, source: this.#stream.textSource }, ...shells];
  }

  prepare(): void {
    this.#stream.prepare();
  }

  paint(surface: Surface, focus: FocusState): void {
    const { shells } = this.#stage.model;
    const shell = shells.shownOn(this.id);
    // Only its title line has room: there the stream says the same.
    if (!shell || surface.height < 3) return this.#stream.paint(surface, focus);
    const together = shells.typedWith(shell.id);
    const model = this.#stage.model.toPaneModel(this.id);
    const page = this.#stage.page(Math.max(8, surface.width - 4));
    const isMany = together.length > 1;
    const terminal = this.#shells.get(shell.id);
    const area = { columns: surface.width - 2, rows: surface.height - 2 };
    const notes = toShellNotes({
      ...{ server: model.server, shell, ...area, back: terminal?.back ?? 0 },
      together: isMany ? together.map((id) => this.#stage.model.view.shells[id]?.server ?? '') : [],
    });
    const isProduction = model.server?.environment === 'production';
    const token: Token = isMany ? 'danger' : isProduction ? 'production' : focus === 'focused' ? 'focus' : 'border';
    const mark = focus === 'focused' ? plain(page.glyphs.marked, 'focus') : [];
    const style = { token, bold: isMany || isProduction };
    const borders = isMany || isProduction ? heavyBorders(surface.borders) : surface.borders;
    const inner = surface.box(style, [...mark, ...toPaneTitle(model, page)], notes, borders);
    this.#rows = inner.height;
    this.#shells.place(shell.id, { columns: inner.width, rows: inner.height }, focus);
    const { tests } = this.#stage.model;
    const isKeyInQuestion = model.server !== null && hasUnknownKey(model.server, tests.get(this.id) ?? null);
    const lines = toShellState(shell, this.#stage.page(Math.max(8, inner.width)), isKeyInQuestion);
    const room = Math.max(0, inner.height - lines.length);
    const shown = { x: 0, y: 0, width: inner.width, height: shell.state === 'ended' ? room : inner.height };
    terminal?.draw(inner.part(shown), shell.state === 'ended' ? 'unfocused' : focus);
    putLines(inner, lines, shell.state === 'ended' ? room : 0);
  }

  handleAction(action: Action): boolean {
    const terminal = this.#terminal;
    if (!terminal) return this.#stream.handleAction(action);
    switch (action) {
      case 'sendPrefix':
        this.handleKey(keyFromId(this.#stage.model.words.prefix));
        return true;
      case 'pageUp':
        terminal.scroll(-Math.max(1, this.#rows - 1));
        return true;
      case 'pageDown':
        terminal.scroll(Math.max(1, this.#rows - 1));
        return true;
      default:
        return false;
    }
  }

  /** Only when it shows a shell: then each key comes here. */
  handleKey(key: Key): void {
    const shell = this.#stage.model.shells.shownOn(this.id);
    if (shell && shell.state !== 'ended') this.#shells.type(this.#stage.model.shells.typedWith(shell.id), key);
  }

  handlePaste(text: string): void {
    const shell = this.#stage.model.shells.shownOn(this.id);
    if (shell && shell.state !== 'ended') this.#shells.paste(this.#stage.model.shells.typedWith(shell.id), text);
  }

  /** The program in the shell asked to be told of each move. */
  get wantsMoves(): boolean {
    return this.#terminal?.wantsMoves ?? false;
  }

  /** True when a program in the shell took it; the cell counts from the pane's corner. */
  handleMouse(mouse: Mouse): boolean {
    const terminal = this.#terminal;
    if (!terminal) return false;
    return terminal.handleMouse({ ...mouse, x: mouse.x - 1, y: mouse.y - 1 }, this.#rows);
  }

  handleWheel(lines: number): void {
    const terminal = this.#terminal;
    if (terminal) terminal.handleWheel(lines, lines);
    else this.#stream.handleWheel(lines);
  }

  handleClick(x: number, y: number): void {
    if (!this.#terminal) this.#stream.handleClick(x, y);
  }

  handleChange(change: ViewChange): void {
    this.#stream.handleChange(change);
  }

  dispose(): void {
    this.#stream.dispose();
  }

  #toShellSource(id: string): TextSource | null {
    const shells = this.#stage.model.shells.of(this.id);
    const number = shells.length > 1 ? ` ${shells.findIndex((shell) => shell.id === id) + 1}` : '';
    return this.#shells.get(id)?.toTextSource(`shell${number} on ${this.id}`, this.#rows) ?? null;
  }

  get #terminal(): ShellTerminal | null {
    const shell = this.#stage.model.shells.shownOn(this.id);
    return shell ? this.#shells.get(shell.id) : null;
  }
}
