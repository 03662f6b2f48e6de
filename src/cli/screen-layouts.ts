/**
 * Where the places of panes outlive a screen: one small file below the data folder, written by the screens themselves. It is not the host's: each
 * screen has its own layout, hosts of any version go with it, and nothing of it is a fact about a server or a session. Screens that run at the
 * same time each put in what they changed; of the same session the later one stays.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromPlacements, type KeptPlacement, type KeptPlacements, toPlacements } from '../tui/placement-text.ts';
import type { PlacementStore } from '../tui/placements.ts';

/** Two hundred sessions with a division each are far below it. */
const fileBytesMax = 1024 * 1024;

/**
 * @param data the data folder.
 * @param onProblem is told in one sentence what cannot be read or written: each once.
 */
export function openScreenLayouts(data: string, onProblem: (sentence: string) => void): PlacementStore {
  const file = join(data, 'screen-layouts.json');
  let hasFailed = false;
  const read = (): KeptPlacements => {
    try {
      return readLayouts(file);
    } catch (error) {
      onProblem(setAside(file, error as Error));
      return new Map();
    }
  };
  return {
    read,
    write: (changed) => {
      try {
        writeLayouts(file, new Map([...read(), ...changed]));
      } catch (error) {
        if (!hasFailed) onProblem(`The layout of the panes cannot be kept: ${(error as Error).message}`);
        hasFailed = true;
      }
    },
  };
}

/** Throws when what is there is not what `writeLayouts` leaves. */
function readLayouts(file: string): KeptPlacements {
  let text: string;
  try {
    if (statSync(file).size > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  return toPlacements(JSON.parse(text));
}

/** Whole or not at all: a screen that is killed meanwhile leaves the old file. */
function writeLayouts(file: string, kept: KeptPlacements): void {
  const newest = [...kept].sort(([, a], [, b]) => b.usedAtMs - a.usedAtMs);
  let text = toText(newest);
  while (Buffer.byteLength(text) > fileBytesMax) {
    newest.length = Math.floor(newest.length / 2);
    text = toText(newest);
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}

function toText(kept: readonly (readonly [string, KeptPlacement])[]): string {
  return `${JSON.stringify(fromPlacements(new Map(kept)))}\n`;
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
