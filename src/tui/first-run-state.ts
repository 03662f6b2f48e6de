/**
 * Whether the page of the first run is shown: from the first look at a host without servers and sessions until there is a session or a
 * shell, or somebody leaves the page or goes to the pane of a server. Draws nothing.
 */
import type { HostPort } from './host-port.ts';
import { summarizeServers } from './server-summary.ts';

export class FirstRunState {
  readonly #host: HostPort;
  #isOpen = false;
  /** The chosen row of the page is an agent's. */
  isAtAgent = false;

  constructor(host: HostPort) {
    this.#host = host;
  }

  get isShown(): boolean {
    if (this.#host.link.kind !== 'connected' || this.#hasWork) return false;
    return this.#isOpen || !this.#hasServers;
  }

  /** There is something behind the page. */
  get isLeavable(): boolean {
    return this.isShown && this.#hasServers;
  }

  /** Called with whatever the host says. */
  follow(): void {
    if (this.#host.link.kind === 'connected') this.#isOpen = !this.#hasWork && (this.#isOpen || !this.#hasServers);
  }

  leave(): void {
    this.#isOpen = false;
  }

  get #hasServers(): boolean {
    return summarizeServers(this.#host.view.servers).sorted.length > 0;
  }

  /** A session, or a shell of one's own: both are in the workspace, where the page would hide them. */
  get #hasWork(): boolean {
    const { sessions, shells } = this.#host.view;
    return Object.keys(sessions).length + Object.keys(shells).length > 0;
  }
}
