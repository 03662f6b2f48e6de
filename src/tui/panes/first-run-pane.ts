/**
 * The page of the first run: moves the choice through its rows, and does what the chosen one stands for with the same actions as the views.
 */
import { lookForSshHosts } from '../actions/servers.ts';
import type { Action } from '../keymap.ts';
import { drawThumb, type Pane, type Stage } from '../pane.ts';
import {
  type SetupFacts,
  type SetupLine,
  type SetupRowId,
  type SetupStep,
  toReadyAgent,
  toSetupLines,
  toSetupSteps,
  whyNoPrompt,
} from '../present/first-run.ts';
import { hasUnknownKey } from '../present/server-trust.ts';
import { whyNot } from '../situation.ts';
import type { Surface } from '../widgets/surface.ts';

const columnsMax = 90;

export class FirstRunPane implements Pane {
  readonly #stage: Stage;
  #chosen: SetupRowId | null = null;
  /** What was known when the choice was made: which steps were done, and whether somebody had looked for hosts. */
  #ticks = '';
  /** The server that was chosen when this page looked last; another one now was chosen by what a form did. */
  #server: string | null = null;
  #isLooking = false;
  #top = 0;
  #lines: readonly SetupLine[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  prepare(): void {
    this.#lookForHosts();
    const { model } = this.#stage;
    const steps = toSetupSteps(this.#facts);
    const rows = steps.flatMap((step) => step.rows);
    const isLooked = model.serverDesk.sshHosts !== null;
    const ticks = `${steps.map(({ isDone }) => (isDone ? 'x' : 'o')).join('')}${isLooked ? ' looked' : ''}`;
    const registered = rows.find(({ id }) => id === `server:${model.chosenServer}`);
    if (registered && this.#server !== null && model.chosenServer !== this.#server) this.#chosen = registered.id;
    else if (ticks !== this.#ticks || !rows.some(({ id }) => id === this.#chosen)) this.#chosen = this.#toNext(steps);
    this.#ticks = ticks;
    if (this.#chosen?.startsWith('server:')) model.chosenServer = this.#chosen.slice('server:'.length);
    else if (model.chosenServer === null || !Object.hasOwn(model.view.servers, model.chosenServer))
      model.chosenServer = Object.keys(model.view.servers)[0] ?? null;
    this.#server = model.chosenServer;
    const isAgent = this.#chosen?.startsWith('agent:') === true;
    model.firstRun.isAtAgent = isAgent;
    // Else a session begins with the first that is ready, never with one that some list had chosen.
    model.chosenAgent = isAgent ? (this.#chosen?.slice('agent:'.length) ?? null) : toReadyAgent(this.#facts);
  }

  paint(surface: Surface): void {
    this.prepare();
    const columns = Math.max(8, Math.min(columnsMax, surface.width - 4));
    const page = this.#stage.page(columns);
    this.#lines = toSetupLines(toSetupSteps(this.#facts), this.#chosen, page);
    const rows = surface.height;
    const at = this.#lines.findIndex(({ row }) => row !== null && row === this.#chosen);
    if (at < this.#top + 2) this.#top = at - 2;
    if (at >= this.#top + rows - 1) this.#top = at - rows + 2;
    this.#top = Math.max(0, Math.min(this.#top, this.#lines.length - rows));
    const text = surface.part({ x: 2, y: 0, width: columns, height: rows });
    this.#lines.slice(this.#top, this.#top + rows).forEach(({ line, row }, y) => {
      const isChosen = row !== null && row === this.#chosen;
      if (isChosen) text.fill({ token: 'selection' }, { x: 0, y, width: columns, height: 1 });
      text.put(0, y, line, isChosen ? { token: 'selection' } : {});
    });
    drawThumb(surface, 0, rows, this.#top, this.#lines.length);
  }

  handleAction(action: Action): boolean {
    if (action === 'scrollDown') this.#move(1);
    else if (action === 'scrollUp') this.#move(-1);
    else if (action === 'open') this.#open();
    else if (action === 'close') return this.#leave();
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#move(Math.sign(lines));
  }

  handleClick(_x: number, y: number): void {
    const row = this.#lines[this.#top + y]?.row ?? null;
    if (row !== null) this.#chosen = row;
  }

  get #facts(): SetupFacts {
    const { view, tests, serverDesk } = this.#stage.model;
    return { view, tests, sshHosts: serverDesk.sshHosts };
  }

  /** The first row of what is to be done next; of several servers the one that was registered last. */
  #toNext(steps: readonly SetupStep[]): SetupRowId | null {
    const rows = (steps.find(({ isDone }) => !isDone) ?? steps.at(-1))?.rows ?? [];
    const last = `server:${this.#stage.model.chosenServer}`;
    return (rows.find(({ id }) => id === last) ?? rows[0])?.id ?? null;
  }

  #move(step: number): void {
    const rows = toSetupSteps(this.#facts).flatMap((one) => one.rows);
    const at = rows.findIndex(({ id }) => id === this.#chosen);
    this.#chosen = rows[Math.max(0, Math.min(at + step, rows.length - 1))]?.id ?? null;
    this.prepare();
  }

  #open(): void {
    const [kind = ''] = this.#chosen?.split(':') ?? [];
    switch (kind) {
      case 'import':
        return this.#try('importServers');
      case 'add':
        return this.#try('addServer');
      case 'server':
        return this.#try(this.#isKeyInQuestion() ? 'trustKey' : 'testServer');
      case 'agent':
        return this.#openAgent();
      case 'agents':
        return this.#stage.perform('viewAgents');
      case 'prompt':
        return this.#openSession();
    }
  }

  #isKeyInQuestion(): boolean {
    const { view, tests, chosenServer } = this.#stage.model;
    const server = view.servers[chosenServer ?? ''];
    return server !== undefined && hasUnknownKey(server, tests.get(server.id) ?? null);
  }

  #openAgent(): void {
    const { view, chosenAgent } = this.#stage.model;
    const availability = view.agents.find(({ id }) => id === chosenAgent)?.availability;
    if (availability === 'ready') this.#openSession('chosen');
    else this.#try(availability === 'needs login' ? 'loginAgent' : 'probeAgent');
  }

  #openSession(agent: 'chosen' | 'any' = 'any'): void {
    const reason = whyNoPrompt(this.#facts, agent);
    if (reason === null) this.#try('newSession');
    else this.#stage.say(`Not yet: ${reason}.`, 'warn');
  }

  #try(action: Action): void {
    const { model } = this.#stage;
    const reason = whyNot(action, model.toSituation(model.baseScopes));
    if (reason === null) this.#stage.perform(action);
    else this.#stage.say(`Not now: ${reason}.`, 'warn');
  }

  #leave(): boolean {
    this.#stage.model.firstRun.leave();
    return true;
  }

  #lookForHosts(): void {
    const { model, programs } = this.#stage;
    if (model.serverDesk.sshHosts !== null || this.#isLooking || !programs) return;
    this.#isLooking = true;
    void lookForSshHosts(this.#stage).finally(() => {
      this.#isLooking = false;
    });
  }
}
