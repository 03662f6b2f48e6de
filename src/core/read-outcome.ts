/** What a read of a file came back with. It knows nothing of how it was read. */

export interface ReadOutcome {
  readonly kind: 'read-file';
  readonly content: Uint8Array;
  /** Of the whole file. */
  readonly size: number;
  readonly realPath: string;
  /** To be called once nobody looks at the content any more: it is zeroed, and its memory used for another read. Absent: nothing is kept. */
  readonly release?: () => void;
}
