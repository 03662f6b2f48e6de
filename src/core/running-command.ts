/** What of a command is told to who watches it: exactly what was sent, so that a person can ask for the same again. Decides nothing. */
import type { Action, CommandForm } from './action.ts';
import type { AuditEntry } from './audit/record.ts';
import type { Decision } from './policy/decision.ts';

export interface RunningCommand {
  readonly form: CommandForm;
  readonly cwd: string | null;
  readonly hasStdin: boolean;
  /** Policy knows that it only reads. */
  readonly isRead: boolean;
}

/** What its permit record says of a command beside its words. */
export function toCommandEntry(action: Action): Pick<AuditEntry, 'sudo' | 'durable'> {
  if (action.kind !== 'exec') return {};
  return { ...(action.sudo ? { sudo: action.sudo } : {}), ...(action.durable ? { durable: true } : {}) };
}

/** Null for what is no command. */
export function toRunningCommand(action: Action, { outcome, lifted }: Decision): RunningCommand | null {
  if (action.kind !== 'exec') return null;
  const isRead = outcome === 'auto-allow' && lifted !== true;
  return { form: action.command, cwd: action.cwd, hasStdin: action.stdin !== null, isRead };
}
