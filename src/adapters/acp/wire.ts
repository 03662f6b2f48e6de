/** What is asked of an agent, whichever version of the protocol its connection speaks. Answers come as version 1 has them, and unchecked. */
import type { ContentBlock, McpServer } from '@agentclientprotocol/sdk';
import type { Fields } from './fields.ts';
import type { SendRequestOptions } from './in-time.ts';

/** Where a session of the protocol is opened, and with which tools. */
export interface SessionPlace {
  readonly cwd: string;
  readonly mcpServers: readonly ToolServer[];
  readonly _meta?: Record<string, unknown>;
}

/** A server over the connection itself (MCP-over-ACP) is not in the stable schema. */
export type ToolServer = McpServer | { readonly type: 'acp'; readonly name: string; readonly serverId: string };

/** Rejects with what the SDK rejects with: a RequestError is an answer of the agent, anything else a broken connection. */
export interface AgentWire {
  readonly protocol: 1 | 2;
  /** Resolves when the connection is gone; `broken` then tells why, where that is known. */
  readonly closed: Promise<void>;
  broken(): unknown;
  newSession(place: SessionPlace, more: SendRequestOptions): Promise<Fields>;
  /** Without a repetition of what was said. */
  resumeSession(id: string, place: SessionPlace, more: SendRequestOptions): Promise<Fields>;
  /** The agent repeats all that was said before it answers. */
  loadSession(id: string, place: SessionPlace, more: SendRequestOptions): Promise<Fields>;
  /** One turn, to its end. The answer holds `stopReason`. */
  prompt(sessionId: string, prompt: ContentBlock[], more: SendRequestOptions): Promise<Fields>;
  cancel(sessionId: string): Promise<void>;
  setMode(sessionId: string, modeId: string, more: SendRequestOptions): Promise<void>;
  /** The answer holds all `configOptions`. */
  setOption(sessionId: string, id: string, value: string | boolean, more: SendRequestOptions): Promise<Fields>;
  closeSession(sessionId: string, more: SendRequestOptions): Promise<void>;
  deleteSession(sessionId: string, more: SendRequestOptions): Promise<void>;
  /** One page. */
  listSessions(cursor: string | null, more: SendRequestOptions): Promise<Fields>;
  login(methodId: string, more: SendRequestOptions): Promise<void>;
  logout(more: SendRequestOptions): Promise<void>;
}
