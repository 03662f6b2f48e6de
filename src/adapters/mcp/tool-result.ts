/** An envelope as an MCP tool result. Text and structured content each hold everything, since some clients pass only one to the model. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Envelope } from '../../core/envelope.ts';

export type ToolResult = CallToolResult;

/** A command that ended with a status other than 0, or that goes on, is an outcome; refusals and failures are errors. */
export function toToolResult(envelope: Envelope, news: readonly string[] = []): ToolResult {
  const isError = envelope.status !== 'ok' && envelope.code !== 'NON_ZERO_EXIT' && !envelope.execution.goesOn;
  return {
    content: [{ type: 'text', text: [...news.map((sentence) => `note: ${sentence}`), toText(envelope)].join('\n') }],
    structuredContent: { ...envelope, ...(news.length > 0 ? { notes: news } : {}) },
    isError,
  };
}

/** The whole envelope for a reader: one fact a line, then each longer text under its name. */
export function toText(envelope: Envelope): string {
  const lines = [`status: ${envelope.status}`];
  if (envelope.code) lines.push(`code: ${envelope.code}`);
  if (envelope.message) lines.push(`message: ${envelope.message}`);
  if (envelope.editedByOperator) lines.push(toEditLine(envelope));
  else if (envelope.ran) lines.push(`ran: ${envelope.ran}`);
  lines.push(`tool: ${envelope.tool}`);
  if (envelope.server) lines.push(`server: ${envelope.server}`);
  lines.push(`execution: ${toFacts(envelope.execution)}`);
  lines.push(`policy: ${toFacts(envelope.policy)}`);
  lines.push(`audit: ${toFacts(envelope.audit)}`);
  return [lines.join('\n'), ...toSections(envelope.data ?? {})].join('\n');
}

/** An edited request may still have been refused, or have failed before it began. */
function toEditLine({ execution, ran }: Envelope): string {
  return execution.attempted
    ? `edited by the operator; this ran instead: ${ran ?? 'not known'}`
    : 'edited by the operator; nothing of it ran';
}

function toFacts(record: object): string {
  return Object.entries(record)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

/** Texts with lines of their own come as blocks, everything else as JSON. */
function toSections(data: Readonly<Record<string, unknown>>): string[] {
  const blocks: string[] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'string' && ['stdout', 'stderr', 'content', 'operatorDiff'].includes(name)) {
      blocks.push(value === '' ? `--- ${name}: empty` : `--- ${name}\n${value}${value.endsWith('\n') ? '' : '\n'}---`);
    } else rest[name] = value;
  }
  return Object.keys(rest).length > 0 ? [`data: ${JSON.stringify(rest)}`, ...blocks] : blocks;
}
