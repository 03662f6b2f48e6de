/** The agents of one session: one answers, others rest or wait to be gone back to. Starts them, starts again what died, and says so. */
import { present } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { AgentLink, Continuity } from '../../core/agents.ts';
import type { KeptSession } from '../../core/kept-session.ts';
import type { SessionView } from '../../protocol/view.ts';
import { LastStderr } from './last-stderr.ts';
import { Restarts } from './restarts.ts';
import { type AgentChoice, type RunningAgent, Seat, toAgentKey } from './seat.ts';

export interface SeatsOptions {
  readonly kept: KeptSession['agents'];
  readonly clock: Clock;
  /** One that does not answer at present is ended after this time; 0: never. */
  readonly closeIdleAfterMs: number;
  /** Id of the session, for what is said. */
  readonly session: string;
  /** Opens a door and starts the agent behind it. */
  start(agent: AgentChoice, how: AgentPlace): Promise<RunningAgent>;
  /** A line of the program in the conversation. */
  say(sentence: string): void;
  onRunning(seat: Seat, link: AgentLink): void;
  /** The process of the agent ended by itself. */
  onGone(seat: Seat): void;
  /** Another one was chosen; whether it comes to answer is not known yet. */
  onChosen(seat: Seat): void;
  /** It runs, and answers instead of the one before. */
  onAnswering(seat: Seat): void;
  /** Who is there, how well contained, or what state they are in is another than before. */
  onChange(change: SeatsChange): void;
}

export type SeatsChange = Partial<
  Pick<SessionView, 'agent' | 'agents' | 'agentVersion' | 'takesImages' | 'isolation' | 'restartAtMs'>
>;

export interface AgentPlace {
  readonly continueFrom: string | null;
  /** Numbers the agents of this session. */
  readonly place: number;
  /** Nobody wants it any more; the start is to end. */
  readonly signal: AbortSignal;
}

export class Seats {
  readonly #options: SeatsOptions;
  readonly #seats = new Map<string, Seat>();
  readonly #restarts: Restarts;
  readonly #stderr: LastStderr;
  readonly #idle = new Map<Seat, Disposable>();
  #active: Seat;
  /** The last that ran while it was the active one; at first the active one. */
  #answering: Seat;
  #problem: string | null = null;
  #isClosed = false;
  #places = 0;

  constructor(options: SeatsOptions) {
    this.#options = options;
    this.#restarts = new Restarts(options.clock);
    this.#stderr = new LastStderr(options.clock, () => this.#publish());
    for (const { agent, agentSession, knowsUpTo } of options.kept) this.#add(agent, agentSession, knowsUpTo);
    this.#active = present([...this.#seats.values()][0], 'A session has an agent.');
    this.#answering = this.#active;
  }

  /** The one that answers. */
  get active(): Seat {
    return this.#active;
  }

  /** Why it is not there; null while it is, and while nobody has missed it. */
  get problem(): string | null {
    return this.#problem;
  }

  get state(): 'running' | 'starting' | 'restarting' | 'failed' | 'resting' {
    if (this.#active.link) return 'running';
    if (this.#active.isStarting) return 'starting';
    if (this.#restarts.isPlanned) return 'restarting';
    return this.#problem === null ? 'resting' : 'failed';
  }

  /** In the order that `kept` wants: the one that answers first. */
  get kept(): KeptSession['agents'] {
    const others = [...this.#seats.values()].filter((seat) => seat !== this.#active);
    return [this.#active, ...others].map(({ agent, agentSession, knowsUpTo }) => ({
      agent: 'id' in agent ? { id: agent.id } : { command: [...agent.command] },
      agentSession,
      knowsUpTo,
    }));
  }

  /** Resolves with the agent that answers, started if need be. Rejects with OperationError when it cannot be. */
  async start(): Promise<AgentLink> {
    const seat = this.#active;
    // Whoever began the start says what becomes of it.
    if (seat.link || seat.isStarting) return await seat.start();
    this.#restarts.cancel();
    this.#problem = null;
    const starting = seat.start();
    this.#publish();
    try {
      return await starting;
    } catch (error) {
      this.#handleNotStarted(seat, (error as Error).message);
      throw error;
    }
  }

  /** A person asks for it, so it may be tried as often as at first. */
  forgive(): void {
    if (this.#active.link !== null) return;
    this.#restarts.reset();
    this.#problem = null;
  }

  /** All that were here, by what they are started with. */
  get agents(): readonly AgentChoice[] {
    return [...this.#seats.values()].map(({ agent }) => agent);
  }

  /** This one is to answer from here on; it is not started by this. One that never runs gives way to the one that answered before. */
  select(agent: AgentChoice): void {
    const seat = this.#seats.get(toAgentKey(agent)) ?? this.#add(agent, null, -1);
    if (seat !== this.#active) this.#activate(seat);
  }

  /** Ends those that run; each goes on where it was when it is needed. */
  async rest(): Promise<void> {
    this.#restarts.cancel();
    await Promise.all([...this.#seats.values()].map((seat) => seat.stop()));
    this.#publish();
  }

  /** Ends all of them; resolves when their processes are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#restarts.cancel();
    this.#stderr.dispose();
    for (const timer of this.#idle.values()) timer.dispose();
    this.#idle.clear();
    await Promise.all([...this.#seats.values()].map((seat) => seat.close()));
  }

  #add(agent: AgentChoice, continueFrom: string | null, knowsUpTo: number): Seat {
    const place = this.#places;
    this.#places += 1;
    const seat: Seat = new Seat({
      ...{ agent, continueFrom, knowsUpTo, place },
      start: (continueFrom, signal) => this.#options.start(agent, { continueFrom, place, signal }),
      onRunning: (link) => this.#handleRunning(seat, link),
      onGone: (reason) => this.#handleGone(seat, reason),
    });
    this.#seats.set(toAgentKey(agent), seat);
    return seat;
  }

  #activate(seat: Seat): void {
    this.#restarts.reset();
    this.#problem = null;
    this.#active = seat;
    this.#options.onChosen(seat);
    this.#announce();
    const { agentVersion = null, abilities } = seat.link ?? {};
    this.#options.onChange({ agent: seat.name, agentVersion, takesImages: abilities?.images ?? null });
    this.#publish();
  }

  /** Said only when it is true. */
  #announce(): void {
    const seat = this.#active;
    if (seat === this.#answering || seat.link === null) return;
    this.#answering = seat;
    this.#options.say(`${seat.name} answers from here on.`);
    this.#options.onAnswering(seat);
  }

  #handleRunning(seat: Seat, link: AgentLink): void {
    if (link.continuity === 'new') seat.knowsUpTo = -1;
    this.#stderr.follow(seat, link);
    if (seat === this.#active) {
      this.#problem = null;
      this.#announce();
      if (seat.hasRun) this.#options.say(continuityWords[link.continuity]);
    }
    if (!seat.hasRun && link.advice) this.#options.say(link.advice);
    this.#options.onRunning(seat, link);
    const { agentVersion, abilities } = link;
    if (seat === this.#active) this.#options.onChange({ agentVersion, takesImages: abilities.images });
    this.#publish();
  }

  #handleGone(seat: Seat, reason: string): void {
    this.#options.onGone(seat);
    if (seat === this.#active && !this.#isClosed) {
      this.#problem = reason;
      this.#planRestart(`The agent is gone: ${reason}`);
    }
    this.#publish();
  }

  #handleNotStarted(seat: Seat, reason: string): void {
    if (this.#isClosed) return;
    // A name that was mistyped must not take the agent away that was there.
    const isRefused = seat !== this.#answering && !seat.hasRun;
    if (isRefused) this.#seats.delete(toAgentKey(seat.agent));
    if (seat === this.#active && isRefused) {
      this.#activate(this.#answering);
      this.#options.say(`${seat.name} did not start, and ${this.#active.name} answers as before: ${reason}`);
    } else if (seat === this.#active) {
      this.#problem = reason;
      if (seat.hasRun) this.#planRestart(`The agent did not start again: ${reason}`);
      else this.#options.say(`The agent did not start: ${reason}`);
    }
    this.#publish();
  }

  #planRestart(what: string): void {
    // A start that fails plans the next one by itself.
    const delayMs = this.#restarts.plan(() => void this.start().catch(() => undefined));
    this.#options.say(`${what.replace(/[.!?]?$/, '.')} ${this.#toNextWords(delayMs)}`);
  }

  #toNextWords(delayMs: number | null): string {
    const command = `\`signalbox session start ${this.#options.session}\``;
    if (delayMs === null) return `Write to it, or run ${command}, and it is started once more.`;
    const next = `It is started again in ${delayMs / 1_000} s`;
    // Nobody types as fast as the first one comes.
    return delayMs <= 1_000 ? `${next}.` : `${next}; ${command} starts it at once.`;
  }

  /** The time of each that runs and does not answer counts from when that began. */
  #watchIdle(seat: Seat): void {
    const { clock, closeIdleAfterMs, say } = this.#options;
    const isIdle = seat !== this.#active && seat.link !== null && !this.#isClosed;
    if (isIdle === this.#idle.has(seat) || closeIdleAfterMs === 0) return;
    this.#idle.get(seat)?.dispose();
    this.#idle.delete(seat);
    if (!isIdle) return;
    const close = (): void => {
      const stopped = seat.stop();
      this.#publish();
      stopped.catch((error: Error) => say(`${seat.name} was not needed and could not be ended: ${error.message}`));
    };
    this.#idle.set(seat, clock.after(closeIdleAfterMs, close));
  }

  #publish(): void {
    for (const seat of this.#seats.values()) this.#watchIdle(seat);
    const agents = [...this.#seats.values()].map((seat) => ({
      ...{ id: seat.name, isRunning: seat.link !== null },
      ...('command' in seat.agent ? { command: seat.agent.command } : {}),
      ...this.#stderr.of(seat),
    }));
    this.#options.onChange({ agents, isolation: this.#isolation(), restartAtMs: this.#restarts.atMs });
  }

  /** Of all that run the worst, since any of them could do what the worst can. */
  #isolation(): SessionView['isolation'] {
    // Its process may run already; for the one that answers the state of the session says so.
    const unknown = [...this.#seats.values()].find((seat) => seat !== this.#active && seat.isStarting && !seat.link);
    if (unknown)
      return {
        state: 'NOT CONTAINED',
        reason: `${unknown.name} is still starting, and how well it is contained is not known yet.`,
      };
    const verdicts = [...this.#seats.values()].flatMap(({ link }) => link?.verdict ?? []);
    const worst = worstFirst.flatMap((state) => verdicts.find((verdict) => verdict.state === state) ?? [])[0];
    if (worst) return worst;
    return { state: 'not running', reason: noAgentWords[this.state === 'running' ? 'resting' : this.state] };
  }
}

const worstFirst = ['NOT CONTAINED', 'tools off', 'isolated, host network', 'isolated'] as const;

const noAgentWords = {
  starting: 'The agent is starting.',
  restarting: 'The agent is gone and will be started again.',
  failed: 'The agent did not start, or is gone.',
  resting: 'The agent does not run; it starts with your next prompt.',
} as const;

const continuityWords: Readonly<Record<Continuity, string>> = {
  resumed: 'The agent runs again and remembers this conversation.',
  loaded: 'The agent runs again and has read this conversation anew.',
  new: 'The agent runs again and remembers nothing; with your next prompt it is told what was said here.',
};
