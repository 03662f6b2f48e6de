/**
 * Where the places of panes, and up to when each was looked at, outlive a screen: one small file below the data folder, written by the screens themselves. It is not the host's: each
 * screen has its own layout, hosts of any version go with it, and nothing of it is a fact about a server or a session. Screens that run at the
 * same time each put in what they changed; of the same session the later one stays.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromPlacements, type KeptPlacement, type KeptPlacements, toPlacements } from '../tui/placement-text.ts';
import type { PlacementStore } from '../tui/placements.ts';
import { fromSeenPanes, type SeenPanes, toSeenPanes } from '../tui/seen-panes.ts';

/** Two hundred sessions with a division each are far below it. */
const fileBytesMax = 1024 * 1024;

/**
 * @param data the data folder.
 * @param onProblem is told in one sentence what cannot be read or written: each once.
 */
export function openScreenLayouts(data: string, onProblem: (sentence: string) => void): PlacementStore {
  const file = join(data, 'screen-layouts.json');
  let hasFailed = false;
  const read = (): Kept => {
    try {
      return readFile(file);
    } catch (error) {
      onProblem(setAside(file, error as Error));
      return nothing;
    }
  };
  const write = (change: (kept: Kept) => Kept): void => {
    try {
      writeFile(file, change(read()));
    } catch (error) {
      if (!hasFailed) onProblem(`The layout of the panes cannot be kept: ${(error as Error).message}`);
      hasFailed = true;
    }
  };
  return {
    read: () => read().layouts,
    write: (changed) => write(({ layouts, seen }) => ({ layouts: new Map([...layouts, ...changed]), seen })),
    readSeen: () => read().seen,
    writeSeen: (changed) => write(({ layouts, seen }) => ({ layouts, seen: new Map([...seen, ...changed]) })),
  };
}

interface Kept {
  readonly layouts: KeptPlacements;
  readonly seen: SeenPanes;
}

const nothing: Kept = { layouts: new Map(), seen: new Map() };

/** Throws when what is there is not what `writeFile` leaves. */
function readFile(file: string): Kept {
  let text: string;
  try {
    if (statSync(file).size > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw error;
  }
  const value = JSON.parse(text) as { readonly seen?: unknown } | null;
  return { layouts: toPlacements(value), seen: toSeenPanes(value?.seen ?? []) };
}

/** Whole or not at all: a screen that is killed meanwhile leaves the old file. */
function writeFile(file: string, { layouts, seen }: Kept): void {
  const newest = [...layouts].sort(([, a], [, b]) => b.usedAtMs - a.usedAtMs);
  let text = toText(newest, seen);
  while (Buffer.byteLength(text) > fileBytesMax) {
    newest.length = Math.floor(newest.length / 2);
    text = toText(newest, seen);
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}

function toText(kept: readonly (readonly [string, KeptPlacement])[], seen: SeenPanes): string {
  return `${JSON.stringify({ ...(fromPlacements(new Map(kept)) as object), seen: fromSeenPanes(seen) })}\n`;
}

/** What cannot be read stays for whoever wants to look at it, and is in nobody's way. */
function setAside(file: string, { message }: Error): string {
  const aside = `${file}.broken`;
  try {
    renameSync(file, aside);
    return `The layout of the panes begins anew, since ${file} cannot be read (${message}); it is now ${aside}.`;
  } catch {
    return `The layout of the panes begins anew, since ${file} cannot be read: ${message}`;
  }
}
