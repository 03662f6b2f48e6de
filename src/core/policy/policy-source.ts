/** Where the gate gets its policy from, request by request: one decision, one policy. Knows no file. */
import type { Policy } from './policy.ts';

export interface PolicySource {
  /**
   * The policy in force now for a workspace (null: the global rules alone). Throws OperationError CONFIG_INVALID while a rule file is
   * bad: then nothing is decided, because a rule that cannot be read may be the one that forbids.
   */
  current(workspace: string | null): Promise<Policy>;
}

/** A policy that never changes. */
export function fixedPolicy(policy: Policy): PolicySource {
  return { current: async () => policy };
}
