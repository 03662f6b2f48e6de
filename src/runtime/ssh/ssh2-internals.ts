/** The few facts ssh2 knows and does not publish, read in one place with their types checked at run time. */
import type { Client, SFTPWrapper } from 'ssh2';

/**
 * The most bytes one WRITE may carry. A longer `write()` is split by ssh2 into requests that follow one another, so a close or rename
 * that was sent right behind it would overtake the rest. 30,000 is below what every server takes (SFTP draft 02, section 3).
 */
export function writeBytesMaxOf(sftp: SFTPWrapper): number {
  const value: unknown = Reflect.get(sftp, '_maxWriteLen');
  return typeof value === 'number' && value > 0 ? value : 30_000;
}

/** Whether the server announced an SFTP extension in the version ssh2 speaks. */
export function hasExtension(sftp: SFTPWrapper, name: string, version: string): boolean {
  const extensions: unknown = Reflect.get(sftp, '_extensions');
  return typeof extensions === 'object' && extensions !== null && Reflect.get(extensions, name) === version;
}

/** Whether the channel still takes requests: one sent on a closed channel is dropped without an answer. */
export function isOpen(channel: object): boolean {
  const outgoing: unknown = Reflect.get(channel, 'outgoing');
  return typeof outgoing === 'object' && outgoing !== null && Reflect.get(outgoing, 'state') === 'open';
}

/**
 * Sends the keepalive request that ssh2 itself sends (keepalive@openssh.com) and calls back on its answer, whichever it is. Answers come
 * in the order of the requests, so the callback is queued in the same step.
 */
export function sendPing(client: Client, onAnswer: () => void): void {
  const callbacks: unknown = Reflect.get(client, '_callbacks');
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (!Array.isArray(callbacks) || typeof protocol !== 'object' || protocol === null) return;
  const ping: unknown = Reflect.get(protocol, 'ping');
  if (typeof ping !== 'function') return;
  callbacks.push((error: unknown) => {
    // An Error means that the connection ended; `true` is a refusal, which is an answer too.
    if (!(error instanceof Error)) onAnswer();
  });
  ping.call(protocol);
}

/** The most bytes one READ is answered with; ssh2 would split a longer one, and mistake a short answer for a full one. */
export function readBytesMaxOf(sftp: SFTPWrapper): number {
  const value: unknown = Reflect.get(sftp, '_maxReadLen');
  return typeof value === 'number' && value > 0 ? value : 30_000;
}
