/**
 * The bundled ACP agent: it speaks the protocol for real, uses the tools it is given for real, and has a script instead of a
 * model, which it says at once. Knows nothing of the gate.
 */
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentContext,
  agent,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { plays } from './plays.ts';
import type { Stage } from './stage.ts';
import { connectTools, type McpServerCommand, type ToolResult, type Tools } from './tools.ts';
import { tour } from './tour.ts';

/** Milliseconds between words: fast enough to wait for, slow enough to see it stream. */
const wordPauseMs = 12;

interface Session {
  readonly tools: Tools;
  turn: AbortController | null;
  calls: number;
  /** A plan with open steps is on the screen; the next prompt takes it away. */
  isPlanOpen: boolean;
}

/** Serves one client on stdin and stdout until it closes them. */
export async function runDemoAgent(): Promise<void> {
  const sessions = new Map<string, Session>();
  const app = agent({ name: 'signalbox-demo-agent' })
    .onRequest(methods.agent.initialize, () => ({
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: 'signalbox-demo-agent', title: 'Demo agent (scripted)', version: '1' },
      agentCapabilities: {},
    }))
    .onRequest(methods.agent.session.new, async ({ params, client }) => {
      const server = params.mcpServers.find((entry) => 'command' in entry) as McpServerCommand | undefined;
      if (!server) throw RequestError.invalidParams({ reason: 'The demo agent needs an MCP server over stdio.' });
      const sessionId = `demo-${sessions.size + 1}`;
      sessions.set(sessionId, { tools: await connectTools(server), turn: null, calls: 0, isPlanOpen: false });
      const commands = plays.map(({ example }) => ({ name: example.split(' ')[0] ?? example, description: example }));
      setImmediate(
        () =>
          void update(client, sessionId, { sessionUpdate: 'available_commands_update', availableCommands: commands }),
      );
      return { sessionId };
    })
    .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
      const session = sessions.get(params.sessionId);
      if (!session) throw RequestError.invalidParams({ reason: `There is no session ${params.sessionId}.` });
      const turn = new AbortController();
      session.turn = turn;
      const text = params.prompt.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
      try {
        const stage = toStage(client, params.sessionId, session, turn.signal);
        if (session.isPlanOpen) await stage.plan([]);
        await perform(text, stage);
      } catch (error) {
        if (!turn.signal.aborted) throw error;
      } finally {
        session.turn = null;
      }
      return { stopReason: turn.signal.aborted ? 'cancelled' : 'end_turn' };
    })
    .onNotification(methods.agent.session.cancel, ({ params }) => sessions.get(params.sessionId)?.turn?.abort());
  const connection = app.connect(
    ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
  );
  await connection.closed;
  for (const { tools } of sessions.values()) await tools.close();
}

async function perform(text: string, stage: Stage): Promise<void> {
  if (/show me around|^\s*(tour|start)\b/i.test(text)) return await tour(stage);
  for (const { pattern, play } of plays) {
    const match = pattern.exec(text);
    if (match) return await play(stage, match);
  }
  const examples = plays.map(({ example }) => `- ${example}`).join('\n');
  await stage.say(`I am a scripted agent and understand only a few requests:\n\n${examples}\n- show me around\n`);
}

function toStage(client: AgentContext, sessionId: string, session: Session, signal: AbortSignal): Stage {
  const stream = async (kind: 'agent_message_chunk' | 'agent_thought_chunk', text: string): Promise<void> => {
    for (const word of text.split(/(?<=\s)/)) {
      await update(client, sessionId, { sessionUpdate: kind, content: { type: 'text', text: word } });
      await delay(wordPauseMs, undefined, { signal });
    }
  };
  return {
    signal,
    say: (text) => stream('agent_message_chunk', text),
    think: (text) => stream('agent_thought_chunk', text),
    plan: async (entries) => {
      session.isPlanOpen = entries.some(({ status }) => status !== 'completed');
      await update(client, sessionId, {
        sessionUpdate: 'plan',
        entries: entries.map(({ text, status }) => ({ content: text, status, priority: 'medium' })),
      });
    },
    use: async (title, tool, input) => {
      signal.throwIfAborted();
      const toolCallId = `call-${++session.calls}`;
      await update(client, sessionId, {
        sessionUpdate: 'tool_call',
        toolCallId,
        title,
        kind: toKind(tool),
        status: 'in_progress',
      });
      const result = await session.tools.call(tool, input, signal);
      await update(client, sessionId, { sessionUpdate: 'tool_call_update', toolCallId, ...toOutcome(result) });
      return result;
    },
  };
}

function toKind(tool: string): 'read' | 'edit' | 'execute' {
  if (tool === 'remote_exec') return 'execute';
  return tool === 'remote_write_file' || tool === 'remote_patch_file' ? 'edit' : 'read';
}

function toOutcome(result: ToolResult): {
  status: 'completed' | 'failed';
  content: { type: 'content'; content: { type: 'text'; text: string } }[];
} {
  const text =
    result.status === 'ok'
      ? result.stdout.trimEnd().split('\n').slice(-3).join('\n')
      : `${result.code}: ${result.message}`;
  return {
    status: result.status === 'error' ? 'failed' : 'completed',
    content: [{ type: 'content', content: { type: 'text', text } }],
  };
}

async function update(client: AgentContext, sessionId: string, sessionUpdate: SessionUpdate): Promise<void> {
  await client.notify(methods.client.session.update, { sessionId, update: sessionUpdate });
}
