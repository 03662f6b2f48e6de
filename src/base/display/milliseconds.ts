/** Short times as people read them. Pure. */

/** `0.4 ms`, `12 ms`, `10.2 s`: milliseconds below ten seconds, of at least 0. */
export function toMs(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < 9_950 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
