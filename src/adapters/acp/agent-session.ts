/** A running agent with its one session, as the host sees it. It translates turns and updates; what an action may do is decided elsewhere. */
import { present } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Event } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type {
  AgentAbilities,
  AgentForm,
  AgentLink,
  AgentUpdate,
  Continuity,
  FormAnswer,
  LocalPermissionRequest,
  PromptAttachment,
  StopReason,
} from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { IsolationVerdict } from '../../core/ports.ts';
import type { StderrLine } from '../../core/stderr-line.ts';
import { toAbilities } from './abilities.ts';
import { toAgentError, toExitWords } from './agent-error.ts';
import type { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import type { ConnectedAgent } from './connect-agent.ts';
import type { Door } from './door.ts';
import type { FormDesk } from './form-desk.ts';
import { inTime, type SendRequestOptions, type Starting } from './in-time.ts';
import type { OpenedSession } from './open-agent-session.ts';
import { toOptions } from './options.ts';
import type { PermissionDesk } from './permission-desk.ts';
import { toPromptBlocks } from './prompt-blocks.ts';
import { ReplayingEvent } from './replaying-event.ts';
import type { SessionFeed } from './session-feed.ts';
import type { Terminals } from './terminals.ts';
import type { ToolMessages } from './tool-messages.ts';
import type { AgentWire } from './wire.ts';

export interface SessionParts {
  readonly profile: AgentProfile;
  readonly process: AgentProcess;
  readonly verdict: IsolationVerdict;
  readonly advice: string | null;
  readonly desk: PermissionDesk;
  readonly forms: FormDesk;
  readonly door: Door;
  readonly terminals: Terminals;
  readonly messages: ToolMessages;
  readonly feed: SessionFeed;
  readonly clock: Clock;
  /** The turn is cancelled: what the agent left at other doors ends too. */
  onCancel(): void;
}

const stopReasons: readonly StopReason[] = ['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled'];

export class AgentSession implements AgentLink {
  readonly verdict: IsolationVerdict;
  readonly advice: string | null;
  readonly onLocalPermission: Event<LocalPermissionRequest>;
  readonly onForm: Event<AgentForm>;
  readonly onFormWithdrawn: Event<string>;
  readonly onStderr: Event<void>;
  readonly #parts: SessionParts;
  readonly #feed: SessionFeed;
  readonly #exit = new ReplayingEvent<{ readonly reason: string; readonly expected: boolean }>(1);
  #wire: AgentWire | null = null;
  #abilities: AgentAbilities = toAbilities({});
  #continuity: Continuity = 'new';
  #name: string;
  #version: string | null = null;
  /** Why the connection broke, when that came before the exit. */
  #problem: string | null = null;
  #turn: 'idle' | 'running' | 'cancelled' = 'idle';
  #disposing = false;
  /** Ends the wait for a turn whose agent does not react to its cancellation. */
  #giveUp: () => void = () => undefined;
  #patience: Disposable = { dispose: () => undefined };

  readonly onUpdate: Event<AgentUpdate>;
  readonly onExit = this.#exit.event;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#feed = parts.feed;
    this.#name = parts.profile.label;
    this.onUpdate = parts.feed.onUpdate;
    this.verdict = parts.verdict;
    this.advice = parts.advice;
    this.onLocalPermission = parts.desk.onRequest;
    this.onForm = parts.forms.onForm;
    this.onFormWithdrawn = parts.forms.onWithdrawn;
    this.onStderr = parts.process.onStderr;
  }

  get agentName(): string {
    return this.#name;
  }

  get agentVersion(): string | null {
    return this.#version;
  }

  get agentSession(): string {
    return present(this.#feed.sessionId, 'The session was not opened yet.');
  }

  get abilities(): AgentAbilities {
    return this.#abilities;
  }

  get continuity(): Continuity {
    return this.#continuity;
  }

  get stderr(): readonly StderrLine[] {
    return this.#parts.process.stderr;
  }

  /** Takes over the connection and the answer that opened the session. */
  open(connected: ConnectedAgent, opened: OpenedSession): void {
    this.#continuity = opened.continuity;
    this.#abilities = connected.abilities;
    this.#wire = connected.wire;
    this.#name = connected.name;
    this.#version = connected.version;
    this.#feed.open(opened.id, opened.answer);
    if (connected.wire.protocol === 2)
      this.#feed.notice(
        `${this.#name} is spoken to in version 2 of its protocol, which is experimental; it reaches servers through our tools alone.`,
      );
    void connected.wire.closed.then(() => this.#handleClosed(connected.wire.broken()));
    void this.#parts.process.exited.then((exit) => this.#handleExit(toExitWords(exit, this.#parts.process.lastWords)));
  }

  handleRefused(method: string): void {
    this.#feed.notice(`${this.#name} asked for ${method}, which it was not offered: refused.`);
  }

  async prompt(text: string, attachments: readonly PromptAttachment[] = []): Promise<StopReason> {
    const { wire, sessionId } = this.#live();
    const prompt = toPromptBlocks(text, attachments, { name: this.#name, abilities: this.#abilities });
    if (this.#turn !== 'idle')
      throw new OperationError('CONFLICT', `${this.#name} is still busy with the last prompt.`);
    this.#turn = 'running';
    const { desk, forms, door, messages } = this.#parts;
    for (const part of [desk, forms, door, messages]) part.beginTurn();
    const lost = new AbortController();
    this.#giveUp = () => lost.abort();
    try {
      // An answer that comes after all belongs to nobody, and the SDK drops it.
      const more = { cancellationSignal: lost.signal, stopWaitingOnCancel: true };
      const reason = this.#toStopReason((await wire.prompt(sessionId, prompt, more)).stopReason);
      // Some agents call a turn that was cancelled one that ended by itself.
      return this.#isCancelled && reason === 'end_turn' ? 'cancelled' : reason;
    } catch (error) {
      if (!lost.signal.aborted) throw await this.#toError(error);
      const seconds = limits.agentCancelGraceMs / 1000;
      this.#feed.notice(
        `${this.#name} did not end its turn within ${seconds} s after it was cancelled; what it says next may belong to it.`,
      );
      return 'cancelled';
    } finally {
      this.#turn = 'idle';
      this.#patience.dispose();
    }
  }

  async cancel(): Promise<void> {
    const { wire, sessionId } = this.#live();
    // The notification leaves first: the answers that follow then belong to a turn that the agent knows is over.
    const sent = wire.cancel(sessionId);
    const { desk, forms, door, messages } = this.#parts;
    for (const part of [desk, forms, door, messages]) part.cancelAll();
    this.#parts.onCancel();
    if (this.#turn !== 'idle') {
      this.#turn = 'cancelled';
      this.#patience.dispose();
      this.#patience = this.#parts.clock.after(limits.agentCancelGraceMs, () => this.#giveUp());
    }
    try {
      await sent;
    } catch (error) {
      throw await this.#toError(error);
    }
  }

  async setMode(modeId: string): Promise<void> {
    const { wire, sessionId } = this.#live();
    await this.#ask((more) => wire.setMode(sessionId, modeId, more));
    this.#feed.fire({ kind: 'mode', modeId });
  }

  async setOption(id: string, value: string | boolean): Promise<void> {
    const { wire, sessionId } = this.#live();
    const answer = await this.#ask((more) => wire.setOption(sessionId, id, value, more));
    const options = toOptions(answer.configOptions);
    if (options) this.#feed.fire(options);
  }

  answerForm(id: string, answer: FormAnswer): void {
    this.#parts.forms.answer(id, answer);
  }

  answerLocal(id: string, allow: boolean): void {
    this.#parts.desk.answer(id, allow);
  }

  async dispose(): Promise<void> {
    const isFirst = !this.#disposing;
    this.#disposing = true;
    this.#endParts();
    // Agents that can be told keep less of a session that is over; it can still be gone on with.
    if (isFirst && this.#wire && this.#abilities.close) await this.#close(this.#wire);
    await this.#parts.process.end();
  }

  /** Whatever comes of it, the process ends next. */
  async #close(wire: AgentWire): Promise<void> {
    const sessionId = this.agentSession;
    const closing = inTime(this.#starting, (more) => wire.closeSession(sessionId, more), {
      ...{ timeoutMs: limits.agentEndGraceMs, phase: 'while its session was closed' },
    });
    await closing.catch(() => undefined);
  }

  /** Rejects with OperationError: TIMEOUT, CONNECTION_LOST, or what the agent answered. */
  async #ask<T>(request: (more: SendRequestOptions) => Promise<T>): Promise<T> {
    const patience = { timeoutMs: limits.agentRequestTimeoutMs, phase: 'before it answered' };
    return await inTime(this.#starting, request, patience);
  }

  get #starting(): Starting {
    const { process, profile, clock } = this.#parts;
    return { process, profile: { ...profile, label: this.#name }, clock };
  }

  #endParts(): void {
    this.#parts.desk.dispose();
    this.#parts.forms.dispose();
    this.#parts.terminals.dispose();
    this.#parts.door.dispose();
    this.#parts.messages.dispose();
  }

  #live(): { readonly wire: AgentWire; readonly sessionId: string } {
    const { sessionId } = this.#feed;
    if (this.#wire && sessionId && !this.#disposing) return { wire: this.#wire, sessionId };
    throw new OperationError('CONNECTION_LOST', `${this.#name} is gone; start a new session.`);
  }

  /** A cancellation came while the answer was awaited. */
  get #isCancelled(): boolean {
    return this.#turn === 'cancelled';
  }

  #toStopReason(value: unknown): StopReason {
    const known = stopReasons.find((reason) => reason === value);
    if (known) return known;
    this.#feed.fire({ kind: 'notice', text: `${this.#name} ended its turn without a known reason.` });
    return 'end_turn';
  }

  async #toError(error: unknown): Promise<OperationError> {
    const known = toAgentError(error, this.#starting.profile);
    if (known) return known;
    // The connection is gone: `#handleClosed` ends the process, and its exit tells the reason.
    const exit = await this.#parts.process.exited;
    const words = this.#problem ?? toExitWords(exit, this.#parts.process.lastWords);
    return new OperationError('CONNECTION_LOST', `${this.#name} is gone: ${words}`, { cause: error });
  }

  /** Without its connection the agent is of no use to anybody, even if it still runs. */
  #handleClosed(reason: unknown): void {
    if (reason instanceof Error && reason.name === 'LineTooLongError') this.#problem = reason.message;
    void this.#parts.process.end();
  }

  #handleExit(words: string): void {
    const expected = this.#disposing;
    this.#disposing = true;
    this.#endParts();
    const reason = expected ? 'ended by signalbox' : `${this.#name} ended: ${this.#problem ?? words}`;
    this.#exit.fire({ reason, expected });
  }
}
