/** One line of `signalbox doctor`: what was looked at, how it is, and what to do when it is not well. */

export interface Finding {
  readonly name: string;
  /** bad: signalbox cannot work like this. warn: something is missing that it can do without. */
  readonly state: 'ok' | 'warn' | 'bad';
  readonly detail: string;
  /** What to do; null when nothing is. */
  readonly next: string | null;
}

export function ok(name: string, detail: string): Finding {
  return { name, state: 'ok', detail, next: null };
}

export function warn(name: string, detail: string, next: string): Finding {
  return { name, state: 'warn', detail, next };
}

export function bad(name: string, detail: string, next: string): Finding {
  return { name, state: 'bad', detail, next };
}
