/**
 * The registry of the palette: whatever can be done or gone to from it has its source in this list, in the order of the list.
 */
import { toWaitingEntries } from '../actions/waiting.ts';
import { toActionEntries } from './action-entries.ts';
import { toCommandEntries } from './command-entries.ts';
import type { PaletteSource } from './palette-entry.ts';
import { toAgentEntries, toDurableEntries, toServerEntries, toSessionEntries } from './place-entries.ts';

export const paletteSources: readonly PaletteSource[] = [
  toActionEntries,
  toWaitingEntries,
  toSessionEntries,
  toServerEntries,
  toDurableEntries,
  toAgentEntries,
  toCommandEntries,
];
