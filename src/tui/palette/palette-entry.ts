/**
 * What the command palette lists: one entry for each thing that can be done or gone to, and where entries come from. Types only.
 */
import type { CommandPorts } from '../actions/commands.ts';

export interface PaletteEntry {
  /** Stays the same from time to time: what was used before comes first by it. */
  readonly id: string;
  /** Heading in the list that nothing was typed for, and searched too. */
  readonly group: string;
  /** Foreign texts are allowed in it and in `detail`; they are escaped where they are shown. */
  readonly title: string;
  /** One sentence, or a few words. */
  readonly detail: string;
  /** The keys that do the same, as people write them; null when there are none. */
  readonly key: string | null;
  /** The word of the command line for it. */
  readonly command: string | null;
  /** Why it cannot be done now; null when it can. */
  readonly disabled: string | null;
  run(): void;
}

/** Asked when the palette is opened and when what the host says has changed; called often, so it only reads. */
export type PaletteSource = (ports: CommandPorts) => readonly PaletteEntry[];
