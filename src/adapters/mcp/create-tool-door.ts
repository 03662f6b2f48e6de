/** The MCP door: offers the operations table as tools, on a byte stream or on loopback http. It translates; the gate decides, records and answers. */
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Clock, systemClock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { toDisposable } from '../../base/lifecycle.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import type { FactsSource } from '../../core/facts/server-facts.ts';
import type { Gate } from '../../core/gate.ts';
import type { ToolDoor } from '../../core/tool-door.ts';
import { Calls } from './calls.ts';
import { HttpDoor } from './http-door.ts';
import { StreamTransport } from './stream-transport.ts';
import { toToolServer } from './tool-server.ts';

export interface CancellingToolDoor extends ToolDoor {
  /** Ends every call of a session, whether it waits or runs: for agents that forget their calls when a turn is cancelled. */
  cancelCalls(session: string): void;
}

export interface ToolDoorOptions {
  readonly gate: Gate;
  readonly version: string;
  /** Of what commands print while they run; results are redacted behind the gate. */
  readonly redactor: Redactor;
  /** Without them the door has tools alone. */
  readonly facts?: FactsSource;
  readonly clock?: Clock;
}

/** The stream is closed when serving ends. The client never says who it is: `caller` was proven before. */
export function createToolDoor(options: ToolDoorOptions): CancellingToolDoor {
  const calls = new Calls();
  const changedServers = new Emitter<readonly string[]>();
  const server = { clock: systemClock, ...options, calls, onServersChanged: changedServers.event };
  return {
    serve(stream, caller, hooks = {}) {
      // The library pins one server to the connection, of the protocol generation that the client's first message speaks.
      const serving = serveStdio(() => toToolServer(server, caller, hooks), {
        transport: new StreamTransport(stream),
      });
      return toDisposable(() => {
        void serving.close().finally(() => stream.destroy());
      });
    },
    openHttp({ caller, hooks = {}, ...door }) {
      return HttpDoor.open({ ...door, toServer: () => toToolServer(server, caller, hooks) });
    },
    announceServers(changed) {
      if (changed.length > 0) changedServers.fire(changed);
    },
    cancelCalls(session) {
      calls.cancel(session);
    },
  };
}
