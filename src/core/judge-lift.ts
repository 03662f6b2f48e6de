/**
 * A command that a rule of the operator allows may do more than read, so where its paths lead is asked before it runs. Reads of its
 * own are judged together with their output instead.
 */
import type { Look } from './plans/plan.ts';
import type { Decision } from './policy/decision.ts';

/** Whether the server must be asked before this may run. */
export function isPathLift(decision: Decision): boolean {
  return decision.outcome === 'auto-allow' && decision.lifted === true && decision.paths.length > 0;
}

/** The decision, or a stricter one: a link to what is sensitive is a question again. Throws what the server answers when it is out of reach. */
export async function judgeLift(decision: Decision, { servers, target, policy, signal }: Look): Promise<Decision> {
  if (!isPathLift(decision)) return decision;
  const real = decision.paths.map(async (path) => [path, await servers.realPath(target, path, signal)] as const);
  return policy.decideRealPaths(decision, new Map(await Promise.all(real)), target);
}
