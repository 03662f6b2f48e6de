/** The door through which an agent's tool client speaks to the gate, as the host sees it. Which protocol is spoken behind it is an adapter's business. */
import type { Duplex } from 'node:stream';
import type { Disposable } from '../base/lifecycle.ts';
import type { Caller } from './caller.ts';

/** How the bridge that an agent starts learns its door: through the environment, since argument lists can be read by every user. */
export const toolSocketVariable = 'SIGNALBOX_TOOL_SOCKET';
export const toolTokenVariable = 'SIGNALBOX_TOOL_TOKEN';

export interface ToolDoorHooks {
  /** The client asked which tools there are: proof that its side of the connection works. */
  onToolsListed?(): void;
  /** The client has said who it is. Its own words: they prove nothing. */
  onClient?(name: string, version: string): void;
  /** What the agent must know beside the answer to its call (a change of it was rolled back); each sentence is given out once. */
  takeNews?(): readonly string[];
}

/** The same door for clients that know it by an address of this machine instead of a stream. */
export interface HttpToolDoor extends Disposable {
  /** Of 127.0.0.1; chosen by the system. */
  readonly port: number;
  /** What a client is configured with, beside its bearer token. */
  readonly url: string;
  /** A connection that came another way, with what it has read so far put back: it is treated as one to the port. */
  accept(stream: Duplex): void;
}

export interface HttpToolDoorOptions {
  readonly caller: Caller;
  readonly hooks?: ToolDoorHooks;
  /** Null admits; a sentence refuses, and is told to the client. Called once a request, with null when it has no bearer token. */
  admit(token: string | null): string | null;
  /** Something was refused for another reason than its token: for where it came from or meant to go, or for the user whose it is. */
  onRefused(reason: string, why: 'address' | 'user'): void;
}

export interface ToolDoor {
  /** Serves one client until either side ends. `caller` was proven by the token that opened the stream; disposing withdraws what waits. */
  serve(stream: Duplex, caller: Caller, hooks?: ToolDoorHooks): Disposable;
  /** Listens on 127.0.0.1 until it is disposed. Rejects when no port can be bound. */
  openHttp(options: HttpToolDoorOptions): Promise<HttpToolDoor>;
  /** Tells clients in whose scope one of these servers is that its record is another than before. */
  announceServers?(changed: readonly string[]): void;
}

/** What a door over http asks of its client, as its bridge inside of an isolated agent repeats it. */
export const toolPath = '/mcp';
