/** Times as words for tables: how long ago, and when. */

/** "40 s", "12 min", "3 h 5 min", "4 d"; nothing is below zero, since two clocks may differ. */
export function toSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}

/** `2026-11-20 14:05` in the time zone of this machine. */
export function toLocalMinute(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
