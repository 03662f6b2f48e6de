/** Starts, probes and lists agents: catalogue, launch, protocol, session. What an agent may do on a server, the gate decides. */
import type { McpServer } from '@agentclientprotocol/sdk';
import type { AgentAccounts, AgentLink, AgentStart, Agents, ToolEndpoint } from '../../core/agents.ts';
import type { Caller } from '../../core/caller.ts';
import { toCallerAgent } from '../../core/caller-agent.ts';
import { OperationError } from '../../core/codes.ts';
import type { Gate } from '../../core/gate.ts';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';
import { createAgentAccounts } from './agent-accounts.ts';
import { type AgentList, type AgentListOptions, createAgentList, findProfile } from './agent-list.ts';
import { AgentSession } from './agent-session.ts';
import { custom } from './catalogue/custom.ts';
import { type AgentProfile, toolServerName } from './catalogue/profile.ts';
import { toClientApp } from './client-app.ts';
import { type ConnectedAgent, connectAgent } from './connect-agent.ts';
import { Door } from './door.ts';
import { FormDesk } from './form-desk.ts';
import { launch } from './launch.ts';
import { openAgentSession } from './open-agent-session.ts';
import { PermissionDesk } from './permission-desk.ts';
import { SessionFeed } from './session-feed.ts';
import { Terminals } from './terminals.ts';
import { ToolMessages } from './tool-messages.ts';
import { findUnusedSettings } from './unused-settings.ts';
import type { ToolServer } from './wire.ts';

export interface AgentsOptions extends AgentListOptions {
  readonly gate: Gate;
  /** A turn of the session was cancelled: whatever its agent left behind at another door ends too. */
  readonly onCancel?: (session: string) => void;
}

export function createAgents(options: AgentsOptions): Agents & AgentList & AgentAccounts {
  const { catalogue } = options;
  return {
    ...createAgentList(options),
    ...createAgentAccounts(options),
    async start(start) {
      const profile = 'id' in start.agent ? await findProfile(catalogue, start.agent.id) : custom(start.agent.command);
      if (!profile.enabled)
        throw new OperationError('UNSUPPORTED', `Agent "${profile.id}" is disabled in agents.json.`);
      if (profile.unusable !== null) throw new OperationError('UNSUPPORTED', profile.unusable);
      return await startAgent(options, profile, start);
    },
  };
}

async function startAgent(options: AgentsOptions, profile: AgentProfile, start: AgentStart): Promise<AgentLink> {
  options.redactor.hold(start.toolToken);
  const endpoint = profile.mcp === 'http' ? await openEndpoint(profile, start) : null;
  const advice = await findUnusedSettings(profile, options);
  const { process, verdict } = await launch(options, { ...start, profile, endpoint });
  const caller: Caller = {
    origin: 'agent',
    door: 'acp',
    session: start.session,
    agent: toCallerAgent(start.agent),
    servers: start.servers,
    workspace: start.workspace,
    readonly: start.readonly ?? false,
  };
  const door = new Door(options.gate, caller, start.workFolder, start.servers);
  const desk = new PermissionDesk(profile, options.clock);
  const forms = new FormDesk();
  const terminals = new Terminals(door, options.redactor, profile.ownVariables);
  const messages = new ToolMessages(start);
  const feed = new SessionFeed({
    describeTerminal: (id) => terminals.describe(id),
    onToolCall: (update) => desk.noteToolCall(update),
  });
  const session = new AgentSession({
    profile,
    process,
    verdict,
    advice,
    desk,
    forms,
    door,
    terminals,
    messages,
    feed,
    clock: options.clock,
    onCancel: () => options.onCancel?.(start.session),
  });
  const app = toClientApp({
    profile,
    desk,
    forms,
    door,
    terminals,
    messages,
    sessionId: () => feed.sessionId,
    onRefused: (method) => session.handleRefused(method),
  });
  const taps = {
    onSessionUpdate: (params: Readonly<Record<string, unknown>>) => feed.handleSessionUpdate(params),
    onRubbish: (line: string) => feed.handleRubbish(session.agentName, line),
  };
  try {
    const starting = { ...options, process, profile };
    const questions = { desk, forms, messages, sessionId: () => feed.sessionId };
    const connected = await connectAgent({ ...starting, app, questions, taps });
    checkTransport(connected, profile);
    const opened = await openAgentSession(connected, starting, {
      place: {
        cwd: start.workFolder,
        mcpServers: [await toTools(options, start, { connected, endpoint, messages })],
        ...(profile.sessionMeta === null ? {} : { _meta: { ...profile.sessionMeta } }),
      },
      continueFrom: start.continueFrom ?? null,
      onRepeating: (id) => feed.beginRepeating(id),
    });
    session.open(connected, opened);
    return session;
  } catch (error) {
    await session.dispose();
    throw error;
  }
}

/** Without our tools an agent of version 2 could reach no server at all, and version 1 says too little to refuse it. */
function checkTransport({ name, transports, wire }: ConnectedAgent, { mcp }: AgentProfile): void {
  if (wire.protocol === 1 || transports[mcp] || transports.acp) return;
  const other = mcp === 'stdio' ? 'http' : 'stdio';
  const advice = transports[other] ? `set "mcp": "${other}" in its entry of agents.json.` : 'it cannot be used here.';
  throw new OperationError('UNSUPPORTED', `${name} takes no tools over ${mcp}; ${advice}`);
}

/** Over the connection that is there, where the agent can: it needs no program of ours, no socket and no address then. */
async function toTools(
  { bridgeCommand }: AgentsOptions,
  start: AgentStart,
  {
    connected,
    endpoint,
    messages,
  }: { connected: ConnectedAgent; endpoint: ToolEndpoint | null; messages: ToolMessages },
): Promise<ToolServer> {
  if (connected.transports.acp) return await messages.offer(connected.connection);
  return endpoint ? toHttpServer(endpoint, start) : toToolServer(bridgeCommand, start);
}

/** The token goes through the environment: argument lists can be read by every user of the machine. */
function toToolServer(bridgeCommand: readonly string[], start: AgentStart): McpServer {
  const [command = '', ...args] = bridgeCommand;
  return {
    name: toolServerName,
    command,
    args,
    env: [
      { name: toolSocketVariable, value: start.toolSocket },
      { name: toolTokenVariable, value: start.toolToken },
    ],
  };
}

async function openEndpoint(profile: AgentProfile, start: AgentStart): Promise<ToolEndpoint> {
  if (start.openToolEndpoint) return await start.openToolEndpoint();
  throw new OperationError(
    'UNSUPPORTED',
    `${profile.label} takes tools over http only, which this host does not offer.`,
  );
}

function toHttpServer({ url }: ToolEndpoint, { toolToken }: AgentStart): McpServer {
  const headers = [{ name: 'Authorization', value: `Bearer ${toolToken}` }];
  return { type: 'http', name: toolServerName, url, headers };
}
