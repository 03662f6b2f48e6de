/** What was seen of each agent, kept as one JSON file an agent for the table that `npm run agents` prints. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Seen {
  readonly agent: string;
  /** Of its npm package. */
  readonly version: string;
  /** How its process was contained, in the words of the screen. */
  isolation?: string;
  /** In words; `failed` for a check that began and did not hold. */
  readonly checks: {
    -readonly [name in
      | 'offered'
      | 'reads'
      | 'writes'
      | 'commands'
      | 'denials'
      | 'cancels'
      | 'ownTools'
      | 'death']?: string;
  };
}

/** @param name the file's. Does nothing when nobody asked for a table. */
export function writeSeen(name: string, seen: Seen): void {
  const folder = process.env.SIGNALBOX_AGENTS_SEEN;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(seen, null, 2)}\n`);
}
