/** Opens the protocol on a started agent: stream, initialize, version. What the answers claim is checked here, since the SDK does not. */
import { type ClientApp, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import type { HasConnectionContext } from '@agentclientprotocol/sdk/unstable';
import type { Clock } from '../../base/clock.ts';
import type { AgentAbilities } from '../../core/agents.ts';
import { toAbilities } from './abilities.ts';
import type { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { fieldsOf, textOf } from './fields.ts';
import { inTime } from './in-time.ts';
import { type MessageTaps, toMessageStream } from './message-stream.ts';
import type { Questions } from './questions.ts';
import { connectV2 } from './v2/connect-v2.ts';
import { findOtherVersion, toVersionError } from './version-error.ts';
import type { AgentWire } from './wire.ts';
import { toWireV1 } from './wire-v1.ts';

export interface ConnectedAgent {
  readonly wire: AgentWire;
  /** What the SDK knows the connection by. */
  readonly connection: HasConnectionContext;
  readonly name: string;
  readonly version: string | null;
  readonly abilities: AgentAbilities;
  /** How it takes servers of tools; `acp`: over this connection. */
  readonly transports: { readonly stdio: boolean; readonly http: boolean; readonly acp: boolean };
}

export interface ConnectOptions {
  readonly process: AgentProcess;
  readonly profile: AgentProfile;
  /** The client of version 1. */
  readonly app: ClientApp;
  /** Who answers an agent that speaks version 2. */
  readonly questions: Questions;
  readonly taps: MessageTaps;
  readonly clock: Clock;
  /** Ours, told to the agent. */
  readonly version: string;
}

/** Rejects with OperationError: TIMEOUT, CONNECTION_LOST (it died), UNSUPPORTED (another protocol version). The process is left to the caller. */
export async function connectAgent(options: ConnectOptions): Promise<ConnectedAgent> {
  const { protocol } = options.profile;
  if (protocol === 1) return await connectV1(options);
  const connected = await connectV2(options);
  if ('wire' in connected) return connected;
  // An agent that names another version than 1 speaks that, and no older one.
  const mayBeOlder = connected.theirs === undefined || connected.theirs === PROTOCOL_VERSION;
  if (protocol === 'auto' && mayBeOlder) return await connectV1(options);
  throw connected.error;
}

async function connectV1(options: ConnectOptions): Promise<ConnectedAgent> {
  const { process, profile, app, taps } = options;
  const connection = app.connect(toMessageStream(process.stdout, process.stdin, taps));
  const { offers } = profile;
  const params = {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: 'signalbox', title: 'signalbox', version: options.version },
    clientCapabilities: {
      fs: { readTextFile: offers.readFiles, writeTextFile: offers.writeFiles },
      terminal: offers.terminals,
      session: { notices: {}, compaction: {}, configOptions: { boolean: {} } },
      auth: { terminal: true },
      elicitation: { form: {}, url: {} },
    },
  };
  const answer = await inTime(options, async (more) => {
    try {
      return fieldsOf(await connection.agent.request('initialize', params, more));
    } catch (error) {
      const theirs = findOtherVersion(error);
      throw theirs === undefined ? error : toVersionError(profile.label, theirs, 1);
    }
  });
  if (answer.protocolVersion !== PROTOCOL_VERSION) throw toVersionError(profile.label, answer.protocolVersion, 1);
  const info = fieldsOf(answer.agentInfo);
  const mcp = fieldsOf(fieldsOf(answer.agentCapabilities).mcpCapabilities);
  return {
    wire: toWireV1(connection),
    connection: connection.agent,
    name: textOf(info.title) ?? textOf(info.name) ?? profile.label,
    version: textOf(info.version),
    abilities: toAbilities(answer),
    // Starting a server is what every agent of version 1 can do.
    transports: { stdio: true, http: mcp.http === true, acp: mcp.acp === true },
  };
}
