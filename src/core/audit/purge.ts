/** Which kept contents a purge takes away. Pure. */

/** One file of one server, or every content that was kept before a time. Milliseconds since the epoch. */
export type PurgeScope =
  | { readonly kind: 'path'; readonly server: string; readonly path: string }
  | { readonly kind: 'before'; readonly beforeMs: number };

export interface PurgeReport {
  /** Contents that are gone; their hashes stay. */
  readonly contents: number;
  /** Commits that were written anew. */
  readonly commits: number;
}

/** For records and messages. */
export function describePurge(scope: PurgeScope): string {
  if (scope.kind === 'path') return `every kept content of ${scope.path} on ${scope.server}`;
  return `every content that was kept before ${new Date(scope.beforeMs).toISOString()}`;
}
