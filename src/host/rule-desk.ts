/**
 * Makes rules of waiting cards: offers steps that were tried on the request and on the log, and saves exactly what was shown. Writes and
 * production never get a rule that allows.
 */
import { createHash } from 'node:crypto';
import type { Approval, Approvals } from '../core/approval/approval.ts';
import type { Redactor } from '../core/audit/redactor.ts';
import { OperationError } from '../core/codes.ts';
import { limits } from '../core/limits.ts';
import type { Policy, PolicyQuestion } from '../core/policy/policy.ts';
import type { PolicyRules } from '../core/policy/policy-source.ts';
import { type Draft, proposeRules } from '../core/policy/rules/propose-rules.ts';
import { type Replay, replayRule } from '../core/policy/rules/replay-rule.ts';
import type { AuditLog, Registry } from '../core/ports.ts';
import type { Result } from '../protocol/methods.ts';
import { readPastActions } from './past-actions.ts';

export interface RuleDeskParts {
  readonly approvals: Approvals;
  readonly policies: PolicyRules;
  readonly audit: AuditLog;
  readonly registry: Registry;
  readonly redactor: Redactor;
  readonly clock: { nowMs(): number };
}

/** Offers that can still be taken: a person looks at one card at a time. */
const offersMax = 64;
/** Middleware and programs whose words say too little are allowed for a month, then asked about again. */
const lifetimeMs = 30 * 86_400_000;
/** A rule is saved as it was shown, so one that a dialog on 80×24 cannot show as a whole is not offered: rows of so many cells. */
const shown = { rowsMax: 10, columns: 70 } as const;
/** Stands for the reason until it is written. */
const noReason = 'not written yet';

export class RuleDesk {
  readonly #parts: RuleDeskParts;
  readonly #offers = new Map<string, Draft>();

  constructor(parts: RuleDeskParts) {
    this.#parts = parts;
  }

  /** Throws INVALID_ARGUMENT when the card is gone, CONFIG_INVALID while the policy is bad. */
  async propose(approvalId: string): Promise<Result<'policy.propose'>> {
    const { approvals, policies } = this.#parts;
    const approval = approvals.list().find(({ id }) => id === approvalId);
    if (!approval) throw new OperationError('INVALID_ARGUMENT', 'This card does not wait any more; nothing was saved.');
    const refusal = whyNoRule(approval);
    const { subject, caller, target } = approval;
    if (refusal !== null || subject.kind !== 'command' || subject.argv === null) return { steps: [], refusal };
    const { workspace } = caller;
    const origins = await policies.origins(workspace);
    const question = { kind: 'argv', argv: subject.argv, cwd: subject.cwd, hasStdin: subject.stdin !== null } as const;
    const steps = proposeRules({
      argv: subject.argv,
      target,
      takenIds: new Set(origins.flatMap(({ rules }) => rules.map(({ rule }) => rule.id))),
      lastDay: new Date(this.#parts.clock.nowMs() + lifetimeMs).toISOString().slice(0, 10),
    });
    const past = await readPastActions(this.#parts, subject.argv[0] ?? '', workspace, approval.auditId);
    const offers: Result<'policy.propose'>['steps'][number][] = [];
    for (const { words, drafts } of steps) {
      const offer = await this.#firstThatWorks(drafts, question, approval);
      if (offer) offers.push(this.#toStep(words, offer.draft, replayRule(offer.policy, offer.draft.id, past)));
    }
    const none = 'No rule can change the answer to this request; policy.json says more than a card can offer.';
    return { steps: offers, refusal: offers.length === 0 ? none : null };
  }

  /** Saves a rule that was shown before, with its reason. Returns the sentence that says what happened. */
  async add(digest: string, because: string): Promise<string> {
    const draft = this.#offers.get(digest);
    if (!draft)
      throw new OperationError('INVALID_ARGUMENT', 'This rule is not on offer any more; open the card again.');
    const { id, decision, ...rest } = draft;
    await this.#parts.policies.add({ id, decision, because, ...rest });
    this.#offers.delete(digest);
    const waiting = this.#parts.approvals.list().length;
    return waiting === 0 ? `Saved as rule ${id}.` : `Saved as rule ${id}; what waits is judged again.`;
  }

  async #firstThatWorks(
    drafts: readonly Draft[],
    question: PolicyQuestion,
    { target, caller }: Approval,
  ): Promise<{ readonly draft: Draft; readonly policy: Policy } | null> {
    for (const draft of drafts) {
      if (toRows(toText(draft)) > shown.rowsMax) continue;
      const policy = await this.#parts.policies.currentWith({ ...draft, because: noReason }, caller.workspace);
      const { outcome } = policy.decide(question, target);
      if (outcome === draft.decision) return { draft, policy };
    }
    return null;
  }

  #toStep(words: string, draft: Draft, replay: Replay): Result<'policy.propose'>['steps'][number] {
    const text = toText(draft);
    const digest = createHash('sha256').update(text).digest('hex');
    this.#offers.delete(digest);
    this.#offers.set(digest, draft);
    for (const oldest of this.#offers.keys()) {
      if (this.#offers.size <= offersMax) break;
      this.#offers.delete(oldest);
    }
    return {
      digest,
      words,
      decision: draft.decision,
      text,
      replay: { ...replay, actionsMax: limits.policyReplayActionsMax },
    };
  }
}

function toRows(text: string): number {
  return text.split('\n').reduce((rows, line) => rows + Math.ceil(line.length / shown.columns), 0);
}

/** The members of its JSON, one a line. */
function toText(draft: Draft): string {
  return Object.entries(draft)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join('\n');
}

/** Null when a rule may be made of this card. */
function whyNoRule({ subject, rule, target }: Approval): string | null {
  if (subject.kind === 'write') return 'Writes never get a rule: each one is approved by itself.';
  if (subject.kind === 'read') return 'Rules are about commands; a sensitive path stays a question.';
  if (subject.argv === null) return 'Rules are about simple commands; a line that a shell reads stays a question.';
  if (rule === 'floor.write') return 'This command changes files, and nothing lifts that; no rule is made of it.';
  return target.readonly ? 'This server is read-only; no rule changes that.' : null;
}
