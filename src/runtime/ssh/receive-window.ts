/**
 * The window of a channel (RFC 4254, section 5.2), granted by us as its output is taken: ssh2 always grants 2 MiB, so that as much lies in
 * memory for each flooded channel, and as much rushes by after a Ctrl-C. Knows nothing of what comes.
 */
import type { ClientChannel } from 'ssh2';
import { takeWindow } from './ssh2-internals.ts';

/**
 * Counts what is taken of both streams. The server may send `bytesMax` beyond that, once it has used up what it was granted at the
 * beginning. Must be called in the turn in which the channel opened; does nothing where ssh2 is not built as it was.
 */
export function keepWindow(channel: ClientChannel, bytesMax: number): void {
  const window = takeWindow(channel);
  if (window === null) return;
  let outstanding = window.bytes;
  const handle = (chunk: Buffer): void => {
    outstanding -= chunk.length;
    const wanted = bytesMax - outstanding;
    // Half of it at once, so that not each chunk is answered with a message.
    if (wanted < bytesMax / 2) return;
    outstanding += wanted;
    window.grant(wanted);
  };
  channel.on('data', handle);
  channel.stderr.on('data', handle);
}
