/** One session: an agent, its queue of prompts and its state. Knows neither sockets nor screens; it publishes events. */
import { present } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { AgentLink, AgentUpdate, LocalPermissionRequest } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { HostEvent } from '../../protocol/events.ts';
import type { LocalCardView, SessionState, TurnView } from '../../protocol/view.ts';
import { Conversation, toSessionChange } from './conversation.ts';
import type { Transcript } from './transcript.ts';

type Change = Extract<HostEvent, { type: 'session.changed' }>['change'];

export interface SessionOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly transcript: Transcript;
  publish(event: HostEvent): void;
  /** A prompt goes to the agent. */
  onTurnBegin(): void;
  /** How many cards of the gate wait for this session. */
  waitingCards(): number;
  /** The agent is gone: whatever it was given can be taken back. */
  onGone(): void;
}

export class Session {
  readonly id: string;
  readonly #options: SessionOptions;
  readonly #conversation: Conversation;
  #link: AgentLink | null = null;
  #queue: readonly string[] = [];
  #localCards: readonly LocalCardView[] = [];
  #state: SessionState = 'starting';
  #problem: string | null = null;
  #isEnded = false;
  #isTurnRunning = false;
  #turns = 0;
  #areToolsListed = false;
  /** What happened to the agent's work behind its back; it reads it with its next tool result or prompt. */
  #news: readonly string[] = [];
  /** Who named it: the operator's word stays, an agent's replaces the words of the prompt. */
  #namedBy: 'nobody' | 'agent' | 'operator' = 'nobody';

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#conversation = new Conversation({
      session: options.id,
      nowMs: () => options.clock.nowMs(),
      publish: (event) => options.publish(event),
      onCompleted: (item) => options.transcript.append({ type: 'item', item }),
    });
  }

  get isAlive(): boolean {
    return !this.#isEnded && this.#problem === null;
  }

  /** The agent runs: from here on its words arrive, and queued prompts are sent. */
  attachAgent(link: AgentLink): void {
    this.#link = link;
    link.onUpdate((update) => this.#handleUpdate(update));
    link.onLocalPermission((request) => this.#handleLocalPermission(request));
    link.onExit(({ reason }) => this.fail(reason));
    this.#change({ agentVersion: link.agentVersion, isolation: link.verdict });
    this.refreshState();
    void this.#runTurns();
  }

  /** The agent is gone or never came. The session stays visible with the reason. */
  fail(reason: string): void {
    if (!this.isAlive) return;
    this.#problem = reason;
    this.#queue = [];
    this.#localCards = [];
    this.#conversation.endTools();
    this.#conversation.add('notice', `The agent is gone: ${reason}`);
    this.#change({ queuedPrompts: [], localCards: [] });
    if (this.#link === null) this.#change({ isolation: { state: 'no agent', reason: 'The agent did not start.' } });
    this.refreshState();
    this.#options.onGone();
  }

  /** The agent's tool client works: it asked which tools there are. */
  handleToolsListed(): void {
    this.#areToolsListed = true;
  }

  /** What the agent was not told yet; it counts as told now. */
  takeNews(): readonly string[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** Says it in the conversation now, and to the agent with its next tool result or prompt, whichever comes first. */
  tell(sentence: string): void {
    this.#conversation.add('notice', sentence);
    this.#news = [...this.#news, sentence].slice(-newsMax);
  }

  /** Throws INVALID_ARGUMENT when the agent is gone or too many prompts wait. */
  prompt(text: string): void {
    this.#checkAlive();
    if (this.#queue.length >= bounds.queuedPromptsMax)
      throw new OperationError(
        'INVALID_ARGUMENT',
        'Too many prompts wait already; cancel the turn or wait for its end.',
      );
    this.#queue = [...this.#queue, text];
    if (this.#namedBy === 'nobody') {
      this.#namedBy = 'agent';
      this.#change({ title: toTitle(text) });
    }
    if (this.#isTurnRunning || this.#link === null) this.#change({ queuedPrompts: this.#queue });
    else void this.#runTurns();
  }

  /** Ends the turn that runs; prompts typed meanwhile are sent then. */
  async cancel(): Promise<void> {
    this.#checkAlive();
    await this.#link?.cancel();
  }

  /** Ends the turn that runs because it leads nowhere; the conversation says why. False when none runs. */
  pause(why: string): boolean {
    if (!this.isAlive || !this.#isTurnRunning) return false;
    this.#conversation.add('notice', why);
    // An agent that cannot be told ends its turn by dying, which is said by itself.
    this.#link?.cancel().catch(() => undefined);
    return true;
  }

  rename(title: string): void {
    this.#namedBy = 'operator';
    this.#change({ title });
  }

  async setMode(mode: string): Promise<void> {
    this.#checkAlive();
    const link = this.#link;
    if (!link)
      throw new OperationError('INVALID_ARGUMENT', 'The agent is still starting; choose the mode once it runs.');
    await link.setMode(mode);
    this.#change({ currentMode: mode });
  }

  /** Throws INVALID_ARGUMENT when another screen was first, or the agent does not ask any more. */
  answerLocal(card: string, allow: boolean): void {
    if (!this.#localCards.some((local) => local.id === card))
      throw new OperationError('INVALID_ARGUMENT', 'This question was answered already, or the agent withdrew it.');
    present(this.#link, 'A question came from an agent that is not there.').answerLocal(card, allow);
    this.#options.transcript.append({ type: 'local-answer', card, allow });
    this.#setLocalCards(this.#localCards.filter((local) => local.id !== card));
  }

  /** Ends the agent and waits until its processes are gone. */
  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#conversation.close();
    this.refreshState();
    this.#options.transcript.append({ type: 'end' });
    await this.#link?.dispose();
    await this.#options.transcript.idle();
  }

  /** Publishes the state when it is another than before; called whenever cards come or go. */
  refreshState(): void {
    const state = this.#currentState();
    if (state === this.#state) return;
    this.#state = state;
    this.#change({ state, problem: this.#problem });
  }

  #currentState(): SessionState {
    if (this.#isEnded) return 'ended';
    if (this.#problem !== null) return 'failed';
    if (this.#link === null) return 'starting';
    if (this.#localCards.length > 0 || this.#options.waitingCards() > 0) return 'waiting for you';
    return this.#isTurnRunning ? 'working' : 'idle';
  }

  /** One turn after another, until the queue is empty or the agent is gone. */
  async #runTurns(): Promise<void> {
    const link = this.#link;
    if (!link || this.#isTurnRunning) return;
    this.#isTurnRunning = true;
    while (this.isAlive) {
      const [text, ...later] = this.#queue;
      if (text === undefined) break;
      this.#queue = later;
      this.#change({ queuedPrompts: later });
      this.#conversation.add('user', text);
      this.refreshState();
      this.#options.onTurnBegin();
      const turn = await this.#runTurn(link, text);
      this.#handleTurnEnd(turn);
    }
    this.#isTurnRunning = false;
    this.refreshState();
  }

  async #runTurn(link: AgentLink, text: string): Promise<Omit<TurnView, 'number'>> {
    try {
      return { stop: await link.prompt(withNews(this.takeNews(), text)), problem: null };
    } catch (error) {
      return { stop: 'failed', problem: (error as Error).message };
    }
  }

  #handleTurnEnd(turn: Omit<TurnView, 'number'>): void {
    this.#turns += 1;
    this.#conversation.endTools();
    this.#conversation.close();
    // Questions of a turn that is over have no one waiting for their answer.
    if (this.#localCards.length > 0) this.#setLocalCards([]);
    const words = stopWords[turn.stop];
    if (words !== null && this.isAlive)
      this.#conversation.add('notice', turn.problem === null ? words : `${words}: ${turn.problem}`);
    if (this.#turns === 1 && !this.#areToolsListed && this.isAlive) this.#conversation.add('notice', noToolsWords);
    this.#options.transcript.append({ type: 'turn', ...turn });
    this.#change({ lastTurn: { number: this.#turns, ...turn } });
  }

  #handleUpdate(update: AgentUpdate): void {
    if (!this.isAlive) return;
    const change = toSessionChange(update);
    if (change) this.#change(change);
    else if (update.kind === 'message') this.#conversation.append('agent', update.text);
    else if (update.kind === 'thought') this.#conversation.append('thought', update.text);
    else if (update.kind === 'tool-call') this.#conversation.updateTool(update);
    else if (update.kind === 'notice') this.#conversation.add('notice', update.text);
    else if (update.kind === 'title' && this.#namedBy !== 'operator') this.#change({ title: toTitle(update.title) });
    // 'user-echo' repeats a prompt that is in the conversation already.
  }

  #handleLocalPermission(request: LocalPermissionRequest): void {
    const { id, title, detail, unexpected } = request;
    if (!this.isAlive || this.#localCards.length >= bounds.localCardsMax) {
      this.#link?.answerLocal(id, false);
      return;
    }
    this.#options.transcript.append({ type: 'local-question', ...request });
    this.#setLocalCards([...this.#localCards, { id, title, detail, unexpected }]);
  }

  #setLocalCards(localCards: readonly LocalCardView[]): void {
    this.#localCards = localCards;
    this.#change({ localCards });
    this.refreshState();
  }

  #checkAlive(): void {
    if (this.isAlive) return;
    const why = this.#problem === null ? 'it was ended' : this.#problem;
    throw new OperationError('INVALID_ARGUMENT', `Session ${this.id} takes nothing any more: ${why}`);
  }

  #change(change: Change): void {
    this.#options.publish({ type: 'session.changed', id: this.id, change });
  }
}

/** More than this is not read; the newest matter. */
const newsMax = 50;

/** Marked as the program's words, so that an agent does not take them for the operator's. */
function withNews(news: readonly string[], text: string): string {
  if (news.length === 0) return text;
  return `${news.map((sentence) => `[signalbox] ${sentence}`).join('\n')}\n\n${text}`;
}

/** The first words of a prompt, as the name of its session. What is added is ASCII: screens show the rest of foreign text escaped. */
export function toTitle(text: string): string {
  const words = text.trim().split(/\s+/).slice(0, 8).join(' ');
  return words.length <= 48 ? words : `${words.slice(0, 45)}...`;
}

/** A tool client that could not start is silent; this is the only trace of it. */
const noToolsWords =
  'The agent has not asked for the tools of signalbox: it may not support MCP servers, or its client could not start.';

const stopWords: Readonly<Record<TurnView['stop'], string | null>> = {
  end_turn: null,
  max_tokens: 'The agent stopped: its answer reached the token limit',
  max_turn_requests: 'The agent stopped: its turn reached the request limit',
  refusal: 'The agent refused to go on',
  cancelled: 'The turn was cancelled',
  failed: 'The turn failed',
};
