/** What outlives the host, of one session: told whole with each change, until the session is over. It knows no files. */
import type { KeptSession } from '../../core/kept-session.ts';
import type { TranscriptEntry } from './read-transcript.ts';
import { toAgentName } from './seat.ts';

export class SessionMemory {
  readonly #onChange: (kept: KeptSession) => void;
  #kept: KeptSession;
  #isClosed = false;

  constructor(kept: KeptSession, onChange: (kept: KeptSession) => void) {
    this.#kept = kept;
    this.#onChange = onChange;
  }

  get kept(): KeptSession {
    return this.#kept;
  }

  change(part: Partial<KeptSession>): void {
    if (this.#isClosed) return;
    this.#kept = { ...this.#kept, ...part };
    this.#onChange(this.#kept);
  }

  /** What happens from here on is not kept any more. */
  close(): void {
    this.#isClosed = true;
  }
}

/** The last line of a transcript: with it the session is known by its end alone. */
export function toEndEntry({ title, agents }: KeptSession, atMs: number): TranscriptEntry {
  return { type: 'end', atMs, title, agents: agents.map(({ agent }) => toAgentName(agent)) };
}

/** The end of a turn that its host did not live to see. */
export function toLeftTurnEntry(atMs: number): TranscriptEntry {
  return { type: 'turn', stop: 'failed', problem: 'The host ended.', atMs };
}
