/**
 * Opens version 2 of the protocol, which the SDK calls an experimental draft, on a started agent. The SDK's part of it is loaded only here.
 * Left out: more folders, logins of other kinds, cancelling one tool call alone, and what runs in the background after a turn.
 */
import { toAbilities } from '../abilities.ts';
import type { ConnectedAgent, ConnectOptions } from '../connect-agent.ts';
import { fieldsOf, textOf } from '../fields.ts';
import { inTime } from '../in-time.ts';
import { toMessageStream } from '../message-stream.ts';
import { findOtherVersion, toVersionError } from '../version-error.ts';
import { toV1Initialized, toV2Transports } from './answers.ts';
import { toClientAppV2 } from './client-app-v2.ts';
import { TurnWatch } from './turn-watch.ts';
import { UpdatesV2 } from './updates-v2.ts';
import { toWireV2 } from './wire-v2.ts';

export type SdkV2 = typeof import('@agentclientprotocol/sdk/experimental/v2');

/** The agent answered, and not as version 2 has it. `theirs` is the version it named, unchecked; undefined when it named none. */
export interface OtherVersion {
  readonly theirs: unknown;
  /** Its refusal or ours; what to say when nothing else is tried. */
  readonly error: unknown;
}

/** Rejects as `connectAgent` does, but for an agent that answers otherwise: then the stdio is free again for another connection. */
export async function connectV2(options: ConnectOptions): Promise<ConnectedAgent | OtherVersion> {
  const { process, profile, taps, questions } = options;
  const sdk = await import('@agentclientprotocol/sdk/experimental/v2');
  const turn = new TurnWatch();
  const updates = new UpdatesV2();
  let initialized: unknown;
  let theirs: unknown;
  const stream = toMessageStream(process.stdout, process.stdin, {
    ...taps,
    onSessionUpdate(params) {
      for (const update of updates.translate(fieldsOf(params.update))) taps.onSessionUpdate({ ...params, update });
      turn.note(params);
    },
    onAnswer(method, answer) {
      const id = textOf(fieldsOf(answer.result).sessionId);
      if (method === 'initialize') initialized = answer.result;
      else if (method === 'session/new' && id !== null) turn.follow(id);
      else if (method === 'session/prompt') turn.noteTaken();
    },
  });
  const connection = toClientAppV2(sdk, questions).connect(stream);
  const params = {
    protocolVersion: sdk.PROTOCOL_VERSION,
    info: { name: 'signalbox', title: 'signalbox', version: options.version },
    capabilities: { auth: { terminal: {} }, elicitation: { form: {}, url: {} } },
  };
  try {
    await inTime(options, async (more) => {
      try {
        await connection.agent.request('initialize', params, more);
      } catch (error) {
        // What the SDK cannot use is an answer all the same.
        theirs = initialized === undefined ? findOtherVersion(error) : fieldsOf(initialized).protocolVersion;
        if (initialized !== undefined || theirs !== undefined) throw toVersionError(profile.label, theirs, 2);
        throw error;
      }
    });
  } catch (error) {
    const isAnswer = fieldsOf(error).code === 'UNSUPPORTED' || fieldsOf(error).code === 'INTERNAL';
    if (!isAnswer) throw error;
    stream.detach();
    connection.close();
    return { theirs, error };
  }
  const answer = toV1Initialized(fieldsOf(initialized));
  const info = fieldsOf(answer.agentInfo);
  return {
    wire: toWireV2({
      ...{ connection, turn },
      onCommands: (sessionId, availableCommands) =>
        taps.onSessionUpdate({ sessionId, update: { sessionUpdate: 'available_commands_update', availableCommands } }),
    }),
    connection: connection.agent,
    name: textOf(info.title) ?? textOf(info.name) ?? profile.label,
    version: textOf(info.version),
    abilities: toAbilities(answer),
    transports: toV2Transports(fieldsOf(initialized)),
  };
}
