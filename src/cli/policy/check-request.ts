/** One question to the policy and its answer as `policy check` gives it. It knows no streams and decides nothing. */
import { z } from 'zod';
import type { Decision, PolicyOutcome } from '../../core/policy/decision.ts';
import type { Policy, PolicyQuestion } from '../../core/policy/policy.ts';
import type { Target } from '../../core/server.ts';
import { cardLines } from '../../protocol/card.ts';
import { commandsCannotBeUndone } from '../../protocol/card-command.ts';
import type { CardView } from '../../protocol/view.ts';

/** Width of the card in `display`. */
export const displayColumns = 80;

/** A line of `policy check --stdin`. */
export const checkRequestSchema = z.strictObject({
  command: z.string(),
  server: z.string().min(1).optional(),
  cwd: z.string().optional(),
});
export type CheckRequest = z.infer<typeof checkRequestSchema>;

export interface CheckAnswer {
  readonly decision: PolicyOutcome;
  readonly rule: string;
  readonly reason: string;
  readonly argv: readonly string[] | null;
  /** The lines an approval card shows at 80 columns. */
  readonly display: readonly string[];
}

export type CheckedCommand = Extract<PolicyQuestion, { kind: 'line' | 'argv' }>;

export function answerCheck(policy: Policy, question: CheckedCommand, target: Target | null): CheckAnswer {
  const decision = policy.decide(question, target);
  const { outcome, rule, reason, argv } = decision;
  const lines = cardLines(toCard(question, decision, target), displayColumns);
  // What runs without a question only reads: a card would not be there to warn of anything.
  const shown = lines.filter(({ text }) => outcome !== 'auto-allow' || text.trim() !== commandsCannotBeUndone);
  return { decision: outcome, rule, reason, argv, display: shown.map(({ text }) => text) };
}

/** The answer to a request that could not be understood: nothing of it may run. */
export function refuseRequest(
  rule: 'request.malformed' | 'request.server' | 'policy.invalid',
  reason: string,
): CheckAnswer {
  return { decision: 'reject', rule, reason, argv: null, display: [] };
}

/** The card the screen would show; where no server is named, production is the careful reading. */
function toCard(question: CheckedCommand, decision: Decision, target: Target | null): CardView {
  return {
    id: 'check',
    auditId: 'check',
    tool: 'remote_exec',
    session: null,
    who: 'policy check',
    isolation: null,
    server: {
      id: target?.id ?? 'any server',
      address: target?.address ?? 'none was named, so it is judged as production',
      environment: target?.environment ?? 'production',
      environmentAssumed: target?.environmentAssumed ?? false,
    },
    hostKey: null,
    rule: decision.rule,
    reason: decision.reason,
    floor: decision.floor,
    createdAtMs: 0,
    expiresAtMs: null,
    sessionGrantPossible: false,
    subject: {
      kind: 'command',
      argv: decision.argv,
      line: question.kind === 'line' ? question.line : question.argv.join(' '),
      cwd: question.cwd,
      stdin: null,
      parts: decision.parts,
    },
  };
}
