/** The client side of the protocol for one session: which requests of the agent are answered, and by whom. It wires, and decides only what was offered. */
import { type ClientApp, client, methods } from '@agentclientprotocol/sdk';
import type { McpMessageParams } from '@agentclientprotocol/sdk/unstable';
import type { AgentProfile } from './catalogue/profile.ts';
import type { Door } from './door.ts';
import { readTextFile, writeTextFile } from './file-requests.ts';
import type { FormDesk } from './form-desk.ts';
import type { PermissionDesk } from './permission-desk.ts';
import { refusal } from './refusal.ts';
import type { Terminals } from './terminals.ts';
import { mcpMessageMethod, type ToolMessages } from './tool-messages.ts';

export interface ClientParts {
  readonly profile: AgentProfile;
  readonly desk: PermissionDesk;
  readonly forms: FormDesk;
  readonly door: Door;
  readonly terminals: Terminals;
  readonly messages: ToolMessages;
  /** The session the agent was given; null until it has answered session/new. */
  sessionId(): string | null;
  /** A request for something that was not offered: refused, and shown to the operator. */
  onRefused(method: string): void;
}

/** Methods that are not named here are answered with -32601 by the SDK. */
export function toClientApp(parts: ClientParts): ClientApp {
  const { desk, door, forms, messages, terminals } = parts;
  const { offers } = parts.profile;
  const { elicitation, fs, session, terminal } = methods.client;
  const check = (offered: 'offered' | 'not offered', method: string, sessionId: string): void => {
    if (offered === 'not offered') {
      parts.onRefused(method);
      throw refusal(
        'UNSUPPORTED',
        `${method} was not offered to this agent; use the tools of the MCP server signalbox.`,
      );
    }
    const known = parts.sessionId();
    if (known !== null && known !== sessionId) throw refusal('INVALID_ARGUMENT', `There is no session "${sessionId}".`);
  };
  const terminalsOffered = offers.terminals ? 'offered' : 'not offered';
  return client({ name: 'signalbox' })
    .onRequest(session.requestPermission, ({ params, signal }) => {
      check('offered', session.requestPermission, params.sessionId);
      return desk.handleRequest(params, signal);
    })
    .onRequest(elicitation.create, ({ params, signal }) => {
      // A question that belongs to a request has no session to compare.
      if ('sessionId' in params) check('offered', elicitation.create, String(params.sessionId));
      return forms.handleRequest(params, signal);
    })
    .onNotification(elicitation.complete, ({ params }) => forms.handleCompleted(params))
    .onRequest(
      mcpMessageMethod,
      (params) => params as McpMessageParams,
      (context) => messages.handleRequest(context),
    )
    .onRequest(fs.readTextFile, ({ params, signal }) => {
      check(offers.readFiles ? 'offered' : 'not offered', fs.readTextFile, params.sessionId);
      return readTextFile(door, params, signal);
    })
    .onRequest(fs.writeTextFile, ({ params, signal }) => {
      check(offers.writeFiles ? 'offered' : 'not offered', fs.writeTextFile, params.sessionId);
      return writeTextFile(door, params, signal);
    })
    .onRequest(terminal.create, async ({ params, signal }) => {
      check(terminalsOffered, terminal.create, params.sessionId);
      return { terminalId: await terminals.create(params, signal) };
    })
    .onRequest(terminal.output, ({ params }) => {
      check(terminalsOffered, terminal.output, params.sessionId);
      return terminals.output(params.terminalId);
    })
    .onRequest(terminal.waitForExit, ({ params, signal }) => {
      check(terminalsOffered, terminal.waitForExit, params.sessionId);
      return terminals.waitForExit(params.terminalId, signal);
    })
    .onRequest(terminal.kill, async ({ params }) => {
      check(terminalsOffered, terminal.kill, params.sessionId);
      await terminals.kill(params.terminalId);
      return {};
    })
    .onRequest(terminal.release, ({ params }) => {
      check(terminalsOffered, terminal.release, params.sessionId);
      terminals.release(params.terminalId);
      return {};
    });
}
