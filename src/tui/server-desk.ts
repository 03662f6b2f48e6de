/**
 * What the screen itself keeps of servers beside the host's view: what they told of themselves, how their latency went, what
 * `~/.ssh/config` names. Asks nobody and draws nothing.
 */
import type { LineView, ServerFactsView } from '../protocol/server-facts-view.ts';
import type { ServerView } from '../protocol/view.ts';
import type { ViewChange } from './host-port.ts';

/** How the question for a server's facts stands. */
export type FactsState =
  | { readonly kind: 'running' }
  /** `isKept`: nobody here asked for them now. */
  | { readonly kind: 'done'; readonly facts: ServerFactsView; readonly isKept?: true }
  | { readonly kind: 'failed'; readonly message: string };

/** A host of `~/.ssh/config`. */
export interface SshHost {
  readonly alias: string;
  readonly id: string;
  readonly isRegistered: boolean;
  /** User, host, port and jump host, to tell names apart; null or absent where only OpenSSH can say. */
  readonly address?: string | null;
  /** Of the same machine, on the same Host line; absent for none. */
  readonly otherNames?: readonly string[];
  /** Why it cannot be registered; absent when it can. */
  readonly problem?: string;
}

/** A measurement every few seconds: about as many as a wide line shows. */
export const latencySamplesMax = 60;

export class ServerDesk {
  readonly facts = new Map<string, FactsState>();
  /** What connections have shown of them before this host. */
  readonly lines = new Map<string, LineView>();
  /** Those that the host was asked about, so that it is asked once. */
  readonly asked = new Set<string>();
  /** Null until somebody looked. */
  sshHosts: readonly SshHost[] | null = null;
  readonly #latencies = new Map<string, readonly number[]>();

  /** Milliseconds, oldest first. */
  latenciesOf(id: string): readonly number[] {
    return this.#latencies.get(id) ?? [];
  }

  /** Called with every change, and the servers as they are after it. */
  handleChange(change: ViewChange, servers: Readonly<Record<string, ServerView>>): void {
    if (change.type === 'server.changed') return this.#note(change.server);
    if (change.type !== 'servers.replaced' && change.type !== 'snapshot') return;
    for (const known of [this.facts, this.lines, this.asked, this.#latencies])
      for (const id of [...known.keys()]) if (!Object.hasOwn(servers, id)) known.delete(id);
    if (change.type === 'snapshot') for (const server of Object.values(servers)) this.#note(server);
  }

  /** Its record is another one now. */
  forget(id: string): void {
    for (const known of [this.facts, this.lines, this.asked]) known.delete(id);
  }

  #note({ id, latencyMs }: ServerView): void {
    if (latencyMs === null) return;
    this.#latencies.set(id, [...this.latenciesOf(id), latencyMs].slice(-latencySamplesMax));
  }
}
