/** Whether an agent could be started at all: it is enabled and there. It starts nothing, and knows no session. */
import { OperationError } from '../../core/codes.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { findAgent, type LaunchParts, toNotFound } from './launch.ts';

/** Throws OperationError UNSUPPORTED for one that may not run. */
export function checkEnabled(profile: AgentProfile): void {
  if (!profile.enabled) throw new OperationError('UNSUPPORTED', `Agent "${profile.id}" is disabled in agents.json.`);
  if (profile.unusable !== null) throw new OperationError('UNSUPPORTED', profile.unusable);
}

/** As `checkEnabled`; rejects with CONFIG_INVALID when its program is not on this machine. */
export async function checkUsable(profile: AgentProfile, parts: Pick<LaunchParts, 'paths' | 'env'>): Promise<void> {
  checkEnabled(profile);
  if ((await findAgent(profile, parts)) === null) throw toNotFound(profile);
}
