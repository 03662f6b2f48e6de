/** Starts, probes and lists agents: catalogue, launch, protocol, session. What an agent may do on a server, the gate decides. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client, type McpServer } from '@agentclientprotocol/sdk';
import type { AgentEntry, AgentLink, AgentStart, Agents } from '../../core/agents.ts';
import type { Caller } from '../../core/caller.ts';
import { OperationError } from '../../core/codes.ts';
import type { Gate } from '../../core/gate.ts';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';
import { AgentSession } from './agent-session.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { custom } from './catalogue/custom.ts';
import { type AgentProfile, toolServerName } from './catalogue/profile.ts';
import { toClientApp } from './client-app.ts';
import { connectAgent } from './connect-agent.ts';
import { Door } from './door.ts';
import { type ProbeResult, toEntry } from './entry.ts';
import { inTime } from './in-time.ts';
import { findAgent, type LaunchParts, launch } from './launch.ts';
import { PermissionDesk } from './permission-desk.ts';
import { Terminals } from './terminals.ts';
import { prepareWorkFolder } from './work-folder.ts';

export interface AgentsOptions extends LaunchParts {
  readonly catalogue: Catalogue;
  readonly gate: Gate;
  /** Ours, told to agents. */
  readonly version: string;
}

/** Agents, and what the operator should know about agents.json. */
export interface AgentsWithWarnings extends Agents {
  warnings(): Promise<readonly string[]>;
}

export function createAgents(options: AgentsOptions): AgentsWithWarnings {
  const { catalogue } = options;
  const probes = new Map<string, ProbeResult>();
  const toListEntry = async (profile: AgentProfile): Promise<AgentEntry> => {
    const program = await findAgent(profile, options.env);
    return toEntry(profile, program?.path ?? null, probes.get(profile.id) ?? null);
  };
  return {
    async warnings() {
      return (await catalogue.read()).warnings;
    },
    async list() {
      return await Promise.all((await catalogue.read()).profiles.map(toListEntry));
    },
    async probe(id) {
      const profile = await findProfile(catalogue, id);
      const entry = await toListEntry(profile);
      if (entry.availability === 'disabled' || entry.availability === 'not installed') return entry;
      probes.set(id, await probeAgent(options, profile));
      return await toListEntry(profile);
    },
    async start(start) {
      const profile = 'id' in start.agent ? await findProfile(catalogue, start.agent.id) : custom(start.agent.command);
      if (!profile.enabled)
        throw new OperationError('UNSUPPORTED', `Agent "${profile.id}" is disabled in agents.json.`);
      if (profile.unusable !== null) throw new OperationError('UNSUPPORTED', profile.unusable);
      return await startAgent(options, profile, start);
    },
  };
}

async function findProfile(catalogue: Catalogue, id: string): Promise<AgentProfile> {
  const { profiles } = await catalogue.read();
  const known = profiles.find((one) => one.id === id);
  if (known) return known;
  const ids = profiles.map((one) => one.id).join(', ');
  throw new OperationError(
    'INVALID_ARGUMENT',
    `There is no agent "${id}"; known are ${ids}, or give a command after "--".`,
  );
}

async function startAgent(options: AgentsOptions, profile: AgentProfile, start: AgentStart): Promise<AgentLink> {
  options.redactor.hold(start.toolToken);
  await prepareWorkFolder(start.workFolder, start.servers);
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
  const session = new AgentSession({ profile, process, verdict, desk, door, terminals });
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

/** Never rejects for what the agent does wrong: that is what a probe is to find out. */
async function probeAgent(options: AgentsOptions, profile: AgentProfile): Promise<ProbeResult> {
  const workFolder = await mkdtemp(join(await realpath(tmpdir()), 'signalbox-probe-'));
  try {
    const { process, verdict } = await launch(options, {
      profile,
      workFolder,
      toolSocket: null,
      requireIsolation: false,
    });
    const taps = { onSessionUpdate: () => undefined, onRubbish: () => undefined };
    try {
      const app = client({ name: 'signalbox' });
      const { name, version, logins } = await connectAgent({ ...options, process, profile, app, taps });
      const login = logins.length > 0 ? ` It offers these logins: ${logins.join(', ')}.` : '';
      const diagnostic = `${name} answers. It would run ${verdict.state}: ${verdict.reason}${login}`;
      return { availability: 'ready', diagnostic, version };
    } finally {
      await process.end();
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const availability = error.code === 'CREDENTIALS_UNAVAILABLE' ? 'needs login' : 'error';
    return { availability, diagnostic: error.message, version: null };
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}
