/** What a client can ask of the audit log beside its pages: how actions lie in time, and what became of one file. Types only. */

/** Actions of one stretch of time, by how they ended. */
export interface TimeBucketView {
  /** Start, milliseconds since the epoch. */
  readonly atMs: number;
  readonly ok: number;
  /** Refused by policy or denied by a person. */
  readonly stopped: number;
  /** Failed, failed in part, never ran, or nobody knows how it ended. */
  readonly failed: number;
  readonly running: number;
}

/** One change of a file, or an attempt at one. */
export interface FileStepView {
  readonly id: string;
  /** ISO 8601. */
  readonly ts: string;
  readonly by: string;
  readonly outcome: string;
  /** Somebody else had changed the file since the change before. */
  readonly isDrift: boolean;
  readonly canRollBack: boolean;
}

export interface AuditMethods {
  /** Oldest first, without gaps: minutes, hours or days, whatever fits into so many buckets. `isCut`: older actions were not counted. */
  'audit.timeline': {
    params: { readonly filter?: string; readonly buckets: number };
    result: { readonly bucketMs: number; readonly buckets: readonly TimeBucketView[]; readonly isCut: boolean };
  };
  /** Every change of the file that this operation was about, newest first. INVALID_ARGUMENT when it was about none. */
  'audit.history': {
    params: { readonly id: string };
    result: {
      readonly server: string;
      readonly path: string;
      readonly steps: readonly FileStepView[];
      /** Older operations were not looked at. */
      readonly isCut: boolean;
    };
  };
}
