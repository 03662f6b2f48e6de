/** The door that one agent of a session gets: a socket, a token that opens only it, and the caller it proves. Refused clients are recorded. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Disposable } from '../../base/lifecycle.ts';
import type { ToolEndpoint } from '../../core/agents.ts';
import type { Caller } from '../../core/caller.ts';
import type { HttpToolDoor } from '../../core/tool-door.ts';
import type { HostParts } from '../parts.ts';
import { RefusalBudget, type RefusalRule } from './refusal-budget.ts';
import type { TokenBook, TokenVerdict } from './token-book.ts';
import { ToolSocket, type ToolSocketOptions } from './tool-socket.ts';

export interface AgentDoor extends Disposable {
  readonly socket: string;
  readonly token: string;
  /** The same door at an address of 127.0.0.1, which exists from here on until the door is disposed. */
  openHttp(): Promise<ToolEndpoint>;
}

export interface AgentDoorOptions extends Pick<ToolSocketOptions, 'onToolsListed' | 'onClient' | 'takeNews'> {
  readonly caller: Caller & { readonly session: string };
  readonly tokens: TokenBook;
  /** Numbers the agents of the session; each has a door of its own. */
  readonly place: number;
  /** No client gets in any more. */
  isClosed(): boolean;
}

/** Disposing ends the token and withdraws what waits. Rejects when the socket cannot be bound. */
export async function openAgentDoor(parts: HostParts, options: AgentDoorOptions): Promise<AgentDoor> {
  const { caller, tokens } = options;
  const name = options.place === 0 ? caller.session : `${caller.session}.${options.place}`;
  const token = tokens.issue(name);
  parts.redactor.hold(token);
  const budget = new RefusalBudget(parts.clock);
  const handleRefused = (reason: string, rule: RefusalRule): void => {
    const leave = budget.take(rule);
    if (leave !== null) recordRefusal(parts, caller, `${reason}${leave}`, rule);
  };
  const admit = (presented: string | null): string | null => {
    if (options.isClosed()) return 'The host is stopping.';
    const verdict: TokenVerdict | 'none' = presented === null ? 'none' : tokens.check(name, presented);
    if (verdict === 'valid') return null;
    handleRefused(refusalReasons[verdict], 'door.token');
    return refusalReasons[verdict];
  };
  const socket = join(parts.paths.toolSocketsFolder, `${name}.sock`);
  const { onToolsListed, takeNews } = options;
  const onClient = options.onClient ?? (() => undefined);
  const http = new LazyHttp(() =>
    parts.toolDoor.openHttp({
      ...{ caller, admit, hooks: { onToolsListed, onClient, takeNews } },
      onRefused: (reason, why) => handleRefused(reason, `door.${why}`),
    }),
  );
  const listening = await ToolSocket.open({
    ...{ path: socket, caller, door: parts.toolDoor, clock: parts.clock },
    ...{ admit, onToolsListed, onClient, takeNews },
    acceptHttp: (stream) => http.accept(stream),
  });
  return {
    socket,
    token,
    openHttp: () => http.open(),
    dispose() {
      tokens.end(name);
      http.dispose();
      listening.dispose();
    },
  };
}

/** Most agents never need it, so there is no port before one asks. */
class LazyHttp implements Disposable {
  readonly #open: () => Promise<HttpToolDoor>;
  #opening: Promise<HttpToolDoor> | null = null;
  #door: HttpToolDoor | null = null;
  #isDisposed = false;

  constructor(open: () => Promise<HttpToolDoor>) {
    this.#open = open;
  }

  async open(): Promise<ToolEndpoint> {
    this.#opening ??= this.#open();
    const door = await this.#opening;
    this.#door = door;
    // The agent was ended while its door opened.
    if (this.#isDisposed) door.dispose();
    return { url: door.url, port: door.port };
  }

  /** Only what asked for the address before has a use for this. */
  accept(stream: Duplex): void {
    if (this.#door === null || this.#isDisposed) stream.destroy();
    else this.#door.accept(stream);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#door?.dispose();
  }
}

function recordRefusal(parts: HostParts, { session, agent, origin }: Caller, reason: string, rule: RefusalRule): void {
  const id = `t${randomBytes(6).toString('hex')}`;
  parts.log(`session ${session}: refused a tool client: ${reason}`);
  parts.audit
    .append([{ type: 'refused', id, session, agent, origin, rule, reason }])
    .catch((error: Error) => parts.log(`the refusal could not be recorded: ${error.message}`));
}

const refusalReasons: Readonly<Record<Exclude<TokenVerdict, 'valid'> | 'none', string>> = {
  none: 'It did not open with a token.',
  foreign: 'The token belongs to another session.',
  ended: 'The token belongs to a session that is over.',
  unknown: 'The token is unknown: made up, or of an earlier run of the host.',
};
