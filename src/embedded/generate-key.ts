/** Fresh ed25519 keys in OpenSSH's format. About one in 220 that ssh2 1.17 writes cannot be read back, by itself or by OpenSSH: those are made anew. */
import ssh2 from 'ssh2';
import { assert } from '../base/assert.ts';

/** Far more than chance needs. */
const triesMax = 50;

export function generateKey(comment: string): { readonly private: string; readonly public: string } {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
  assert(false, `ssh2 wrote ${triesMax} unreadable keys in a row.`);
}
