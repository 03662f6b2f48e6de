/** Version 2 of the protocol (a draft) as our wire. A prompt is taken up at once, and its turn ends with an update, which `TurnWatch` finds. */
import { type ContentBlock, RequestError } from '@agentclientprotocol/sdk';
import type {
  ClientConnection,
  McpServer,
  PromptRequest,
  ResumeSessionRequest,
  SetSessionConfigOptionRequest,
} from '@agentclientprotocol/sdk/experimental/v2';
import { OperationError } from '../../../core/codes.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { SendRequestOptions } from '../in-time.ts';
import type { AgentWire, SessionPlace } from '../wire.ts';
import { toV1Options } from './answers.ts';
import type { TurnWatch } from './turn-watch.ts';

export interface WireV2Options {
  readonly connection: ClientConnection;
  readonly turn: TurnWatch;
  /** The agent's commands came with the answer that opened its session, not as an update. */
  onCommands(sessionId: string, commands: unknown): void;
}

export function toWireV2({ connection, turn, onCommands }: WireV2Options): AgentWire {
  const { agent, closed, signal } = connection;
  const toAnswer = (sessionId: string | null, answer: Fields): Fields => {
    if (sessionId !== null && answer.availableCommands !== undefined) onCommands(sessionId, answer.availableCommands);
    return { ...answer, configOptions: toV1Options(answer.configOptions) };
  };
  const resume = async (sessionId: string, place: object, more: SendRequestOptions): Promise<Fields> => {
    // Its state comes before the answer.
    turn.follow(sessionId);
    const params = { ...place, sessionId } as ResumeSessionRequest;
    return toAnswer(sessionId, fieldsOf(await agent.request('session/resume', params, more)));
  };
  return {
    protocol: 2,
    closed,
    broken: () => signal.reason,
    async newSession(place, more) {
      const answer = fieldsOf(await agent.request('session/new', toPlace(place), more));
      return toAnswer(textOf(answer.sessionId), answer);
    },
    resumeSession: async (id, place, more) => await resume(id, toPlace(place), more),
    loadSession: async (id, place, more) =>
      await resume(id, { ...toPlace(place), replayFrom: { type: 'start' } }, more),
    prompt: async (sessionId, prompt, more) => await runTurn(connection, turn, { sessionId, prompt }, more),
    cancel: async (sessionId) => await agent.notify('session/cancel', { sessionId }),
    setMode: () =>
      Promise.reject(
        new OperationError(
          'UNSUPPORTED',
          'Version 2 of the protocol has no modes; choose among the options of the agent.',
        ),
      ),
    async setOption(sessionId, configId, value, more) {
      const typed = typeof value === 'boolean' ? { type: 'boolean', value } : { type: 'id', value };
      const params = { sessionId, configId, ...typed } as SetSessionConfigOptionRequest;
      return toAnswer(null, fieldsOf(await agent.request('session/set_config_option', params, more)));
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
      await agent.request('auth/login', { methodId }, more);
    },
    async logout(more) {
      await agent.request('auth/logout', {}, more);
    },
  };
}

async function runTurn(
  { agent, closed }: ClientConnection,
  turn: TurnWatch,
  params: { readonly sessionId: string; readonly prompt: ContentBlock[] },
  more: SendRequestOptions,
): Promise<Fields> {
  const ended = turn.begin();
  const lost = new Promise<never>((_resolve, reject) => {
    void closed.then(() => reject(new Error('The connection is closed.')));
    more.cancellationSignal?.addEventListener('abort', () => reject(new Error('Nobody waits.')), { once: true });
  });
  lost.catch(() => undefined);
  try {
    await agent.request('session/prompt', params as PromptRequest, more);
    const end = await Promise.race([ended, lost]);
    if (end.stopReason === 'error') throw toTurnError(fieldsOf(end.error));
    return end;
  } finally {
    turn.abandon();
  }
}

function toTurnError({ code, message, data }: Fields): RequestError {
  const words = textOf(message) ?? 'the turn failed, and it did not say why';
  return new RequestError(typeof code === 'number' ? code : -32603, words, data);
}

/** A server that is started is one kind among others here. */
function toPlace({
  cwd,
  mcpServers,
  _meta,
}: SessionPlace): Omit<SessionPlace, 'mcpServers'> & { mcpServers: McpServer[] } {
  const servers = mcpServers.map((server) => ('type' in server ? server : { ...server, type: 'stdio' }));
  return { cwd, mcpServers: servers as McpServer[], ...(_meta ? { _meta } : {}) };
}
