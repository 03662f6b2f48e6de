/**
 * The application on the screen: keys and the mouse in, the host's changes in, painted regions out. Wires the parts; each decides for itself.
 */
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import { type ActionPorts, toActions } from './actions/table.ts';
import { type AppOptions, toScreenWords } from './app-options.ts';
import { CardDesk } from './card-desk.ts';
import { toDirtyRegions } from './dirty.ts';
import type { ViewChange } from './host-port.ts';
import { type Key, keyId, type Mouse } from './input/key.ts';
import { type Action, type Scope, toKeyText, toMeaning } from './keymap.ts';
import { isTooSmall, type WorkspaceLayout } from './layout.ts';
import { MessageLine } from './message-line.ts';
import { handleMouse } from './mouse.ts';
import { OverlayStack } from './overlay-stack.ts';
import { Painter } from './painter.ts';
import type { Pane, Stage } from './pane.ts';
import { DocumentOverlay } from './panes/document-overlay.ts';
import { toOutdatedLines } from './present/card.ts';
import { toWayToCard } from './present/hint-line.ts';
import { type Page, unicodeGlyphs } from './present/page.ts';
import { foreign } from './present/text.ts';
import { RegionCanvases, toLayout, toRegions } from './regions.ts';
import { ScreenModel } from './screen-model.ts';
import type { Situation } from './situation.ts';
import type { StyledLine } from './styled.ts';
import { plainSignals, WaitingSignal } from './waiting-signal.ts';

/** How the screen was left. */
export type AppEnd = 'detached' | 'signal';

const tickMs = 1_000;

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
  readonly #signal: WaitingSignal;
  #layout: WorkspaceLayout;
  #deafTimer: Disposable | null = null;
  #finish: (end: AppEnd) => void = () => undefined;
  readonly #finished: Promise<AppEnd>;
  #wasLost = false;
  #tickTimer: Disposable | null = null;

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
    );
    this.#message = this.#lifetimes.add(new MessageLine(this.#model, clock, () => this.#canvases.invalidate('hint')));
    this.#signal = this.#lifetimes.add(
      new WaitingSignal(terminal, clock, options.signals ?? plainSignals, () => host.view),
    );
    this.#stage = this.#toStage();
    this.#painter = this.#lifetimes.add(
      new Painter(this.#stage, {
        prefix: options.prefix,
        situation: () => this.#situation(),
        overlay: () => this.#overlays.top,
        changed: (name) => this.#canvases.invalidate(name),
      }),
    );
    this.#canvases = new RegionCanvases(terminal, (name, surface, focus) => this.#painter.paint(name, surface, focus));
    this.#layout = this.#toLayout();
    this.#actions = toActions(this.#toPorts());
    this.#lifetimes.add(host.onChange((change) => this.#handleChange(change)));
    this.#lifetimes.add(host.onLink(() => this.#handleLink()));
    this.#lifetimes.add(terminal.onKey((key) => this.#handleKey(key)));
    this.#lifetimes.add(terminal.onPaste((text) => this.#handlePaste(text)));
    this.#lifetimes.add(terminal.onMouse((mouse) => this.#handleMouse(mouse)));
    this.#lifetimes.add(terminal.onResize(() => this.#sync()));
    this.#lifetimes.add(terminal.onEnd(() => this.#finish('signal')));
    this.#model.synchronise();
    this.#sayProblem();
    this.#sync();
    this.#tick();
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
    this.#deafTimer?.dispose();
    this.#tickTimer?.dispose();
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
      open: (overlay) => {
        this.#overlays.open(overlay);
        this.#sync();
      },
      close: (overlay) => {
        this.#overlays.close(overlay);
        this.#sync();
      },
    };
  }

  #toPorts(): ActionPorts {
    return {
      stage: this.#stage,
      prefix: this.#options.prefix,
      detach: () => this.#finish('detached'),
      layout: () => this.#layout,
      situation: () => this.#model.toSituation(this.#model.baseScopes),
    };
  }

  #toPage(columns: number): Page {
    return { columns, nowMs: this.#options.clock.nowMs(), glyphs: this.#options.glyphs ?? unicodeGlyphs };
  }

  #toLayout(): WorkspaceLayout {
    const { columns, rows } = this.#options.terminal.size;
    const promptColumns = this.#layout?.prompt?.columns ?? columns;
    return toLayout(this.#model, columns, rows, this.#painter.toNeeds(promptColumns));
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
      this.#canvases.sync([
        { name: 'main', area: { x: 0, y: 0, width: size.columns, height: size.rows }, focus: 'unfocused' },
      ]);
      this.#canvases.invalidateAll();
      return;
    }
    this.#layout = this.#toLayout();
    const overlay = this.#overlays.top;
    const regions = toRegions(this.#model, this.#layout, size, overlay ? 'overlay' : 'none');
    const area = overlay?.place(size.columns, size.rows);
    this.#canvases.sync(area ? [...regions, { name: 'overlay', area, focus: 'focused' }] : regions);
    if (!hadCard && this.#isCardShown()) this.#model.desk.reappear();
    this.#watchDeafness();
    this.#canvases.invalidateAll();
  }

  #isCardShown(): boolean {
    return this.#canvases.has('card') || (this.#model.viewName === 'approvals' && this.#canvases.has('main'));
  }

  #handleChange(change: ViewChange): void {
    this.#painter.handleChange(change);
    const before = this.#model.paneIds.length;
    const dirty = toDirtyRegions(change);
    if (dirty !== 'all' && before === this.#model.paneIds.length) {
      for (const name of dirty) this.#canvases.invalidate(name);
      return;
    }
    const added = this.#model.synchronise();
    this.#closeOutdated(change);
    if (added.length > 0 && change.type !== 'snapshot') this.#signal.handleAdded();
    if (change.type === 'snapshot') this.#sayProblem();
    if (change.type === 'notice.added')
      this.#message.say(change.notice.text, change.notice.level === 'info' ? 'muted' : 'warn');
    this.#signal.nameWindow();
    this.#sync();
  }

  /** What the host said before this screen came, when nothing was said since: a policy that is bad, for example. */
  #sayProblem(): void {
    const last = this.#model.view.notices.at(-1);
    if (last?.level === 'error') this.#message.say(last.text, 'warn');
  }

  #handleLink(): void {
    const { link } = this.#model.host;
    if (link.kind === 'connected' && this.#wasLost) this.#message.say('The host is there again.', 'ok');
    this.#wasLost = link.kind === 'lost';
    if (link.kind === 'lost')
      this.#message.say(`${link.message} Trying again; ${toKeyText(this.#options.prefix)} R starts a host.`, 'danger');
    this.#model.synchronise();
    this.#sync();
  }

  #handleKey(key: Key): void {
    const id = keyId(key);
    this.#model.message = null;
    const wasPrefix = this.#model.isPrefixPending;
    if (!wasPrefix && id === this.#options.prefix && this.#overlays.top === null) {
      this.#model.isPrefixPending = true;
      return this.#sync();
    }
    const meaning = toMeaning(id, this.#situation());
    this.#model.isPrefixPending = false;
    if (meaning.kind === 'action') this.#perform(meaning.action);
    else if (meaning.kind === 'disabled') this.#message.say(`${meaning.binding.label}: ${meaning.reason}`, 'warn');
    else if (meaning.kind === 'of the card' && !wasPrefix)
      this.#message.say(toWayToCard(meaning.binding, this.#options.prefix, this.#model.viewName), 'warn');
    else if (!wasPrefix) this.#target()?.handleKey?.(key);
    this.#sync();
  }

  /** What was opened about a request closes when that one was answered elsewhere. Keys that are typed on reach no other card. */
  #closeOutdated(change: ViewChange): void {
    if (!this.#overlays.closeOutdated(this.#model.desk.queue)) return;
    const end = change.type === 'approval.removed' ? foreign(change.end) : 'It waits no longer.';
    const toLines = (page: Page): readonly StyledLine[] => toOutdatedLines(end, page);
    this.#overlays.open(new DocumentOverlay(this.#stage, 'news', 'Answered meanwhile', toLines));
  }

  #target(): Pane | null {
    return this.#overlays.top ?? this.#painter.focusedPane();
  }

  /** What has the focus is asked first; what it does not do, the table does. */
  #perform(action: Action): void {
    if (!this.#target()?.handleAction(action)) this.#actions[action]?.();
    this.#sync();
  }

  #handlePaste(text: string): void {
    this.#target()?.handlePaste?.(text);
    this.#sync();
  }

  #handleMouse(mouse: Mouse): void {
    const world = { canvases: this.#canvases, painter: this.#painter, model: this.#model };
    if (handleMouse(mouse, { ...world, hasOverlay: this.#overlays.top !== null })) this.#sync();
  }

  async #call<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name> | null> {
    try {
      return await this.#model.host.call(method, params);
    } catch (error) {
      this.#message.say((error as Error).message, 'danger');
      return null;
    }
  }

  /** The hint line says when the keys of a new card begin to count. */
  #watchDeafness(): void {
    const left = this.#model.desk.deafForMs;
    if (left === 0 || this.#deafTimer) return;
    this.#deafTimer = this.#options.clock.after(left, () => {
      this.#deafTimer = null;
      this.#sync();
    });
  }

  /** Once a second: durations and expiries grow, when there are any. */
  #tick(): void {
    this.#tickTimer = this.#options.clock.after(tickMs, () => {
      for (const name of this.#painter.timedRegions()) this.#canvases.invalidate(name);
      this.#tick();
    });
  }
}
