/** One session: its agents, its conversation and its state. Knows neither sockets nor screens; it publishes events. */
import type { AgentLink, PromptAttachment } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import type { HostEvent } from '../../protocol/events.ts';
import type { SessionState } from '../../protocol/view.ts';
import { AgentDesk } from './agent-desk.ts';
import { emptyFace } from './agent-face.ts';
import type { Conversation } from './conversation.ts';
import { hearAgent } from './hear-agent.ts';
import { toTakenOver } from './held-prompts.ts';
import { News } from './news.ts';
import { openConversation } from './open-conversation.ts';
import { Questions } from './questions.ts';
import { toAttachmentsEntry, toKeptPrompt, toQueuedText } from './queued-prompt.ts';
import type { TranscriptEntry } from './read-transcript.ts';
import { toPromptText } from './retelling.ts';
import type { AgentChoice, Seat } from './seat.ts';
import { toSeatedAgent } from './seated-agent.ts';
import { Seats } from './seats.ts';
import { SessionMemory, toEndEntry, toLeftTurnEntry } from './session-memory.ts';
import type { SessionOptions } from './session-options.ts';
import { SessionTitle } from './session-title.ts';
import { toEndWords, toLeftWords, unsentWords } from './turn-words.ts';
import { type TurnEnd, Turns } from './turns.ts';

type Change = Extract<HostEvent, { type: 'session.changed' }>['change'];

export class Session {
  readonly id: string;
  /** What a person says to the agent besides prompts. */
  readonly desk: AgentDesk;
  /** What its agents were not told yet, each by its place. */
  readonly news = new News();
  /** What outlives the host. */
  readonly memory: SessionMemory;
  readonly #options: SessionOptions;
  readonly #conversation: Conversation;
  readonly #questions: Questions;
  readonly #turns: Turns;
  readonly #seats: Seats;
  #state: SessionState = 'resting';
  #isEnded = false;
  #ending: Promise<void> | null = null;
  /** The turn that runs is ended because it leads nowhere. */
  #isPaused = false;
  readonly #placesWithTools = new Set<number>();
  #promptItem = 0;
  #lastToAnswer: Seat;
  readonly #title: SessionTitle;

  /** Starts nothing: `start` does, or the first prompt. What the host before left in the middle is said. */
  constructor(options: SessionOptions) {
    const { kept, clock, transcript } = options;
    this.#options = options;
    this.id = kept.id;
    this.memory = new SessionMemory(kept, (next) => options.keep(next));
    this.#title = new SessionTitle(kept, (title) => {
      this.#change({ title });
      this.note({ type: 'title', title, atMs: clock.nowMs() });
      this.memory.change(this.#title.kept);
    });
    this.#conversation = openConversation(options);
    this.#questions = new Questions({
      ...{ transcript, nowMs: () => clock.nowMs() },
      onChange: (change) => this.#changeWithState(change),
    });
    this.#seats = new Seats({
      ...{ session: kept.id, kept: kept.agents, clock },
      ...{ start: options.start, closeIdleAfterMs: options.closeIdleAfterMs },
      say: (sentence) => this.#conversation.add('notice', sentence),
      onRunning: (seat, link) => this.#handleRunning(seat, link),
      onGone: (seat) => this.#handleGone(seat),
      onChosen: (seat) => this.#handleChosen(seat),
      onAnswering: ({ name }) => this.note({ type: 'agent', agent: name, atMs: clock.nowMs() }),
      onChange: (change) => this.#changeWithState(change),
    });
    this.#lastToAnswer = this.#seats.active;
    const seat = (): Seat => this.#seats.active;
    this.desk = new AgentDesk(this.#questions, { seat, onMode: (change) => this.#change(change) });
    this.#turns = new Turns({
      agent: () => this.#seats.start(),
      isOpen: () => !this.#isEnded && this.#seats.problem === null,
      onQueueChange: (queue) => {
        this.#change({ queuedPrompts: queue.map(toQueuedText) });
        this.memory.change({ waitingPrompts: queue.map(toKeptPrompt) });
      },
      onBegin: (prompt) => {
        this.#promptItem = this.#conversation.lastId + 1;
        this.#conversation.add('user', toQueuedText(prompt));
        if (prompt.attachments.length > 0) this.note(toAttachmentsEntry(this.#promptItem, prompt));
        this.memory.change({ hasOpenTurn: true });
        this.refreshState();
        options.onTurnBegin();
      },
      toText: (text) => this.#toText(text),
      onEnd: (end, sent) => this.#handleTurnEnd(end, sent),
      onIdle: () => {
        if (this.memory.kept.hasOpenTurn) this.memory.change({ hasOpenTurn: false });
        this.refreshState();
      },
    });
    this.#sayWhatWasLeft();
  }

  /** An agent of it runs or is on its way; such a session is not put away. */
  get isAlive(): boolean {
    return !this.#isEnded && ['running', 'starting', 'restarting'].includes(this.#seats.state);
  }

  /** Resolves when the agent that answers runs. Rejects with OperationError when it cannot start; it may be asked again. */
  async start(): Promise<void> {
    this.#checkOpen();
    this.#seats.forgive();
    await this.#seats.start();
  }

  /**
   * Another agent answers from here on; one that was here goes on where it was. Rejects: CONFLICT while a turn runs, INVALID_ARGUMENT for
   * a name that is neither of an agent here nor `known` to the catalogue, and as `start`.
   */
  async switchTo(agent: AgentChoice, known: readonly string[]): Promise<void> {
    this.#checkOpen();
    const chosen = toSeatedAgent(agent, this.#seats.agents, known);
    this.#turns.checkIdle();
    this.#seats.select(chosen);
    await this.start();
    this.memory.change({ agents: this.#seats.kept });
  }

  /** Ends its agents until it is written to. Rejects with CONFLICT while a turn runs. */
  async rest(): Promise<void> {
    this.#turns.checkIdle();
    await this.#seats.rest();
  }

  /** For the transcript alone. */
  note(entry: TranscriptEntry): void {
    this.#options.transcript.append(entry);
  }

  /** The tool client of the agent at this place works: it asked which tools there are. */
  handleToolsListed(place: number): void {
    this.#placesWithTools.add(place);
  }

  /** Says it in the conversation now, and to each agent with its next tool result or prompt, whichever comes first. */
  tell(sentence: string): void {
    this.#conversation.add('notice', sentence);
    this.news.add(sentence);
  }

  /** Throws INVALID_ARGUMENT when the session has ended or too many prompts wait. Starts the agent when it does not run. */
  prompt(text: string, attachments: readonly PromptAttachment[] = []): void {
    this.#checkOpen();
    this.#seats.forgive();
    this.#turns.add({ text, attachments });
    this.#title.handlePrompt(text);
  }

  /** Takes a prompt that waits back, so that it can be changed; returns the files that went with it. */
  unqueue(index: number, text: string): readonly PromptAttachment[] {
    return this.#turns.remove(index, text).attachments;
  }

  /** Ends the turn that runs; prompts typed meanwhile are sent then. */
  async cancel(): Promise<void> {
    this.#conversation.handleCancel();
    if (!this.#turns.cancelWaiting()) await this.#seats.active.link?.cancel();
  }

  /** Ends the turn that runs because it leads nowhere; the conversation says why. False when none runs. */
  pause(why: string): boolean {
    const { link } = this.#seats.active;
    if (this.#isEnded || !link || !this.#turns.isRunning) return false;
    this.#isPaused = true;
    this.#conversation.add('notice', why);
    // An agent that cannot be told ends its turn by dying, which is said by itself.
    link.cancel().catch(() => undefined);
    return true;
  }

  /** A screen has shown the conversation up to this item; what was shown once stays seen. */
  see(item: number): void {
    const seenItem = Math.min(item, this.#conversation.lastId);
    if (seenItem <= (this.memory.kept.seenItem ?? 0)) return;
    this.memory.change({ seenItem });
    this.#change({ seenItem });
  }

  rename(title: string): void {
    this.#title.handleOperator(title);
  }

  /** Ends the agents and waits until their processes are gone. `with the host`: it goes on when a host runs again. */
  end(how: 'for good' | 'with the host'): Promise<void> {
    this.#ending ??= this.#end(how);
    return this.#ending;
  }

  async #end(how: 'for good' | 'with the host'): Promise<void> {
    this.memory.close();
    this.#isEnded = true;
    this.#conversation.close();
    this.refreshState();
    if (how === 'for good') this.note(toEndEntry(this.memory.kept, this.#options.clock.nowMs()));
    await this.#seats.close();
    await this.#options.transcript.idle();
  }

  /** Publishes the state when it is another than before; called whenever cards come or go. */
  refreshState(): void {
    const state = this.#currentState();
    if (state === this.#state) return;
    this.#state = state;
    this.#change({ state, problem: this.#seats.problem });
  }

  #currentState(): SessionState {
    if (this.#isEnded) return 'ended';
    if (this.#seats.state !== 'running') return this.#seats.state;
    if (this.#questions.waiting > 0 || this.#options.waitingCards() > 0) return 'waiting for you';
    return this.#turns.isRunning ? 'working' : 'idle';
  }

  #sayWhatWasLeft(): void {
    const { forAgent, notices } = toLeftWords(this.memory.kept);
    if (forAgent !== null) this.tell(forAgent);
    for (const notice of notices) this.#conversation.add('notice', notice);
    this.memory.change(toTakenOver(this.memory.kept));
    if (forAgent !== null || notices.length > 0) this.note(toLeftTurnEntry(this.#options.clock.nowMs()));
  }

  #handleRunning(seat: Seat, link: AgentLink): void {
    if (seat === this.#seats.active) this.#change(emptyFace);
    const isHeard = (): boolean => !this.#isEnded && seat === this.#seats.active;
    hearAgent(link, {
      ...{ isHeard, questions: this.#questions },
      onFace: (change) => {
        seat.wear(change);
        if (isHeard()) this.#change(change);
      },
      onTitle: (title) => this.#title.handleAgent(title),
      onUpdate: (update) => this.#conversation.handleUpdate(update),
    });
    this.memory.change({ agents: this.#seats.kept });
    this.#turns.resume();
  }

  #handleChosen(seat: Seat): void {
    this.#questions.clear();
    this.#options.onAgentChange();
    this.#change({ ...emptyFace, ...seat.face });
  }

  #handleGone(seat: Seat): void {
    this.#options.onAgentChange();
    if (seat !== this.#seats.active) return;
    this.#questions.clear();
    this.#conversation.endTools();
  }

  #toText(text: string): string {
    const { active } = this.#seats;
    const wasLast = this.#lastToAnswer === active;
    const told = { promptItem: this.#promptItem, knowsUpTo: active.knowsUpTo, wasLast };
    return toPromptText(text, { news: this.news.take(active.place), items: this.#options.items(), ...told });
  }

  #handleTurnEnd(end: TurnEnd, sent: 'sent' | 'not sent'): void {
    const { active } = this.#seats;
    const number = this.memory.kept.turns + 1;
    this.#conversation.endTurn();
    this.#questions.clear();
    if (sent === 'not sent') this.#conversation.add('notice', unsentWords);
    else if (active.link !== null && !this.#isEnded) {
      const isFirstDeaf = active.knowsUpTo === -1 && !this.#placesWithTools.has(active.place);
      for (const words of toEndWords(end, { isPaused: this.#isPaused, isFirstDeaf }))
        this.#conversation.add('notice', words);
      active.knowsUpTo = this.#conversation.lastId;
      this.#lastToAnswer = active;
    }
    this.#isPaused = false;
    this.note({ type: 'turn', ...end, atMs: this.#options.clock.nowMs() });
    this.#change({ lastTurn: { number, ...end } });
    this.memory.change({ turns: number, agents: this.#seats.kept, hasOpenTurn: false });
  }

  #checkOpen(): void {
    if (this.#isEnded) throw new OperationError('INVALID_ARGUMENT', `Session ${this.id} was ended.`);
  }

  #change(change: Change): void {
    this.#options.publish({ type: 'session.changed', id: this.id, change });
  }

  #changeWithState(change: Change): void {
    this.#change(change);
    this.refreshState();
  }
}
