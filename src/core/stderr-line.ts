/** What an agent writes to stderr while it runs, as others see it. */
import type { Event } from '../base/event.ts';

/** Redacted, and cut when it is long. */
export interface StderrLine {
  readonly text: string;
  /** When it came, as the host's clock tells. */
  readonly atMs: number;
}

export interface StderrSource {
  /** The last lines since it was started. */
  readonly stderr: readonly StderrLine[];
  /** There are more; may fire very often. */
  readonly onStderr: Event<void>;
}
