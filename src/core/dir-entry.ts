/** What a folder and one of its entries are described by. Names are text as base/byte-names.ts has it. */

export interface DirEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Seconds since the epoch. */
  readonly mtimeSeconds: number;
  readonly linkTarget: string | null;
}

export interface Listing {
  readonly entries: readonly DirEntry[];
  readonly truncated: boolean;
  /** There are more than were read, so those given need not be the first by name. */
  readonly unsorted?: true;
}
