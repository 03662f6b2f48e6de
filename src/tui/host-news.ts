/**
 * What the host says, as the screen takes it: which parts change, what is said in the hint line, which dialog is outdated. Handles no key.
 */

import { openLogin } from './actions/forms.ts';
import { toDirtyRegions } from './dirty.ts';
import type { ViewChange } from './host-port.ts';
import { keyWord } from './key-words.ts';
import { toKeyText } from './keymap.ts';
import type { OverlayStack } from './overlay-stack.ts';
import type { Painter } from './painter.ts';
import type { Stage } from './pane.ts';
import { DocumentOverlay } from './panes/document-overlay.ts';
import { toOutdatedLines } from './present/card.ts';
import type { LoginEntry } from './present/login-card.ts';
import type { Page } from './present/page.ts';
import { forgetRefutedTest } from './refuted-tests.ts';
import type { RegionName } from './regions.ts';
import type { StyledLine } from './styled.ts';
import type { WaitingSignal } from './waiting-signal.ts';

export interface HostNewsPorts {
  readonly stage: Stage;
  readonly painter: Painter;
  readonly overlays: OverlayStack;
  readonly signal: WaitingSignal;
  invalidate(region: RegionName): void;
}

export class HostNews {
  readonly #ports: HostNewsPorts;
  /** What was said last of a lost host, and the session that was shown then. */
  #lost: { readonly message: string; readonly session: string | null } | null = null;

  /** The host has not yet said what there is. */
  #isEarly: boolean;

  constructor(ports: HostNewsPorts) {
    this.#ports = ports;
    this.#isEarly = ports.stage.model.host.link.kind === 'connecting';
  }

  handleChange(change: ViewChange): void {
    const { stage, painter, signal } = this.#ports;
    const { model } = stage;
    if (change.type === 'shell.removed') model.shells.forget(change.id);
    painter.handleChange(change);
    model.serverDesk.handleChange(change, model.view.servers);
    if (change.type === 'server.changed') forgetRefutedTest(model.tests, change.server);
    model.places.activity.handleChange(change);
    const before = model.paneIds.length;
    const dirty = toDirtyRegions(change, model.view);
    if (dirty !== 'all' && before === model.paneIds.length) {
      for (const name of dirty) this.#ports.invalidate(name);
      return;
    }
    const added = model.synchronise();
    this.#closeOutdated(change);
    if (change.type === 'logins.replaced') this.#openAwaited();
    if (added.length > 0 && change.type !== 'snapshot') signal.handleAdded();
    if (change.type === 'snapshot') {
      if (this.#isEarly) this.#begin();
      this.sayProblem();
      this.#sayLostShells(model.shells.handleSnapshot());
    }
    if (change.type === 'notice.added')
      stage.say(change.notice.text, change.notice.level === 'info' ? 'muted' : 'warn');
    signal.nameWindow();
    stage.invalidate();
  }

  /** What the host said before this screen came, when nothing was said since: a policy that is bad, for example. */
  sayProblem(): void {
    const last = this.#ports.stage.model.view.notices.at(-1);
    if (last?.level === 'error') this.#ports.stage.say(last.text, 'warn');
  }

  /** The prompt that is drawn before is for a session. Where there is none, what was typed was for no prompt: it does not wait there for the first one. */
  #begin(): void {
    const { stage, painter } = this.#ports;
    this.#isEarly = false;
    if (stage.model.session !== null && stage.model.hasPrompt) return;
    if (painter.prompt.empty()) stage.say('There is no session to write to, so what was typed is dropped.', 'muted');
  }

  #sayLostShells(servers: readonly string[]): void {
    if (servers.length === 0) return;
    const [which, them] = servers.length === 1 ? ['shell', 'it'] : ['shells', 'them'];
    this.#ports.stage.say(`The ${which} on ${servers.join(', ')} ended with the host that held ${them}.`, 'warn');
  }

  handleLink(): void {
    const { stage } = this.#ports;
    const { model } = stage;
    const { link } = model.host;
    if (link.kind === 'connected' && this.#lost !== null) this.#welcome(this.#lost.session);
    if (link.kind === 'lost' && link.starting)
      stage.say('Starting a host; this screen goes on once it is there.', 'accent');
    else if (link.kind === 'lost') {
      // Once for each reason, not with each attempt: the keys come back when it was read, and the status line counts on.
      if (link.message !== this.#lost?.message)
        stage.say(
          `${link.message} Trying again by itself; ${toKeyText(model.words.prefix)} ${keyWord('prefix', 'restartHost')} starts a host.`,
          'danger',
        );
      this.#lost = { message: link.message, session: this.#lost ? this.#lost.session : (model.session?.id ?? null) };
    }
    model.synchronise();
    stage.invalidate();
  }

  #welcome(session: string | null): void {
    const { stage } = this.#ports;
    const { model } = stage;
    this.#lost = null;
    if (session === null || model.view.sessions[session]) return stage.say('The host is there again.', 'ok');
    // Nothing can be written to, so letters are keys.
    if (model.session === null && model.focus === 'prompt') model.focus = 'conversation';
    stage.say(
      `The host is there again, without the session that was shown; ${keyWord('conversation', 'newSession')} opens one, ${keyWord('global', 'viewSessions')} lists them.`,
      'warn',
    );
  }

  /** A login that somebody here waits for is asked at once, where nothing else is open but the form that waits for the vault; the others wait in the queue. */
  #openAwaited(): void {
    const { stage, overlays } = this.#ports;
    const { calls, shells, desk } = stage.model;
    const awaited = desk.queue.find(
      (entry): entry is LoginEntry =>
        entry.kind === 'login' &&
        entry.card.prompts.length > 0 &&
        (entry.card.server === null
          ? calls.isOf('vault.unlock')
          : overlays.top === null &&
            (calls.isAbout(entry.card.server) || shells.focused?.server === entry.card.server)),
    );
    if (awaited) openLogin(stage, awaited);
  }

  /** What was opened about a request closes when that one was answered elsewhere. Keys that are typed on reach no other card. */
  #closeOutdated(change: ViewChange): void {
    const { stage, overlays } = this.#ports;
    const closed = overlays.closeOutdated(stage.model.desk.queue);
    if (closed.length === 0) return;
    const end = change.type === 'approval.removed' ? change.end : 'It waits no longer.';
    const toLines = (page: Page): readonly StyledLine[] =>
      toOutdatedLines(
        end,
        closed.flatMap(({ keptWords }) => keptWords ?? []),
        page,
      );
    overlays.open(new DocumentOverlay(stage, 'news', 'Waits no longer', toLines));
  }
}
