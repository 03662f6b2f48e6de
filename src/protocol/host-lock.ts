/** The content of the host's lock file: which process holds it. Written by the host; a client reads the pid from it. */

export interface HostLock {
  readonly pid: number;
  /** When the process started, as the system tells it: two processes with one pid differ in it. */
  readonly startTime: string;
  /** Which run of the machine; pids of an earlier one mean nothing. */
  readonly bootId: string;
}

/** Null when the text is no lock: empty, torn, or of something else. */
export function parseHostLock(text: string): HostLock | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { pid, startTime, bootId } = value as Partial<Record<keyof HostLock, unknown>>;
    if (!Number.isSafeInteger(pid) || typeof startTime !== 'string' || typeof bootId !== 'string') return null;
    return { pid: pid as number, startTime, bootId };
  } catch {
    return null;
  }
}
