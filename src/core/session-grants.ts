/** What the operator granted to sessions: "this exact argv, this server, this agent of this session", for as long as server record and policy stay. Asks nobody. */
import type { Prepared } from './plans/plan.ts';
import type { Decision } from './policy/decision.ts';
import { isKnownWrite } from './policy/rules/known-writes.ts';
import type { Run } from './run.ts';

export class SessionGrants {
  readonly #grants = new Set<string>();

  add(run: Run, prepared: Prepared, decision: Decision): void {
    this.#grants.add(toGrant(run, prepared, decision));
  }

  has(run: Run, prepared: Prepared, decision: Decision): boolean {
    return isGrantPossible(run, prepared, decision) && this.#grants.has(toGrant(run, prepared, decision));
  }

  /** Forgets what was granted to a session. */
  endSession(session: string): void {
    for (const grant of this.#grants) if (grant.startsWith(`${JSON.stringify(session)}\n`)) this.#grants.delete(grant);
  }
}

/** One exact command that may run again and again: never one that is known to change files, nor one of several inside of one. */
export function isGrantPossible(run: Run, prepared: Prepared, decision: Decision): boolean {
  if (decision.argv === null || decision.parts.length > 1) return false;
  if (decision.rule === 'floor.write' || isKnownWrite(decision.argv)) return false;
  if (run.request.caller.session === null || run.target?.environment === 'production') return false;
  const subject = prepared.subject(decision);
  return subject.kind === 'command' && subject.stdin === null;
}

function toGrant(run: Run, prepared: Prepared, decision: Decision): string {
  const subject = prepared.subject(decision);
  const cwd = subject.kind === 'command' ? subject.cwd : null;
  // A card names the agent that asks: another one of the session, which may be contained less, was not meant.
  const { session, agent } = run.request.caller;
  return `${JSON.stringify(session)}\n${JSON.stringify([agent, run.target?.recordHash, run.policyHash, run.tool, decision.argv, cwd])}`;
}
