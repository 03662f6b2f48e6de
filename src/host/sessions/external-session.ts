/** A session of an MCP client: a program outside of signalbox that uses our tools: what it does is shown, and nothing can be said to it. */
import type { Clock } from '../../base/clock.ts';
import type { Activity } from '../../core/gate.ts';
import type { HostEvent } from '../../protocol/events.ts';
import type { SessionState, SessionView } from '../../protocol/view.ts';
import { Conversation } from './conversation.ts';
import type { Transcript } from './transcript.ts';

/** The name of a client is its own claim: shown, and bounded. */
const clientCharactersMax = 60;

export interface ExternalSessionOptions {
  readonly id: string;
  readonly title: string;
  readonly servers: readonly string[];
  readonly workspace: string | null;
  readonly readonly: boolean;
  readonly clock: Clock;
  readonly transcript: Transcript;
  publish(event: HostEvent): void;
  /** How many cards of the gate wait for this session. */
  waitingCards(): number;
}

/** Its caller in records and on cards; what the client calls itself proves nothing. */
export const externalAgent = 'mcp-client';

export class ExternalSession {
  readonly id: string;
  readonly #options: ExternalSessionOptions;
  readonly #conversation: Conversation;
  readonly #running = new Set<string>();
  #state: SessionState = 'idle';

  /** Shows it. */
  constructor(options: ExternalSessionOptions) {
    const { id, title, servers, workspace, clock, transcript } = options;
    this.id = id;
    this.#options = options;
    this.#conversation = new Conversation({
      ...{ session: id, lastId: 0 },
      nowMs: () => clock.nowMs(),
      publish: (event) => options.publish(event),
      onCompleted: (item) => transcript.append({ type: 'item', item }),
    });
    const createdAtMs = clock.nowMs();
    transcript.append({
      type: 'open',
      id,
      agent: externalAgent,
      origin: 'external',
      servers,
      workspace,
      atMs: createdAtMs,
    });
    options.publish({ type: 'session.added', session: toView(options, createdAtMs) });
    this.#conversation.add('notice', `An MCP client uses the tools for ${title}; what it asks for is listed here.`);
  }

  /** What the client calls itself. */
  handleClient(name: string, version: string): void {
    const [agent, agentVersion] = [name, version].map((words) => words.slice(0, clientCharactersMax));
    this.#change({ ...(agent ? { agent } : {}), agentVersion: agentVersion || null });
  }

  rename(title: string): void {
    this.#change({ title });
  }

  handleActivity(activity: Activity): void {
    // What signalbox looks up by itself is not what the program did.
    if (activity.kind === 'started' && activity.tool !== 'probe') {
      this.#running.add(activity.id);
      const title = `${activity.tool}${activity.server === null ? '' : ` on ${activity.server}`}: ${activity.summary}`;
      this.#conversation.updateTool({ kind: 'tool-call', id: activity.id, title, status: 'in_progress' });
    }
    if (!this.#running.has(activity.id)) return;
    if (activity.kind === 'waiting')
      this.#conversation.updateTool({ kind: 'tool-call', id: activity.id, status: 'pending' });
    if (activity.kind === 'running')
      this.#conversation.updateTool({ kind: 'tool-call', id: activity.id, status: 'in_progress' });
    if (activity.kind === 'ended') {
      this.#running.delete(activity.id);
      const { status, code, message } = activity.envelope;
      this.#conversation.updateTool({
        ...{ kind: 'tool-call', id: activity.id },
        status: status === 'ok' || code === 'NON_ZERO_EXIT' ? 'completed' : 'failed',
        ...(message === undefined ? {} : { detail: message }),
      });
    }
    this.refreshState();
  }

  /** Publishes the state when it is another than before; called whenever cards come or go. */
  refreshState(): void {
    const busy = this.#running.size > 0 ? 'working' : 'idle';
    const state = this.#options.waitingCards() > 0 ? 'waiting for you' : busy;
    if (state === this.#state) return;
    this.#state = state;
    this.#change({ state });
  }

  /** Takes it out of the view; resolves when its transcript is written. */
  async end(): Promise<void> {
    this.#conversation.endTools();
    this.#options.transcript.append({ type: 'end' });
    this.#options.publish({ type: 'session.removed', id: this.id });
    await this.#options.transcript.idle();
  }

  #change(change: Partial<Omit<SessionView, 'id' | 'items'>>): void {
    this.#options.publish({ type: 'session.changed', id: this.id, change });
  }
}

function toView({ id, title, servers, workspace, readonly }: ExternalSessionOptions, createdAtMs: number): SessionView {
  return {
    ...{ id, title, servers, workspace, createdAtMs, state: 'idle', origin: 'external', agent: externalAgent },
    ...(readonly ? { readonly: true } : {}),
    isolation: {
      state: 'NOT CONTAINED',
      reason:
        'An MCP client is a program outside of signalbox: it runs as you, and can do what you can besides using these tools.',
    },
    ...{ agents: [], agentVersion: null, problem: null, items: [], seenItem: 0, plan: [], commands: [], modes: [] },
    ...{ currentMode: null, options: [], usage: null, queuedPrompts: [], localCards: [], forms: [] },
  };
}
