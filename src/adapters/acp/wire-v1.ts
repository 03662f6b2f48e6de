/** Version 1 of the protocol as our wire: one request each, passed on. It checks nothing, and knows no session of ours. */
import type { ClientConnection, McpServer } from '@agentclientprotocol/sdk';
import { fieldsOf } from './fields.ts';
import type { AgentWire, SessionPlace } from './wire.ts';

export function toWireV1({ agent, closed, signal }: ClientConnection): AgentWire {
  return {
    protocol: 1,
    closed,
    broken: () => signal.reason,
    newSession: async (place, more) => fieldsOf(await agent.request('session/new', toPlace(place), more)),
    resumeSession: async (sessionId, place, more) =>
      fieldsOf(await agent.request('session/resume', { ...toPlace(place), sessionId }, more)),
    loadSession: async (sessionId, place, more) =>
      fieldsOf(await agent.request('session/load', { ...toPlace(place), sessionId }, more)),
    prompt: async (sessionId, prompt, more) =>
      fieldsOf(await agent.request('session/prompt', { sessionId, prompt }, more)),
    cancel: async (sessionId) => await agent.notify('session/cancel', { sessionId }),
    async setMode(sessionId, modeId, more) {
      await agent.request('session/set_mode', { sessionId, modeId }, more);
    },
    async setOption(sessionId, configId, value, more) {
      const typed = typeof value === 'boolean' ? { type: 'boolean' as const, value } : { value };
      return fieldsOf(await agent.request('session/set_config_option', { sessionId, configId, ...typed }, more));
    },
    async closeSession(sessionId, more) {
      await agent.request('session/close', { sessionId }, more);
    },
    async deleteSession(sessionId, more) {
      await agent.request('session/delete', { sessionId }, more);
    },
    listSessions: async (cursor, more) =>
      fieldsOf(await agent.request('session/list', cursor === null ? {} : { cursor }, more)),
    async login(methodId, more) {
      await agent.request('authenticate', { methodId }, more);
    },
    async logout(more) {
      await agent.request('logout', {}, more);
    },
  };
}

function toPlace({
  mcpServers,
  ...place
}: SessionPlace): Omit<SessionPlace, 'mcpServers'> & { mcpServers: McpServer[] } {
  return { ...place, mcpServers: mcpServers as McpServer[] };
}
