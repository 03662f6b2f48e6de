/** One agent's place in a session: its process while it runs, its door, and where its own session goes on when it runs again. */
import type { AgentLink, AgentStart } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import type { AgentFace } from './agent-face.ts';

export type AgentChoice = AgentStart['agent'];

/** An agent that runs, with what must be taken back when it does not any more. */
export interface RunningAgent {
  readonly link: AgentLink;
  /** Closes the door that it was given. */
  close(): void;
}

export interface SeatOptions {
  readonly agent: AgentChoice;
  /** The agent's own id of the session it had here before; null when it had none. */
  readonly continueFrom: string | null;
  readonly knowsUpTo: number;
  /** Numbers the agents of the session. */
  readonly place: number;
  /** @param continueFrom as above, of the last run. @param abandoned nobody wants it any more. */
  start(continueFrom: string | null, abandoned: AbortSignal): Promise<RunningAgent>;
  /** It runs; called before `start` resolves. */
  onRunning(link: AgentLink): void;
  /** It ran and is gone, with the reason; not called for an end that was asked for. */
  onGone(reason: string): void;
}

export class Seat {
  readonly agent: AgentChoice;
  readonly place: number;
  readonly #options: SeatOptions;
  #running: RunningAgent | null = null;
  #starting: Promise<AgentLink> | null = null;
  /** Of the last start. */
  #abandoned = new AbortController();
  /** Resolves when the process before is gone. */
  #ending: Promise<void> = Promise.resolve();
  #continueFrom: string | null;
  #runs: number;
  #isClosed = false;
  /** Items of the conversation after this one are unknown to this agent; -1: it was not told anything. */
  knowsUpTo: number;
  #face: AgentFace = {};

  constructor(options: SeatOptions) {
    this.agent = options.agent;
    this.place = options.place;
    this.#options = options;
    this.#continueFrom = options.continueFrom;
    this.#runs = options.continueFrom === null ? 0 : 1;
    this.knowsUpTo = options.knowsUpTo;
  }

  /** A word for people: the catalogue's id, or the program. */
  get name(): string {
    return toAgentName(this.agent);
  }

  get link(): AgentLink | null {
    return this.#running?.link ?? null;
  }

  /** What it said of itself since it runs. */
  get face(): AgentFace {
    return this.#face;
  }

  wear(change: AgentFace): void {
    this.#face = { ...this.#face, ...change };
  }

  get isStarting(): boolean {
    return this.#starting !== null;
  }

  /** It was here before, in this run of the host or in an earlier one. */
  get hasRun(): boolean {
    return this.#runs > 0;
  }

  /** The agent's own id of its session, to go on with. */
  get agentSession(): string | null {
    return this.link?.agentSession ?? this.#continueFrom;
  }

  /** Resolves with the running agent; at most one start at a time. Rejects with OperationError when it cannot start. */
  start(): Promise<AgentLink> {
    const { link } = this;
    if (link) return Promise.resolve(link);
    if (this.#starting) return this.#starting;
    this.#abandoned = new AbortController();
    this.#starting = this.#start(this.#abandoned.signal).finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** Ends the process and its door, also one that starts right now; `start` begins anew, and goes on where the agent can. */
  async stop(): Promise<void> {
    if (this.#starting) {
      this.#abandoned.abort();
      await this.#starting.catch(() => undefined);
    }
    const running = this.#running;
    if (running) {
      this.#leave();
      this.#ending = running.link.dispose();
    }
    await this.#ending;
  }

  /** As `stop`, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
  }

  async #start(abandoned: AbortSignal): Promise<AgentLink> {
    if (this.#isClosed) throw toAbandoned();
    // Two processes would write the same session of the agent. One that could not be ended was told by whoever ended it.
    await this.#ending.catch(() => undefined);
    const running = await this.#options.start(this.#continueFrom, abandoned).catch((error: unknown) => {
      throw abandoned.aborted ? toAbandoned() : error;
    });
    const { link } = running;
    if (abandoned.aborted) {
      running.close();
      await link.dispose();
      throw toAbandoned();
    }
    this.#running = running;
    this.#face = {};
    this.#options.onRunning(link);
    this.#runs += 1;
    link.onExit(({ reason }) => {
      if (this.#running !== running) return;
      this.#leave();
      this.#options.onGone(reason);
    });
    return link;
  }

  #leave(): void {
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    this.#continueFrom = running.link.agentSession;
    running.close();
  }
}

function toAbandoned(): OperationError {
  return new OperationError('CANCELLED', 'The agent was ended while it started.');
}

export function toAgentName(agent: AgentChoice): string {
  return 'id' in agent ? agent.id : (agent.command[0] ?? '');
}

/** Two choices of the same agent have the same key. */
export function toAgentKey(agent: AgentChoice): string {
  return 'id' in agent ? agent.id : JSON.stringify(agent.command);
}
