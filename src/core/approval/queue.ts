/** The queue of waiting questions. Single use, bounded, expiring; leaving it in any way but "approve" is a refusal. Knows no screen. */
import { afterAlsoAsleep } from '../../base/after-also-asleep.ts';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { Approval, ApprovalAnswer, ApprovalEnd, Approvals } from './approval.ts';

export interface QueueOptions {
  readonly clock: Clock;
  /** A short id that a person can type; called again while it names a card that exists. */
  readonly newId: () => string;
  /** Milliseconds until a card nobody answered is refused; 0: never. */
  readonly expiryMs: number;
}

/** What the gate asks; the queue adds the id and the times. */
export type Question = Omit<Approval, 'id' | 'createdAtMs' | 'expiresAtMs'>;

interface Waiting {
  readonly approval: Approval;
  readonly end: (end: ApprovalEnd) => void;
}

/** How many ended cards are remembered, so that a late answer learns what happened. */
const endedMax = 512;

export class ApprovalQueue implements Approvals {
  readonly #options: QueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #ended = new Map<string, string>();
  readonly #added = new Emitter<Approval>();
  readonly #removed = new Emitter<{ readonly approval: Approval; readonly end: ApprovalEnd }>();
  readonly onAdded = this.#added.event;
  readonly onRemoved = this.#removed.event;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  list(): readonly Approval[] {
    return [...this.#waiting.values()].map(({ approval }) => approval);
  }

  /**
   * Puts a card into the queue; `onWaiting` runs once it is there. Resolves with how it left; aborting withdraws it.
   * Throws POLICY_REJECTED when too many cards of its session wait.
   */
  async ask(question: Question, signal: AbortSignal, onWaiting: (approval: Approval) => void): Promise<ApprovalEnd> {
    if (this.#closed) return { kind: 'withdrawn', reason: 'signalbox is shutting down' };
    if (signal.aborted) return { kind: 'withdrawn', reason: 'the caller went away' };
    this.#checkRoom(question.caller.session);
    const createdAtMs = this.#options.clock.nowMs();
    const { expiryMs } = this.#options;
    const approval: Approval = {
      ...question,
      id: this.#freshId(),
      createdAtMs,
      expiresAtMs: expiryMs === 0 ? null : createdAtMs + expiryMs,
    };
    return await new Promise((resolve) => {
      const lifetimes: Disposable[] = [];
      const withdraw = (): void => end({ kind: 'withdrawn', reason: 'the caller went away' });
      const end = (how: ApprovalEnd): void => {
        if (!this.#waiting.delete(approval.id)) return;
        signal.removeEventListener('abort', withdraw);
        for (const lifetime of lifetimes) lifetime.dispose();
        this.#remember(approval.id, toWords(how));
        resolve(how);
        this.#removed.fire({ approval, end: how });
      };
      this.#waiting.set(approval.id, { approval, end });
      signal.addEventListener('abort', withdraw, { once: true });
      if (expiryMs > 0) lifetimes.push(afterAlsoAsleep(this.#options.clock, expiryMs, () => end({ kind: 'expired' })));
      onWaiting(approval);
      this.#added.fire(approval);
    });
  }

  answer(
    id: string,
    answer: ApprovalAnswer,
  ): { readonly accepted: true } | { readonly accepted: false; readonly late: string } {
    const waiting = this.#waiting.get(id);
    if (!waiting) return { accepted: false, late: this.#ended.get(id) ?? 'no such approval is waiting' };
    checkAnswer(waiting.approval, answer);
    waiting.end(answer);
    return { accepted: true };
  }

  /** Takes a card back for the gate itself, which judges its request anew; nothing happens when it was answered before. */
  recall(id: string, reason: string): void {
    this.#waiting.get(id)?.end({ kind: 'recalled', reason });
  }

  /** Refuses everything that waits and everything that comes. */
  close(reason: string): void {
    this.#closed = true;
    for (const { end } of [...this.#waiting.values()]) end({ kind: 'withdrawn', reason });
  }

  #checkRoom(session: string | null): void {
    let count = 0;
    for (const { approval } of this.#waiting.values()) if (approval.caller.session === session) count += 1;
    if (count >= limits.waitingPerSessionMax) {
      throw new OperationError(
        'POLICY_REJECTED',
        `${count} requests of this session wait for the operator already; wait for their answers before asking for more.`,
      );
    }
  }

  #freshId(): string {
    let id = this.#options.newId();
    while (this.#waiting.has(id) || this.#ended.has(id)) id = this.#options.newId();
    return id;
  }

  #remember(id: string, words: string): void {
    this.#ended.set(id, words);
    if (this.#ended.size <= endedMax) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}

function checkAnswer(approval: Approval, answer: ApprovalAnswer): void {
  // An edit only asks anew; what comes of it is confirmed then.
  if (answer.kind !== 'approve') return;
  if (approval.target.environment === 'production' && answer.confirmation !== approval.target.id) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${approval.target.id} counts as production: type its id to confirm the approval.`,
    );
  }
  if (answer.grant === 'session' && !approval.sessionGrantPossible) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      'A grant for the session is possible only for one exact command that is not known to change files, on a server that is not production; approve it once instead.',
    );
  }
}

/** How a card ended, for people: "approved by operator@screen". */
export function toWords(end: ApprovalEnd): string {
  switch (end.kind) {
    case 'approve':
      return `approved by ${end.approver}${end.grant === 'session' ? ' for this session' : ''}`;
    case 'deny':
      return `denied by ${end.approver}${end.reason === null ? '' : `: ${end.reason}`}`;
    case 'edit':
      return `changed by ${end.approver}`;
    case 'expired':
      return 'expired without an answer';
    case 'withdrawn':
      return `withdrawn: ${end.reason}`;
    case 'recalled':
      return end.reason;
  }
}
