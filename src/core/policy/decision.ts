/** What the policy says of one request: a verdict, the rule behind it and a reason a person can act on. */

export type PolicyOutcome = 'auto-allow' | 'approval-required' | 'reject';

/** The verdict on one simple command inside a compound line; for explanation only, it never allows anything. */
export interface PartVerdict {
  readonly text: string;
  readonly outcome: PolicyOutcome;
  readonly reason: string;
}

export interface Decision {
  readonly outcome: PolicyOutcome;
  /** Id of the deciding rule, dotted: `floor.write`, `command.grep`, `lexer.not-simple`, … */
  readonly rule: string;
  /** One sentence for the card and for the agent. */
  readonly reason: string;
  /** The argv that will run, when the line is simple; what is judged, shown and run. Options that policy adds are already in it. */
  readonly argv: readonly string[] | null;
  /** Absolute paths the command reads, to be judged again once their real paths are known. */
  readonly paths: readonly string[];
  /** Those of `paths` of which only facts are read (names, sizes), that are gone through, or searched; the others are read. */
  readonly named?: readonly string[];
  readonly walked?: readonly string[];
  readonly searched?: readonly string[];
  /** Verdicts part by part when the line is compound. */
  readonly parts: readonly PartVerdict[];
  /** The outcome comes from something no rule may lift. */
  readonly floor: boolean;
  /** Output of this command is redacted for agents whatever the server says (process and unit listings). */
  readonly redactOutput: boolean;
  /**
   * Allowed by a rule of the operator and not known to only read: where its paths lead is asked before it runs, not with it.
   */
  readonly lifted?: true;
}
