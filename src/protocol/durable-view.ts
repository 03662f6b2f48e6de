/** A command that goes on without us, as screens show it. Plain JSON. */

/** As far as is known without a look at its server. */
export interface DurableView {
  readonly id: string;
  readonly server: string;
  /** The command in one line, redacted. */
  readonly title: string;
  readonly startedAtMs: number;
  /** `lost`: neither runs nor ended by itself, so the machine stopped. */
  readonly state: 'running' | 'ended' | 'lost';
  readonly exitCode: number | null;
  /** It was read to its end, and nothing of it is left on the server. */
  readonly isDone?: true;
}
