/** Output of an auto-allowed read is held back until the real paths behind it were judged: a link to a secret shows nothing. */
import type { Action } from './action.ts';
import { limits } from './limits.ts';
import type { Decision } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';
import type { PerformSink } from './ports.ts';
import type { Target } from './server.ts';

type Release = (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;

export class WithheldOutput {
  readonly #decision: Decision;
  readonly #policy: Policy;
  readonly #target: Target;
  readonly #release: Release;
  #held: { readonly stream: 'stdout' | 'stderr'; readonly chunk: Uint8Array }[] = [];
  #heldBytes = 0;
  #state: 'holding' | 'released' | 'withheld';
  #stricter: Decision | null = null;

  /** Holds for what is judged by name alone so far; the paths of other reads were looked up before they were decided. */
  constructor(decision: Decision, action: Action, policy: Policy, target: Target, release: Release) {
    this.#decision = decision;
    this.#policy = policy;
    this.#target = target;
    this.#release = release;
    this.#state = decision.outcome === 'auto-allow' && isReadByName(action) ? 'holding' : 'released';
  }

  /** As much as is held at once: the server waits until it was judged. */
  get isFull(): boolean {
    return this.#state === 'holding' && this.#heldBytes >= limits.outputBytesMax;
  }

  readonly sink: PerformSink = {
    onOutput: (stream, chunk) => this.#handleOutput(stream, chunk),
    onRealPaths: (realPaths) => this.judge(realPaths),
  };

  /** Judges again on what the paths really are; only ever stricter. */
  judge(realPaths: ReadonlyMap<string, string>): void {
    if (this.#decision.outcome !== 'auto-allow' || this.#state === 'withheld') return;
    const judged = this.#policy.decideRealPaths(this.#decision, realPaths, this.#target);
    if (judged.outcome !== 'auto-allow') {
      this.#state = 'withheld';
      this.#stricter = judged;
      this.#held = [];
      return;
    }
    this.#state = 'released';
    for (const { stream, chunk } of this.#held) this.#release(stream, chunk);
    this.#held = [];
  }

  /** The stricter decision, when what came back must not be shown yet. Called once the outcome is there. */
  settle(): Decision | null {
    if (this.#state !== 'holding') return this.#stricter;
    return {
      ...this.#decision,
      outcome: 'approval-required',
      rule: 'floor.real-path-unknown',
      reason: 'The real path of what was read could not be looked up, so its output is withheld.',
      floor: true,
    };
  }

  #handleOutput(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (this.#state === 'released') this.#release(stream, chunk);
    else if (this.#state === 'holding') {
      this.#held.push({ stream, chunk });
      this.#heldBytes += chunk.byteLength;
    }
  }
}

function isReadByName(action: Action): boolean {
  return action.kind === 'read-file' || (action.kind === 'exec' && action.realPathsOf.length > 0);
}
