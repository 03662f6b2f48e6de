/** What an operation of the gate is: its schema, its effect, and how it reads in one line. The spellings (MCP, ACP, CLI) come from here. */
import type { z } from 'zod';

export type Effect = 'read' | 'write' | 'run';

export interface Operation<Name extends string, Input extends z.ZodType, Output extends z.ZodType> {
  readonly name: Name;
  /** A short title for screens and tool lists. */
  readonly title: string;
  /** What an agent is told; says plainly what can be undone and what cannot. */
  readonly description: string;
  readonly effect: Effect;
  readonly input: Input;
  /** Shape of the envelope's `data`. */
  readonly output: Output;
  /** The request in one line, unescaped: whoever shows it escapes it. */
  summary(input: z.output<Input>): string;
}

/** Types an operation without widening its schemas. */
export function operation<const Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
  definition: Operation<Name, Input, Output>,
): Operation<Name, Input, Output> {
  return definition;
}
