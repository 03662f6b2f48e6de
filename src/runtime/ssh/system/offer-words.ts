/** Why a server is beyond the SSH of this program, from what it offers. Pure. */
import type { Algorithms } from 'ssh2';
import { plainSshOptions } from '../../../core/ssh-options.ts';
import { type Narrowing, NoCommonAlgorithmError, toAlgorithms } from '../algorithms.ts';
import type { Offer } from './clear-handshake.ts';

/** `the server offers only the key exchange sntrup761x25519-sha512@openssh.com`; null when its offer is not the reason. */
export function toReason(offer: Offer, narrowing: Narrowing = plainSshOptions): string | null {
  const ours = toOurs(narrowing);
  if (typeof ours === 'string') return ours;
  const { kex, serverHostKey, cipher, hmac } = ours;
  const parts: readonly (readonly [string, readonly string[], unknown])[] = [
    ['the key exchange', offer.keyExchange, kex],
    ['the host key', offer.hostKey, serverHostKey],
    ['the cipher', offer.cipher, cipher],
    // Ciphers that authenticate by themselves need none.
    ['the checksum', offer.mac, offer.cipher.some(isSealing) ? offer.mac : hmac],
  ];
  const missing = parts.filter(([, theirs, own]) => !theirs.some((name) => Array.isArray(own) && own.includes(name)));
  if (missing.length === 0) return null;
  return `the server offers only ${missing.map(([what, theirs]) => `${what} ${toNames(theirs)}`).join(' and ')}`;
}

/** The reason itself, where the user's configuration leaves nothing of ours. */
function toOurs(narrowing: Narrowing): Algorithms | string {
  try {
    return toAlgorithms([], narrowing);
  } catch (error) {
    if (!(error instanceof NoCommonAlgorithmError)) throw error;
    return `${error.data?.['option']} of your ssh configuration allows only what signalbox has not itself`;
  }
}

/** The reason of a connection that was made as the one before it, which had one. */
export const noLongerNeeded = 'an earlier connection needed it; the next one does without';

function isSealing(cipher: string): boolean {
  return /-gcm@openssh\.com$/.test(cipher);
}

/** Foreign text: what no algorithm is called is left out. */
function toNames(names: readonly string[]): string {
  const plain = names.filter((name) => /^[\x21-\x7e]{1,64}$/.test(name) && !/^(ext-info|kex-strict)-/.test(name));
  const shown = plain.slice(0, namesShownMax);
  return shown.join(', ') + (plain.length > shown.length ? ', …' : '');
}

const namesShownMax = 3;
