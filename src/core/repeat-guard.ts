/**
 * Stands before the gate for agents: a request that was refused again and again within one turn is refused at once, and whoever owns
 * the turn learns it. It grants nothing, and forgets everything when a new turn begins. It knows no sessions beyond their ids.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Emitter, type Event } from '../base/event.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { Code } from './codes.ts';
import type { Envelope } from './envelope.ts';
import type { Activity, Gate, GateRequest } from './gate.ts';
import { limits } from './limits.ts';

/** One request was refused as often as allowed; told once in a turn. */
export interface Repeated {
  readonly session: string;
  readonly tool: string;
  readonly server: string | null;
  readonly refusals: number;
  /** The last refusal in its own words. */
  readonly message: string;
}

interface Refusals {
  readonly count: number;
  readonly code: Code;
  readonly message: string;
}

/** Answers that stay the same however often one asks. A server that is down, a full disk or a cancelled call may end differently next time. */
const lasting: ReadonlySet<Code> = new Set<Code>([
  'INVALID_ARGUMENT',
  'SERVER_NOT_FOUND',
  'SERVER_OUT_OF_SCOPE',
  'POLICY_REJECTED',
  'APPROVAL_DENIED',
  'APPROVAL_EXPIRED',
  'OUTSIDE_ROOTS',
  'PATCH_FAILED',
  'UNSUPPORTED',
]);

export class RepeatGuard implements Gate {
  readonly #gate: Gate;
  readonly #sessions = new Map<string, Map<string, Refusals>>();
  readonly #repeated = new Emitter<Repeated>();
  readonly onRepeated: Event<Repeated> = this.#repeated.event;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** From here on the session's refusals are counted anew: a person has said something, so the same request may be right now. */
  beginTurn(session: string): void {
    this.#sessions.set(session, new Map());
  }

  /** Requests of a session that has ended, or never began a turn, are not counted. */
  endSession(session: string): void {
    this.#sessions.delete(session);
  }

  onActivity(listener: (activity: Activity) => void): Disposable {
    return this.#gate.onActivity(listener);
  }

  async perform(request: GateRequest): Promise<Envelope> {
    const { session, origin } = request.caller;
    const refusals = session === null || origin !== 'agent' ? undefined : this.#sessions.get(session);
    if (session === null || refusals === undefined) return await this.#gate.perform(request);
    const key = toKey(request);
    const known = refusals.get(key);
    if (known && known.count >= limits.identicalRefusalsMax)
      return await this.#gate.perform({ ...request, refusedBefore: { code: known.code, message: toLast(known) } });
    const envelope = await this.#gate.perform(request);
    const { code, message = '' } = envelope;
    if (code === undefined || envelope.execution.attempted || !lasting.has(code)) {
      refusals.delete(key);
      return envelope;
    }
    const now = { count: (refusals.get(key)?.count ?? 0) + 1, code, message };
    refusals.delete(key);
    refusals.set(key, now);
    forgetOldest(refusals);
    if (now.count < limits.identicalRefusalsMax) return envelope;
    // Requests that were under way together may be refused past the bound; the owner hears it once.
    if (now.count === limits.identicalRefusalsMax)
      this.#repeated.fire({
        session,
        tool: envelope.tool,
        server: envelope.server ?? null,
        refusals: now.count,
        message,
      });
    return { ...envelope, message: toLast(now) };
  }
}

function toLast({ count, message }: Refusals): string {
  return `${message} This exact request was refused ${count} times in this turn and is not looked at again: do not repeat it; do something else, or end your turn and tell the operator what you need.`;
}

/** Equal for equal tool and arguments, in whichever order they were written. A digest, since a write may be megabytes. */
function toKey(request: GateRequest): string {
  const hash = createHash('sha256');
  return hash.update(`${request.operation}\n${canonicalize(request.input ?? null) ?? ''}`).digest('base64');
}

function forgetOldest(refusals: Map<string, Refusals>): void {
  if (refusals.size <= limits.refusalsRememberedMax) return;
  const [oldest] = refusals.keys();
  if (oldest !== undefined) refusals.delete(oldest);
}
