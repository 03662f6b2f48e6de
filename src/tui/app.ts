/**
 * The application on the screen: keys and the mouse in, the host's changes in, painted regions out. Wires the parts; each decides for itself.
 */
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import { type ActionPorts, toActions } from './actions/table.ts';
import { type AppOptions, toScreenWords } from './app-options.ts';
import { CardDesk } from './card-desk.ts';
import { HeldInput } from './held-input.ts';
import { HostNews } from './host-news.ts';
import { KeyInput } from './key-input.ts';
import type { Action, Scope } from './keymap.ts';
import { isTooSmall, type WorkspaceLayout } from './layout.ts';
import { lendTerminal } from './local-programs.ts';
import { MessageLine } from './message-line.ts';
import { Pointer } from './mouse.ts';
import { MouseSelection } from './mouse-selection.ts';
import { OverlayStack } from './overlay-stack.ts';
import { Painter } from './painter.ts';
import type { Pane, Stage } from './pane.ts';
import { Placements } from './placements.ts';
import { type Page, unicodeGlyphs } from './present/page.ts';
import { RegionCanvases, toLayout, toRegions } from './regions.ts';
import { ScreenModel } from './screen-model.ts';
import { toScreenTexts } from './screen-texts.ts';
import { createSeen, type Seen } from './seen.ts';
import { showFirstShell } from './shells/first-shell.ts';
import type { Situation } from './situation.ts';
import { Timers } from './timers.ts';
import { plainSignals, WaitingSignal } from './waiting-signal.ts';

/** How the screen was left. */
export type AppEnd = 'detached' | 'signal';

export class App implements Disposable {
  readonly #options: AppOptions;
  readonly #model: ScreenModel;
  readonly #stage: Stage;
  readonly #canvases: RegionCanvases;
  readonly #painter: Painter;
  readonly #actions: Partial<Record<Action, () => void>>;
  readonly #lifetimes = new Disposables();
  readonly #overlays = new OverlayStack();
  readonly #message: MessageLine;
  readonly #timers: Timers;
  readonly #keys: KeyInput;
  readonly #input: HeldInput;
  readonly #pointer: Pointer;
  readonly #seen: Seen;
  #layout: WorkspaceLayout;
  #finish: (end: AppEnd) => void = () => undefined;
  readonly #finished: Promise<AppEnd>;

  constructor(options: AppOptions) {
    this.#options = options;
    const { terminal, host, clock } = options;
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#model = new ScreenModel(
      host,
      new CardDesk(clock, options.cardDeafMs),
      clock,
      options.session,
      toScreenWords(options),
      this.#lifetimes.add(new Placements(clock, options.placements ?? null)),
    );
    this.#message = this.#lifetimes.add(new MessageLine(this.#model, clock, () => this.#sync()));
    this.#lifetimes.add(this.#model.calls).onChange((what) => this.#handleCalls(what));
    this.#seen = this.#lifetimes.add(createSeen(clock, this.#model.host));
    this.#stage = this.#toStage();
    this.#painter = this.#lifetimes.add(
      new Painter(this.#stage, {
        prefix: options.prefix,
        prompts: options.prompts ?? null,
        situation: () => this.#situation(),
        overlay: () => this.#overlays.top,
        changed: (name) => this.#canvases.invalidate(name),
        hearMoves: (moves) => terminal.hearMoves(moves),
      }),
    );
    this.#canvases = new RegionCanvases(terminal, (name, surface, focus) => this.#painter.paint(name, surface, focus));
    this.#layout = this.#toLayout();
    this.#actions = toActions(this.#toPorts());
    this.#pointer = this.#toPointer();
    this.#keys = this.#toKeyInput();
    const { prefix } = options;
    this.#input = new HeldInput({ prefix, stage: this.#stage, keys: this.#keys, target: () => this.#target() });
    this.#timers = this.#lifetimes.add(this.#toTimers());
    const news = this.#toNews();
    this.#lifetimes.add(host.onChange((change) => news.handleChange(change)));
    this.#lifetimes.add(host.onLink(() => news.handleLink()));
    this.#lifetimes.add(terminal.onKey((key) => this.#input.handleKey(key)));
    this.#lifetimes.add(terminal.onPaste((text) => this.#input.handlePaste(text)));
    const selection = new MouseSelection(this.#stage, this.#canvases, () => this.#overlays.top, this.#pointer);
    this.#lifetimes.add(terminal.onMouse((mouse) => selection.handle(mouse) && this.#sync()));
    this.#lifetimes.add(terminal.onFocusChange((isFocused) => this.#handleTerminalFocus(isFocused)));
    this.#lifetimes.add(terminal.onResize(() => this.#sync()));
    this.#lifetimes.add(terminal.onEnd(() => this.#finish('signal')));
    this.#model.synchronise();
    news.sayProblem();
    this.#sync();
    if (options.shellOn !== undefined) this.#lifetimes.add(showFirstShell(this.#stage, options.shellOn));
    void this.#painter.prompt.load();
  }

  /** Resolves when the operator leaves; the terminal is still the screen's. */
  get finished(): Promise<AppEnd> {
    return this.#finished;
  }

  /** Says in the hint line what of the screen's own settings could not be used; it stands there until the next key. */
  warn(sentence: string): void {
    this.#message.say(sentence, 'danger');
  }

  /** Gives the terminal back, so that what is printed next stays. */
  leave(): void {
    this.#options.terminal.dispose();
  }

  dispose(): void {
    this.#lifetimes.dispose();
  }

  #toStage(): Stage {
    return {
      model: this.#model,
      page: (columns) => this.#toPage(columns),
      invalidate: () => this.#sync(),
      say: (text, token) => this.#message.say(text, token ?? 'text'),
      call: (method, params) => this.#call(method, params),
      perform: (action) => this.#perform(action),
      programs: this.#options.programs ?? null,
      themes: this.#options.themes ?? null,
      lendTerminal: (argv, after) => this.#lendTerminal(argv, after),
      paneText: (server) => this.#painter.paneOf(`pane:${server}`)?.paneText ?? null,
      texts: toScreenTexts(this.#model, { painter: () => this.#painter, overlay: () => this.#overlays.top }),
      copy: (text) => this.#options.terminal.copy(text),
      seen: (session, item) => this.#seen.handleShown(session, item),
      prompt: () => this.#painter.prompt,
      followConversation: () => this.#painter.conversation.follow(),
      pageConversation: (action) => void this.#painter.conversation.handleAction(action),
      open: (overlay) => {
        this.#overlays.open(overlay);
        this.#sync();
      },
      loadPanes: () => this.#painter.loadPanes(),
      openLater: (opening, announcement) => this.#input.open(opening, announcement),
      close: (overlay) => {
        this.#overlays.close(overlay);
        this.#sync();
      },
    };
  }

  #toPointer(): Pointer {
    return new Pointer({
      ...{ stage: this.#stage, canvases: this.#canvases, painter: this.#painter },
      hasOverlay: () => this.#overlays.top !== null,
      situation: () => this.#situation(),
    });
  }

  #toKeyInput(): KeyInput {
    return new KeyInput({
      ...{ stage: this.#stage, prefix: this.#options.prefix },
      situation: () => this.#situation(),
      target: () => this.#target(),
      hasOverlay: () => this.#overlays.top !== null,
      perform: (action) => this.#perform(action),
    });
  }

  #toTimers(): Timers {
    return new Timers(this.#options.clock, {
      deafForMs: () => this.#model.desk.deafForMs,
      handleHearing: () => this.#sync(),
      // Durations and expiries grow, when there are any.
      handleTick: () => {
        for (const name of this.#painter.timedRegions()) this.#canvases.invalidate(name);
      },
    });
  }

  #toNews(): HostNews {
    const { terminal, host, clock, signals } = this.#options;
    const signal = this.#lifetimes.add(new WaitingSignal(terminal, clock, signals ?? plainSignals, () => host.view));
    return new HostNews({
      ...{ stage: this.#stage, painter: this.#painter, overlays: this.#overlays, signal },
      invalidate: (region) => this.#canvases.invalidate(region),
    });
  }

  async #lendTerminal(argv: readonly string[], after?: 'wait' | 'return'): Promise<number> {
    const { terminal, programs } = this.#options;
    const status = programs ? await lendTerminal(terminal, programs, argv, after) : -1;
    this.#sync();
    return status;
  }

  #toPorts(): ActionPorts {
    return {
      stage: this.#stage,
      prefix: this.#options.prefix,
      detach: () => this.#finish('detached'),
      suspend: () => this.#options.terminal.stop(),
      layout: () => this.#layout,
      situation: () => this.#model.toSituation(this.#model.baseScopes),
    };
  }

  #toPage(columns: number): Page {
    return {
      columns,
      nowMs: this.#options.clock.nowMs(),
      ...{ glyphs: this.#options.glyphs ?? unicodeGlyphs, needsWords: this.#options.terminal.colors === 'none' },
      toEnvironment: (server) => this.#model.view.servers[server] ?? null,
    };
  }

  #toLayout(): WorkspaceLayout {
    const { columns, rows } = this.#options.terminal.size;
    const promptColumns = this.#layout?.prompt?.columns ?? columns;
    return toLayout(this.#model, columns, rows, this.#painter.toNeeds(promptColumns, { columns, rows }));
  }

  /** The scopes that keys go through now, innermost first. */
  get #scopes(): readonly Scope[] {
    if (this.#model.isPrefixPending) return ['prefix'];
    const overlay = this.#overlays.top;
    return overlay ? [overlay.scope] : this.#model.baseScopes;
  }

  #situation(): Situation {
    const form = this.#overlays.top?.toFormSituation?.() ?? null;
    return { ...this.#model.toSituation(this.#scopes), form };
  }

  /** Brings the canvases in line with the model, and paints all of them with the next frame. */
  #sync(): void {
    const { size } = this.#options.terminal;
    this.#painter.focusedPane()?.prepare?.();
    const hadCard = this.#isCardShown();
    if (isTooSmall(size.columns, size.rows)) {
      this.#model.handleLayout(null);
      this.#canvases.sync([
        { name: 'main', area: { x: 0, y: 0, width: size.columns, height: size.rows }, focus: 'unfocused' },
      ]);
      this.#canvases.invalidateAll();
      return;
    }
    this.#layout = this.#toLayout();
    this.#model.handleLayout(this.#layout);
    const overlay = this.#overlays.top;
    const regions = toRegions(this.#model, this.#layout, size, overlay ? 'overlay' : 'none');
    const over = regions.find(({ name }) => name === overlay?.over)?.area;
    const area = over ?? overlay?.place(size.columns, size.rows - this.#layout.hintRows + 1);
    this.#canvases.sync(area ? [...regions, { name: 'overlay', area, focus: 'focused' }] : regions);
    this.#painter.handleRegions(regions);
    if (!hadCard && this.#isCardShown()) this.#model.desk.reappear();
    this.#timers.watchDeafness();
    this.#canvases.invalidateAll();
  }

  #isCardShown(): boolean {
    return this.#canvases.has('card') || (this.#model.viewName === 'approvals' && this.#canvases.has('main'));
  }

  #handleTerminalFocus(isFocused: boolean): void {
    this.#seen.handleTerminalFocus(isFocused);
    this.#painter.handleTerminalFocus(isFocused);
  }

  #target(): Pane | null {
    return this.#overlays.top ?? this.#painter.focusedPane();
  }

  /** What has the focus is asked first; what it does not do, the table does. */
  #perform(action: Action): void {
    if (!this.#target()?.handleAction(action)) this.#actions[action]?.();
    this.#sync();
  }

  #handleCalls(what: 'shown' | 'tick'): void {
    if (what === 'shown') this.#sync();
    else this.#canvases.invalidate('hint');
  }

  async #call<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name> | null> {
    try {
      return await this.#model.host.call(method, params);
    } catch (error) {
      this.#message.say((error as Error).message, 'danger');
      return null;
    }
  }
}
