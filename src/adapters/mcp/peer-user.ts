/**
 * Which user of this machine holds the other end of a TCP connection, from the kernel's own table (Linux, proc(5): /proc/net/tcp). It
 * decides nothing. On other systems, and where the table does not show this connection, the answer is that nobody can tell.
 */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';

/** `gone`: our end is in the table and theirs is not, so nobody holds it any more. */
export type PeerUser = number | 'gone' | 'unknown';

/** Both addresses of IPv4, as our end sees them. */
export interface ConnectionEnds {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

export type PeerLookup = (ends: ConnectionEnds) => Promise<PeerUser>;

/** An agent's network namespace ends at the program that carries its packets, which is of our user, as the agent is. */
export function createPeerLookup(readTables: () => Promise<string> = readKernelTables): PeerLookup {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<string> | null = null;
  return async (ends) => {
    // One reading for all that came before it began, however many connect at once.
    next ??= running.then(() => {
      next = null;
      const reading = readTables();
      running = reading.catch(() => undefined);
      return reading;
    });
    return findPeerUser(await next, ends);
  };
}

/** @param tables the text of /proc/net/tcp and /proc/net/tcp6. */
export function findPeerUser(tables: string, ends: ConnectionEnds): PeerUser {
  const ours = { addresses: toTableAddresses(ends.localAddress), port: toTablePort(ends.localPort) };
  const theirs = { addresses: toTableAddresses(ends.remoteAddress), port: toTablePort(ends.remotePort) };
  let isOursThere = false;
  for (const line of tables.split('\n')) {
    const [, local = '', remote = '', state = '', , , , user = ''] = line.trim().split(/\s+/);
    if (isEnd(local, ours) && isEnd(remote, theirs)) isOursThere = true;
    // A connection that only waits for its last packets shows user 0, whoever held it.
    if (isEnd(local, theirs) && isEnd(remote, ours) && state !== timeWait && /^\d+$/.test(user)) return Number(user);
  }
  return isOursThere ? 'gone' : 'unknown';
}

/** TCP_TIME_WAIT. */
const timeWait = '06';

interface End {
  readonly addresses: readonly string[];
  readonly port: string;
}

function isEnd(field: string, { addresses, port }: End): boolean {
  const [address = '', fieldPort] = field.split(':');
  return fieldPort === port && addresses.includes(address);
}

function toTablePort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** As IPv4 and as IPv4 within IPv6: words of 32 bits in the byte order of the machine. */
function toTableAddresses(address: string): readonly string[] {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'));
  const isLittle = endianness() === 'LE';
  const word = (isLittle ? bytes.reverse() : bytes).join('');
  return [word, `0000000000000000${isLittle ? 'FFFF0000' : '0000FFFF'}${word}`];
}

async function readKernelTables(): Promise<string> {
  if (process.platform !== 'linux') return '';
  const texts = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => ''));
  return (await Promise.all(texts)).join('\n');
}
