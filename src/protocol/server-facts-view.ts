/** What a server told about itself, as clients show it. Data only. */

/** Null is for what could not be found out; `unknown` says why. */
export interface ServerFactsView {
  readonly server: string;
  /** ISO 8601. */
  readonly gatheredAt: string;
  readonly os: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
  readonly packageManager: string | null;
  readonly init: string | null;
  readonly services: { readonly running: readonly string[]; readonly more: number } | null;
  readonly processors: number | null;
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number } | null;
  readonly disks:
    | readonly { readonly mount: string; readonly sizeBytes: number; readonly availableBytes: number }[]
    | null;
  readonly uptimeSeconds: number | null;
  readonly clockSkewSeconds: number | null;
  readonly loginShell: string | null;
  readonly tools: readonly string[] | null;
  readonly line: LineView | null;
  readonly unknown: readonly { readonly probe: string; readonly reason: string }[];
}

/** What connections have shown by themselves, without a question. */
export interface LineView {
  readonly hostKey: string;
  /** The certificate authority for whose sake it is trusted; null: the key itself is known. */
  readonly authority: string | null;
  /** Foreign text. */
  readonly software: string | null;
  /** Why the system's ssh makes the connections, a clause with foreign text in it; null: it does not. */
  readonly systemSsh: string | null;
  /** Milliseconds. */
  readonly roundTripMs: number | null;
  readonly isFar: boolean;
  readonly files: { readonly posixRename: boolean; readonly fsync: boolean; readonly statvfs: boolean } | 'none' | null;
  readonly sessionsMax: number | null;
  readonly commands: 'ours' | 'other program' | 'none' | null;
  readonly printsFirst: boolean;
}
