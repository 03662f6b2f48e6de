/** Whether an input fits its operation, and what is wrong when it does not: for whoever asks in other words than the tools'. */
import type { z } from 'zod';
import { allOperations, type OperationName } from './table.ts';

export interface InputProblem {
  /** The field it is about; null when it is about several. */
  readonly field: string | null;
  /** The rest of a sentence that begins with the field, or a clause of its own. */
  readonly message: string;
}

/** The first problem, or null when the input fits. */
export function findInputProblem(operation: OperationName, input: unknown): InputProblem | null {
  const parsed = (allOperations[operation].input as z.ZodType).safeParse(input);
  const [issue] = parsed.error?.issues ?? [];
  if (issue === undefined) return null;
  const [field] = issue.path;
  return { field: field === undefined ? null : String(field), message: toMessage(issue) };
}

/** The schema library's own words for a bound are no part of a sentence. */
function toMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small')
    return issue.origin === 'string' || issue.origin === 'array'
      ? 'must not be empty'
      : `must be at least ${issue.minimum}`;
  if (issue.code !== 'too_big') return issue.message;
  if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
  return issue.origin === 'array' ? `must have at most ${issue.maximum} entries` : `must be at most ${issue.maximum}`;
}
