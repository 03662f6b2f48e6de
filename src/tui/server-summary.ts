/**
 * What the screen says of all servers together: every frame asks for it and there may be ten thousand, so it is counted once for each list that the
 * host tells. Pure.
 */
import type { ServerView, View } from '../protocol/view.ts';

export interface ServerSummary {
  /** By id. */
  readonly sorted: readonly ServerView[];
  readonly connected: number;
  /** Ids of those whose lost connection something waits for. */
  readonly retried: readonly string[];
}

/** A change makes another list. */
const summaries = new WeakMap<View['servers'], ServerSummary>();

export function summarizeServers(servers: View['servers']): ServerSummary {
  let summary = summaries.get(servers);
  if (!summary) {
    const sorted = Object.values(servers).sort((a, b) => a.id.localeCompare(b.id));
    summary = {
      sorted,
      connected: sorted.filter(({ state }) => state === 'connected').length,
      retried: sorted.filter(({ retryAtMs }) => retryAtMs != null).map(({ id }) => id),
    };
    summaries.set(servers, summary);
  }
  return summary;
}
