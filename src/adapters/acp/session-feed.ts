/** What an agent says, in order: kept until its session is announced, left out while it repeats an old one, told as our updates. It asks nothing. */
import type { AgentUpdate } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';
import { AskedTools } from './asked-tools.ts';
import { Compactions, isCompaction } from './compactions.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { toOptions } from './options.ts';
import { ReplayingEvent } from './replaying-event.ts';
import { type DescribeTerminal, toAgentUpdates, toModes } from './updates.ts';

export interface FeedOptions {
  readonly describeTerminal: DescribeTerminal;
  /** Something was said about a tool call: a permission request may name nothing but its id. */
  onToolCall(update: Fields): void;
}

export class SessionFeed {
  readonly #options: FeedOptions;
  readonly #updates = new ReplayingEvent<AgentUpdate>(limits.agentUpdatesHeldMax);
  readonly #compactions = new Compactions();
  readonly #asked = new AskedTools();
  /** Updates that came before the session had an id; null afterwards. */
  #early: Fields[] | null = [];
  #sessionId: string | null = null;
  /** An agent that loads a session repeats all of it; what was said is in our transcript already. */
  #isRepeating = false;
  #rubbishLines = 0;

  readonly onUpdate = this.#updates.event;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Null until the agent has answered session/new, or was asked for an old session. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  fire(update: AgentUpdate): void {
    this.#updates.fire(update);
  }

  notice(text: string): void {
    this.#updates.fire({ kind: 'notice', text });
  }

  /** What the agent says until `open` repeats what was said before; only its present state counts. */
  beginRepeating(sessionId: string): void {
    this.#sessionId = sessionId;
    this.#isRepeating = true;
  }

  /** @param answer the one that opened the session, with its modes and options. */
  open(sessionId: string, answer: Fields): void {
    this.#sessionId = sessionId;
    const modes = toModes(answer.modes);
    if (modes) this.fire(modes);
    const options = toOptions(answer.configOptions);
    if (options) this.fire(options);
    const early = this.#early ?? [];
    this.#early = null;
    for (const params of early) this.handleSessionUpdate(params);
    this.#isRepeating = false;
  }

  /** @param params of a session/update notification; those of other sessions are nobody's. */
  handleSessionUpdate(params: Fields): void {
    const update = fieldsOf(params.update);
    if (this.#isRepeating && isTalk(update.sessionUpdate)) return;
    if (this.#early !== null) {
      if (this.#early.length < limits.agentUpdatesHeldMax) this.#early.push(params);
      return;
    }
    if (params.sessionId !== this.#sessionId) return;
    const kind = update.sessionUpdate;
    const isCall = kind === 'tool_call' || kind === 'tool_call_update';
    if (isCall) this.#options.onToolCall(update);
    const asked = isCall ? this.#asked.note(update) : null;
    const told = isCompaction(kind)
      ? this.#compactions.note(update)
      : toAgentUpdates(update, this.#options.describeTerminal);
    for (const one of told) this.fire(asked && one.kind === 'tool-call' ? { ...one, asked } : one);
  }

  /** Programs print to stdout what belongs on stderr; the first such line is shown, the rest counted. */
  handleRubbish(agentName: string, line: string): void {
    this.#rubbishLines += 1;
    if (this.#rubbishLines > 1) return;
    this.notice(`${agentName} printed a line that is no message of the protocol: ${line.slice(0, 200)}`);
  }
}

/** What becomes part of a conversation; the rest tells the present state of a session. */
function isTalk(kind: unknown): boolean {
  return typeof kind === 'string' && /_chunk$|^tool_call|^notice$|^compaction/.test(kind);
}
