/**
 * Whether the page of the first run is shown: from the first look at a host without servers and sessions until there is a session, or
 * somebody leaves the page. Draws nothing.
 */
import type { HostPort } from './host-port.ts';

export class FirstRunState {
  readonly #host: HostPort;
  #isOpen = false;

  constructor(host: HostPort) {
    this.#host = host;
  }

  get isShown(): boolean {
    if (this.#host.link.kind !== 'connected' || this.#hasSessions) return false;
    return this.#isOpen || !this.#hasServers;
  }

  /** There is something behind the page. */
  get isLeavable(): boolean {
    return this.isShown && this.#hasServers;
  }

  /** Called with whatever the host says. */
  follow(): void {
    if (this.#host.link.kind === 'connected') this.#isOpen = !this.#hasSessions && (this.#isOpen || !this.#hasServers);
  }

  leave(): void {
    this.#isOpen = false;
  }

  get #hasServers(): boolean {
    return Object.keys(this.#host.view.servers).length > 0;
  }

  get #hasSessions(): boolean {
    return Object.keys(this.#host.view.sessions).length > 0;
  }
}
