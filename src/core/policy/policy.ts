/** The policy as the gate calls it. Pure and total: any exception inside is an answer of "approval-required" or "reject". */
import type { Target } from '../server.ts';
import type { Decision } from './decision.ts';

/** What is known of the server while deciding; `policy check` works without one. */
export type PolicyTarget =
  | (Pick<Target, 'id' | 'environment' | 'roots' | 'readonly' | 'sensitive' | 'groups' | 'reachable'> &
      Partial<Pick<Target, 'redactOutput'>>)
  | null;

export type PolicyQuestion =
  | ({ readonly kind: 'line'; readonly line: string } & CommandPlace)
  | ({ readonly kind: 'argv'; readonly argv: readonly string[] } & CommandPlace)
  /** A file tool; `realPath` once prepare knows it. */
  | { readonly kind: 'read'; readonly path: string; readonly realPath: string | null; readonly recursive: boolean }
  | { readonly kind: 'write'; readonly path: string; readonly realPath: string | null }
  /** An interactive shell: nobody knows what will be typed there. */
  | { readonly kind: 'shell' }
  /** The operator looks after a command that was approved when it was started. */
  | { readonly kind: 'durable' };

interface CommandPlace {
  readonly cwd: string | null;
  readonly hasStdin: boolean;
  /** It goes on without us, and keeps its output on the server. */
  readonly isDurable?: true;
}

export interface Policy {
  /** sha256 of everything that decides: quoted in each audit record, bound by each approval. */
  readonly hash: string;
  decide(question: PolicyQuestion, target: PolicyTarget): Decision;
  /** Judges the paths that the decision named again, on what they really are (links resolved). Only ever stricter. */
  decideRealPaths(decision: Decision, realPaths: ReadonlyMap<string, string>, target: PolicyTarget): Decision;
}
