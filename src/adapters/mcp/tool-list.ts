/** The operations table as MCP tool definitions, with JSON Schemas that clients of every protocol generation can compile. */
import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { codes } from '../../core/codes.ts';
import type { Effect } from '../../core/operations/operation.ts';
import { operations } from '../../core/operations/table.ts';

/** All tools, in the order of the table. */
export function toToolList(): Tool[] {
  return Object.values(operations).map((operation) => ({
    name: operation.name,
    title: operation.title,
    description: operation.description,
    inputSchema: toObjectSchema(operation.input, 'input'),
    outputSchema: toObjectSchema(envelopeSchema(operation.name, operation.output), 'output'),
    annotations: { title: operation.title, ...toAnnotations(operation.effect) },
  }));
}

/** Hints only: what a client shows beside a tool. What is allowed is decided behind the gate. */
function toAnnotations(effect: Effect): NonNullable<Tool['annotations']> {
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect !== 'read',
    idempotentHint: effect === 'read',
    openWorldHint: true,
  };
}

/** The envelope around an operation's data. Open on purpose: a client must not refuse an answer because a field was added. */
function envelopeSchema(tool: string, data: z.ZodType): z.ZodType {
  return z.looseObject({
    status: z.enum(['ok', 'partial_failure', 'error']),
    tool: z.literal(tool),
    server: z.string().optional(),
    data: data.optional(),
    code: z.enum(codes).optional(),
    message: z.string().optional(),
    execution: z.looseObject({
      attempted: z.boolean(),
      completed: z.boolean(),
      outcomeUnknown: z.boolean().optional(),
      exitCode: z.int().optional(),
      signal: z.string().optional(),
      durationMs: z.number(),
    }),
    audit: z.looseObject({ id: z.string(), logWritten: z.boolean(), snapshotStatus: z.string() }),
    policy: z.looseObject({ decision: z.string(), rule: z.string() }),
    editedByOperator: z.boolean().optional(),
    ran: z.string().optional(),
  });
}

/**
 * Draft 7 without a `$schema` line: clients of 2025 compile schemas with a validator that knows no later draft and refuses a
 * dialect it does not know.
 */
function toObjectSchema(schema: z.ZodType, io: 'input' | 'output'): Tool['inputSchema'] {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io });
  return { ...openObjects(rest, io), type: 'object' } as Tool['inputSchema'];
}

/** What a validator could refuse an answer for. */
const demands = new Set([
  'required',
  'additionalProperties',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
]);

/**
 * An output schema describes and demands nothing: a client that refuses an answer after the action happened calls again (seen with
 * Qwen Code: three more times). An input schema keeps its strictness.
 */
function openObjects(schema: unknown, io: 'input' | 'output'): Record<string, unknown> {
  if (io === 'input') return schema as Record<string, unknown>;
  const open = (value: unknown, isNames: 'names' | 'schema'): unknown => {
    if (Array.isArray(value)) return value.map((one) => open(one, 'schema'));
    if (typeof value !== 'object' || value === null) return value;
    // Below `properties` the keys are names of fields, and one may be called like a demand.
    const entries = Object.entries(value).filter(([key]) => isNames === 'names' || !demands.has(key));
    return Object.fromEntries(
      entries.map(([key, field]) => [
        key,
        open(field, key === 'properties' && isNames === 'schema' ? 'names' : 'schema'),
      ]),
    );
  };
  return open(schema, 'schema') as Record<string, unknown>;
}
