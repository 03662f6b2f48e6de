/** Opens the protocol on a started agent: stream, initialize, version. What the answers claim is checked here, since the SDK does not. */
import { type ClientApp, type ClientConnection, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import type { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { inTime } from './in-time.ts';
import { type MessageTaps, toMessageStream } from './message-stream.ts';
import { fieldsOf, textOf } from './updates.ts';

export interface ConnectedAgent {
  readonly connection: ClientConnection;
  readonly name: string;
  readonly version: string | null;
  /** Names of the ways to log in that the agent offers. */
  readonly logins: readonly string[];
}

export interface ConnectOptions {
  readonly process: AgentProcess;
  readonly profile: AgentProfile;
  readonly app: ClientApp;
  readonly taps: MessageTaps;
  readonly clock: Clock;
  /** Ours, told to the agent. */
  readonly version: string;
}

/** Rejects with OperationError: TIMEOUT, CONNECTION_LOST (it died), UNSUPPORTED (another protocol version). The process is left to the caller. */
export async function connectAgent(options: ConnectOptions): Promise<ConnectedAgent> {
  const { process, profile, app, taps } = options;
  const connection = app.connect(toMessageStream(process.stdout, process.stdin, taps));
  const { offers } = profile;
  const answer = fieldsOf(
    await inTime(
      options,
      connection.agent.request('initialize', {
        protocolVersion: PROTOCOL_VERSION,
        clientInfo: { name: 'signalbox', title: 'signalbox', version: options.version },
        clientCapabilities: {
          fs: { readTextFile: offers.readFiles, writeTextFile: offers.writeFiles },
          terminal: offers.terminals,
        },
      }),
    ),
  );
  if (answer.protocolVersion !== PROTOCOL_VERSION) {
    const theirs = JSON.stringify(answer.protocolVersion) ?? 'none';
    throw new OperationError(
      'UNSUPPORTED',
      `${profile.label} speaks version ${theirs} of the Agent Client Protocol and signalbox version ${PROTOCOL_VERSION}; update one of them.`,
    );
  }
  const info = fieldsOf(answer.agentInfo);
  const methods = Array.isArray(answer.authMethods) ? answer.authMethods : [];
  return {
    connection,
    name: textOf(info.title) ?? textOf(info.name) ?? profile.label,
    version: textOf(info.version),
    logins: methods.flatMap((method) => textOf(fieldsOf(method).name) ?? []),
  };
}
