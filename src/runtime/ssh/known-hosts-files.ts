/** Files of known_hosts as they are now, parsed once for all the connections that begin while they stay the same. It judges no key. */
import { readFile } from 'node:fs/promises';
import { OperationError } from '../../core/codes.ts';
import { KeptReading } from '../kept-reading.ts';
import { type KnownHost, parseKnownHosts } from './known-hosts.ts';

/** Those that are read when a server names files of its own; more are simply read again. */
const filesKeptMax = 32;

export class KnownHostsFiles {
  readonly #readings = new Map<string, KeptReading<readonly KnownHost[]>>();

  /** One that is not there holds nothing. Throws CONFIG_INVALID when it cannot be read. */
  read(file: string): Promise<readonly KnownHost[]> {
    const reading =
      this.#readings.get(file) ?? new KeptReading([file], async () => parseKnownHosts(await readIfThere(file), file));
    this.#readings.delete(file);
    this.#readings.set(file, reading);
    for (const oldest of this.#readings.keys()) {
      if (this.#readings.size <= filesKeptMax) break;
      this.#readings.delete(oldest);
    }
    return reading.current();
  }
}

/** Empty when it is not there. Throws CONFIG_INVALID when it cannot be read. */
export async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
    throw new OperationError('CONFIG_INVALID', `The host keys in ${file} cannot be read; make the file readable.`, {
      cause: error,
    });
  }
}
