/** Which process exactly: a pid is used again, a pid with its start time and the run of the machine is not. Pure; process-life.ts asks the system. */

export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, as the system tells it: two processes with one pid differ in it. */
  readonly startTime: string;
  /** Which run of the machine; pids of an earlier one mean nothing. */
  readonly bootId: string;
}

/** Null when the text is no identity: empty, torn, or of something else. */
export function parseProcessIdentity(text: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { pid, startTime, bootId } = value as Partial<Record<keyof ProcessIdentity, unknown>>;
    if (!Number.isSafeInteger(pid) || typeof startTime !== 'string' || typeof bootId !== 'string') return null;
    return { pid: pid as number, startTime, bootId };
  } catch {
    return null;
  }
}
