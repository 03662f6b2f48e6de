/** Starts, probes and lists agents: catalogue, launch, protocol, session. What an agent may do on a server, the gate decides. */
import type { McpServer } from '@agentclientprotocol/sdk';
import type { AgentLink, AgentStart, Agents } from '../../core/agents.ts';
import type { Caller } from '../../core/caller.ts';
import { OperationError } from '../../core/codes.ts';
import type { Gate } from '../../core/gate.ts';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';
import { type AgentList, type AgentListOptions, createAgentList, findProfile } from './agent-list.ts';
import { AgentSession } from './agent-session.ts';
import { custom } from './catalogue/custom.ts';
import { type AgentProfile, toolServerName } from './catalogue/profile.ts';
import { toClientApp } from './client-app.ts';
import { connectAgent } from './connect-agent.ts';
import { Door } from './door.ts';
import { inTime } from './in-time.ts';
import { launch } from './launch.ts';
import { PermissionDesk } from './permission-desk.ts';
import { Terminals } from './terminals.ts';

export interface AgentsOptions extends AgentListOptions {
  readonly gate: Gate;
  /** A turn of the session was cancelled: whatever its agent left behind at another door ends too. */
  readonly onCancel?: (session: string) => void;
}

export function createAgents(options: AgentsOptions): Agents & AgentList {
  const { catalogue } = options;
  return {
    ...createAgentList(options),
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
  const { process, verdict } = await launch(options, { ...start, profile });
  const caller: Caller = {
    origin: 'agent',
    door: 'acp',
    session: start.session,
    agent: profile.id,
    servers: start.servers,
    workspace: start.workspace,
    readonly: start.readonly ?? false,
  };
  const door = new Door(options.gate, caller, start.workFolder, start.servers);
  const desk = new PermissionDesk(profile, options.clock);
  const terminals = new Terminals(door, options.redactor);
  const onCancel = (): void => options.onCancel?.(start.session);
  const session = new AgentSession({
    profile,
    process,
    verdict,
    desk,
    door,
    terminals,
    clock: options.clock,
    onCancel,
  });
  const app = toClientApp({
    profile,
    desk,
    door,
    terminals,
    sessionId: () => session.sessionId,
    onRefused: (method) => session.handleRefused(method),
  });
  const taps = {
    onSessionUpdate: (params: Readonly<Record<string, unknown>>) => session.handleSessionUpdate(params),
    onRubbish: (line: string) => session.handleRubbish(line),
  };
  try {
    const starting = { ...options, process, profile };
    const connected = await connectAgent({ ...starting, app, taps });
    const answer = connected.connection.agent.request('session/new', {
      cwd: start.workFolder,
      mcpServers: [toToolServer(options.bridgeCommand, start)],
      ...(profile.sessionMeta === null ? {} : { _meta: { ...profile.sessionMeta } }),
    });
    session.open(connected, await inTime(starting, answer));
    return session;
  } catch (error) {
    await session.dispose();
    throw error;
  }
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
