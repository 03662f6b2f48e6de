/**
 * The host with an eye on its calls: what takes long is known while it does. Everything else is the host's own.
 */
import type { CallOptions } from '../client/host-connection.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { View } from '../protocol/view.ts';
import type { CallsInFlight } from './calls-in-flight.ts';
import type { HostPort, LinkState } from './host-port.ts';

export class WatchedHost implements HostPort {
  readonly #host: HostPort;
  readonly #calls: CallsInFlight;
  readonly onChange: HostPort['onChange'];
  readonly onLink: HostPort['onLink'];

  constructor(host: HostPort, calls: CallsInFlight) {
    this.#host = host;
    this.#calls = calls;
    this.onChange = host.onChange;
    this.onLink = host.onLink;
  }

  get view(): View {
    return this.#host.view;
  }

  get link(): LinkState {
    return this.#host.link;
  }

  async call<Name extends MethodName>(
    method: Name,
    params: Params<Name>,
    options: CallOptions = {},
  ): Promise<Result<Name>> {
    return await this.#calls.watch(method, params, (signal) => {
      const both = options.signal && signal ? AbortSignal.any([options.signal, signal]) : (options.signal ?? signal);
      return this.#host.call(method, params, both ? { ...options, signal: both } : options);
    });
  }

  reconnect(): void {
    this.#host.reconnect();
  }

  dispose(): void {
    this.#host.dispose();
  }
}
