/** The demo agent's hand: an MCP client of the tools it was given, with the result of the gate as it came. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** What a tool call came to, as far as the agent's plays look at it. */
export interface ToolResult {
  readonly status: 'ok' | 'partial_failure' | 'error';
  readonly code: string | null;
  readonly message: string;
  /** What the operator put in the place of what was asked; null when that ran. */
  readonly ranInstead: string | null;
  readonly stdout: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Tools {
  call(name: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface McpServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** A waiting card may take as long as a person does; progress every few seconds keeps the call alive. */
const callTimeoutMs = 60_000;
const callTimeoutTotalMs = 24 * 3_600_000;

export async function connectTools(server: McpServerCommand): Promise<Tools> {
  const client = new Client({ name: 'signalbox-demo-agent', version: '1' });
  const env = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
  await client.connect(
    new StdioClientTransport({ command: server.command, args: [...server.args], env, stderr: 'ignore' }),
  );
  const { tools } = await client.listTools();
  if (!tools.some(({ name }) => name === 'remote_exec'))
    throw new Error('The tools of signalbox are not among those that were offered.');
  return {
    call: async (name, input, signal) => {
      const result = await client.callTool(
        { name, arguments: input },
        {
          signal,
          timeout: callTimeoutMs,
          maxTotalTimeout: callTimeoutTotalMs,
          resetTimeoutOnProgress: true,
          onprogress: () => undefined,
        },
      );
      return toResult(result.structuredContent);
    },
    close: () => client.close(),
  };
}

function toResult(structured: unknown): ToolResult {
  const envelope = (structured ?? {}) as {
    status?: ToolResult['status'];
    code?: string;
    message?: string;
    editedByOperator?: boolean;
    ran?: string;
    data?: Record<string, unknown>;
  };
  const data = envelope.data ?? {};
  return {
    status: envelope.status ?? 'error',
    code: envelope.code ?? null,
    message: envelope.message ?? '',
    ranInstead: envelope.editedByOperator === true ? (envelope.ran ?? 'something else') : null,
    stdout: typeof data.stdout === 'string' ? data.stdout : '',
    data,
  };
}
