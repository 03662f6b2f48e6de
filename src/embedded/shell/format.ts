/** How simulated commands print times, tables and journal lines. */
import type { Machine } from '../machine/machine.ts';

export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  return `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${String(hours).padStart(2)}:${String(rest).padStart(2, '0')}`;
}

export function stamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function journalLine(machine: Machine, entry: Machine['journal'][number]): string {
  const time = new Date(entry.atMs).toUTCString();
  return `${time.slice(8, 11)} ${time.slice(5, 7)} ${time.slice(17, 25)} ${machine.hostname} ${entry.unit}[${entry.pid}]: ${entry.text}\n`;
}

export function table(rows: readonly (readonly string[])[], left: readonly number[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const toLine = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(' ')
      .trimEnd();
  return `${rows.map(toLine).join('\n')}\n`;
}
