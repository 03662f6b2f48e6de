/** A lost connection that something waits for: when it is tried again, in words. Pure. */
import type { ServerView } from '../../protocol/view.ts';

/** `retry in 12 s`, in whole seconds; null where nothing is tried again. */
export function toRetryWords({ retryAtMs }: Pick<ServerView, 'retryAtMs'>, nowMs: number): string | null {
  if (retryAtMs == null) return null;
  const seconds = Math.ceil((retryAtMs - nowMs) / 1_000);
  return seconds > 0 ? `retry in ${seconds} s` : 'trying again';
}
