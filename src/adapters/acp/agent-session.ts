/** A running agent with its one session, as the host sees it. It translates turns and updates; what an action may do is decided elsewhere. */
import type { ClientContext } from '@agentclientprotocol/sdk';
import type { Clock } from '../../base/clock.ts';
import type { Event } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { AgentLink, AgentUpdate, LocalPermissionRequest, StopReason } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { IsolationVerdict } from '../../core/ports.ts';
import { toAgentError, toExitWords } from './agent-error.ts';
import type { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import type { ConnectedAgent } from './connect-agent.ts';
import type { Door } from './door.ts';
import type { PermissionDesk } from './permission-desk.ts';
import { ReplayingEvent } from './replaying-event.ts';
import type { Terminals } from './terminals.ts';
import { fieldsOf, textOf, toAgentUpdates, toModes } from './updates.ts';

export interface SessionParts {
  readonly profile: AgentProfile;
  readonly process: AgentProcess;
  readonly verdict: IsolationVerdict;
  readonly desk: PermissionDesk;
  readonly door: Door;
  readonly terminals: Terminals;
  readonly clock: Clock;
  /** The turn is cancelled: what the agent left at other doors ends too. */
  onCancel(): void;
}

const stopReasons: readonly StopReason[] = ['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled'];

export class AgentSession implements AgentLink {
  readonly verdict: IsolationVerdict;
  readonly onLocalPermission: Event<LocalPermissionRequest>;
  readonly #parts: SessionParts;
  readonly #updates = new ReplayingEvent<AgentUpdate>(limits.agentUpdatesHeldMax);
  readonly #exit = new ReplayingEvent<{ readonly reason: string; readonly expected: boolean }>(1);
  /** Updates that came before the session had an id; null afterwards. */
  #early: Readonly<Record<string, unknown>>[] | null = [];
  #agent: ClientContext | null = null;
  #sessionId: string | null = null;
  #name: string;
  #version: string | null = null;
  #rubbishLines = 0;
  /** Why the connection broke, when that came before the exit. */
  #problem: string | null = null;
  #turn: 'idle' | 'running' = 'idle';
  #disposing = false;
  /** Ends the wait for a turn whose agent does not react to its cancellation. */
  #giveUp: () => void = () => undefined;
  #patience: Disposable = { dispose: () => undefined };

  readonly onUpdate = this.#updates.event;
  readonly onExit = this.#exit.event;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#name = parts.profile.label;
    this.verdict = parts.verdict;
    this.onLocalPermission = parts.desk.onRequest;
  }

  get agentName(): string {
    return this.#name;
  }

  get agentVersion(): string | null {
    return this.#version;
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** Takes over the connection and the answer to session/new. Throws OperationError UNSUPPORTED when the answer names no session. */
  open(connected: ConnectedAgent, answer: unknown): void {
    const { sessionId, modes } = fieldsOf(answer);
    const id = textOf(sessionId);
    if (id === null || id === '') {
      throw new OperationError(
        'UNSUPPORTED',
        `${connected.name} answered session/new without a session id; update it.`,
      );
    }
    this.#sessionId = id;
    this.#agent = connected.connection.agent;
    this.#name = connected.name;
    this.#version = connected.version;
    const known = toModes(modes);
    if (known) this.#updates.fire(known);
    const early = this.#early ?? [];
    this.#early = null;
    for (const params of early) this.handleSessionUpdate(params);
    void connected.connection.closed.then(() => this.#handleClosed(connected.connection.signal.reason));
    void this.#parts.process.exited.then((exit) => this.#handleExit(toExitWords(exit, this.#parts.process.lastWords)));
  }

  handleSessionUpdate(params: Readonly<Record<string, unknown>>): void {
    if (this.#early !== null) {
      if (this.#early.length < limits.agentUpdatesHeldMax) this.#early.push(params);
      return;
    }
    if (params.sessionId !== this.#sessionId) return;
    const update = fieldsOf(params.update);
    if (update.sessionUpdate === 'tool_call' || update.sessionUpdate === 'tool_call_update') {
      this.#parts.desk.noteToolCall(update);
    }
    for (const one of toAgentUpdates(update)) this.#updates.fire(one);
  }

  /** Programs print to stdout what belongs on stderr; the first such line is shown, the rest counted. */
  handleRubbish(line: string): void {
    this.#rubbishLines += 1;
    if (this.#rubbishLines > 1) return;
    const text = `${this.#name} printed a line that is no message of the protocol: ${line.slice(0, 200)}`;
    this.#updates.fire({ kind: 'notice', text });
  }

  handleRefused(method: string): void {
    this.#updates.fire({
      kind: 'notice',
      text: `${this.#name} asked for ${method}, which it was not offered: refused.`,
    });
  }

  async prompt(text: string): Promise<StopReason> {
    const { agent, sessionId } = this.#live();
    if (this.#turn === 'running')
      throw new OperationError('CONFLICT', `${this.#name} is still busy with the last prompt.`);
    this.#turn = 'running';
    const given = new Promise<null>((resolve) => {
      this.#giveUp = () => resolve(null);
    });
    try {
      const answer = agent.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
      const first = await Promise.race([answer, given]);
      if (first !== null) return this.#toStopReason(fieldsOf(first).stopReason);
      // Its answer may still come, and then belongs to nobody.
      answer.catch(() => undefined);
      const seconds = limits.agentCancelGraceMs / 1000;
      const notice = `${this.#name} did not end its turn within ${seconds} s after it was cancelled; what it says next may belong to it.`;
      this.#updates.fire({ kind: 'notice', text: notice });
      return 'cancelled';
    } catch (error) {
      throw await this.#toError(error);
    } finally {
      this.#turn = 'idle';
      this.#patience.dispose();
    }
  }

  async cancel(): Promise<void> {
    const { agent, sessionId } = this.#live();
    // The notification leaves first: the answers that follow then belong to a turn that the agent knows is over.
    const sent = agent.notify('session/cancel', { sessionId });
    this.#parts.desk.cancelAll();
    this.#parts.door.cancelAll();
    this.#parts.onCancel();
    if (this.#turn === 'running') {
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
    const { agent, sessionId } = this.#live();
    try {
      await agent.request('session/set_mode', { sessionId, modeId });
    } catch (error) {
      throw await this.#toError(error);
    }
    this.#updates.fire({ kind: 'mode', modeId });
  }

  answerLocal(id: string, allow: boolean): void {
    this.#parts.desk.answer(id, allow);
  }

  async dispose(): Promise<void> {
    this.#disposing = true;
    this.#parts.desk.dispose();
    this.#parts.terminals.dispose();
    this.#parts.door.dispose();
    await this.#parts.process.end();
  }

  #live(): { readonly agent: ClientContext; readonly sessionId: string } {
    if (this.#agent && this.#sessionId && !this.#disposing) return { agent: this.#agent, sessionId: this.#sessionId };
    throw new OperationError('CONNECTION_LOST', `${this.#name} is gone; start a new session.`);
  }

  #toStopReason(value: unknown): StopReason {
    const known = stopReasons.find((reason) => reason === value);
    if (known) return known;
    this.#updates.fire({ kind: 'notice', text: `${this.#name} ended its turn without a known reason.` });
    return 'end_turn';
  }

  async #toError(error: unknown): Promise<OperationError> {
    const known = toAgentError(error, this.#name);
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
    this.#parts.desk.dispose();
    this.#parts.terminals.dispose();
    this.#parts.door.dispose();
    const reason = expected ? 'ended by signalbox' : `${this.#name} ended: ${this.#problem ?? words}`;
    this.#exit.fire({ reason, expected });
  }
}
