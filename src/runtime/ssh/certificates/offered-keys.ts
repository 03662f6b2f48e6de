/**
 * Which keys one login may still offer: none twice, so that no passphrase is asked for a key that the agent has offered, and none of a kind that
 * the user's configuration leaves out (PubkeyAcceptedAlgorithms).
 */
import { type KeyFile, readKeyFile } from '../key-file.ts';
import { typeOf } from '../known-hosts.ts';
import { toOpenSshKey } from './open-ssh-key.ts';

export class OfferedKeys {
  readonly #acceptedTypes: readonly string[] | null;
  readonly #offered = new Set<string>();

  constructor(acceptedTypes: readonly string[] | null) {
    this.#acceptedTypes = acceptedTypes;
  }

  /** Counts as offered from then on. */
  mayOffer(blob: Buffer): boolean {
    const name = blob.toString('base64');
    if (this.#offered.has(name) || !this.#isAccepted(typeOf(blob))) return false;
    this.#offered.add(name);
    return true;
  }

  /** Of a file whose public half is not known, only opening it can tell. */
  async mayOfferFile(file: KeyFile): Promise<boolean> {
    const blob = await toPublicKey(file);
    return blob === null || this.mayOffer(blob);
  }

  #isAccepted(type: string | null): boolean {
    if (this.#acceptedTypes === null || type === null) return true;
    const rsa = /^ssh-rsa(?<certificate>-cert-v01@openssh\.com)?$/.exec(type);
    const names = rsa ? rsaSignatures.map((name) => name + (rsa.groups?.certificate ?? '')) : [type];
    return names.some((name) => this.#acceptedTypes?.includes(name));
  }
}

/** The public half of what a file holds, or the file beside it: of a private key, a public key or a certificate. Null when neither says. */
export async function readPublicKey(path: string): Promise<Buffer | null> {
  return await toPublicKey(await readKeyFile(path));
}

async function toPublicKey({ path, bytes }: KeyFile): Promise<Buffer | null> {
  const text = bytes.toString('latin1');
  return (
    toOpenSshKey(text)?.publicKey ??
    toLineKey(text) ??
    toLineKey((await readKeyFile(`${path}.pub`)).bytes.toString('latin1'))
  );
}

function toLineKey(text: string): Buffer | null {
  const [type, encoded] = text.trim().split(/\s+/);
  const blob = Buffer.from(encoded ?? '', 'base64');
  return type !== undefined && type !== '' && typeOf(blob) === type ? blob : null;
}

const rsaSignatures = ['rsa-sha2-512', 'rsa-sha2-256'];
