/**
 * The window of a channel (RFC 4254, section 5.2), granted by us as its output is taken: ssh2 always grants 2 MiB, so that as much lies in
 * memory for each flooded channel, and as much rushes by after a Ctrl-C. Knows nothing of what comes.
 */
import type { ClientChannel } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { takeWindow } from './ssh2-internals.ts';

export interface KeptWindow {
  readonly bytes: number;
  /** Of output that is taken so fast that it is gone in no time: each grant is a message, for which both ends are woken. */
  readonly bytesMax?: number;
  readonly clock: Clock;
}

/** More than `bytes` is granted only of what is taken in this time. */
const aheadMs = 10;

/**
 * Counts what is taken of both streams. The server may send `bytes` beyond that, or more of what is taken fast, once it has used up what it was
 * granted at the beginning. Must be called in the turn in which the channel opened; does nothing where ssh2 is not built as it was.
 */
export function keepWindow(channel: ClientChannel, { bytes, bytesMax = bytes, clock }: KeptWindow): void {
  const window = takeWindow(channel);
  if (window === null) return;
  let outstanding = window.bytes;
  let size = bytes;
  let taken = 0;
  let sinceMs = clock.monotonicMs();
  const handle = (chunk: Buffer): void => {
    outstanding -= chunk.length;
    taken += chunk.length;
    // Half of it at once, so that not each chunk is answered with a message.
    if (size - outstanding < size / 2) return;
    const nowMs = clock.monotonicMs();
    const aheadBytes = (taken * aheadMs) / Math.max(nowMs - sinceMs, 1);
    size = Math.round(Math.min(bytesMax, Math.max(bytes, aheadBytes)));
    taken = 0;
    sinceMs = nowMs;
    // It has become smaller, and more than that is still under way.
    if (size <= outstanding) return;
    window.grant(size - outstanding);
    outstanding = size;
  };
  channel.on('data', handle);
  channel.stderr.on('data', handle);
}
