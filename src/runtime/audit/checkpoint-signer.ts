/** Signs how far the log has come and puts the checkpoint beside the log and in the second place. When that is due, the writer of the log knows. */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { ChainHead } from '../../core/audit/chain.ts';
import { recordsPerCheckpoint, signCheckpoint, toPublicKeyText } from '../../core/audit/checkpoint.ts';
import { CheckpointPlace, checkpointsName } from './checkpoint-files.ts';
import { loadSigningKey } from './signing-key.ts';

export interface Signing {
  /** Of the private key; made when it does not exist. */
  readonly keyFile: string;
  /** Absolute path of a file elsewhere that gets every checkpoint too; null for none. */
  readonly secondPlace: string | null;
}

export class CheckpointSigner {
  /** Whether the key was made now: nothing can have been signed before. */
  readonly isNew: boolean;
  readonly #clock: Clock;
  readonly #key: KeyObject;
  readonly #own: CheckpointPlace;
  readonly #second: CheckpointPlace | null;
  #signedSeq = -1;
  #recalledSeq = 0;

  /** Throws AUDIT_UNAVAILABLE for a key that cannot be used. */
  constructor(folder: string, signing: Signing, clock: Clock) {
    this.#clock = clock;
    this.isNew = !existsSync(signing.keyFile);
    this.#key = loadSigningKey(signing.keyFile);
    this.#own = new CheckpointPlace(join(folder, checkpointsName));
    this.#second = signing.secondPlace === null ? null : new CheckpointPlace(signing.secondPlace);
  }

  get publicKey(): string {
    return toPublicKeyText(this.#key);
  }

  /** The newest record that a checkpoint beside the log is known to cover; 0 for none. */
  get signedSeq(): number {
    return Math.max(this.#signedSeq, this.#recalledSeq);
  }

  /** What an earlier run has signed. */
  recall(seq: number): void {
    this.#recalledSeq = seq;
  }

  isDue(seq: number): boolean {
    return seq - this.#signedSeq >= recordsPerCheckpoint;
  }

  /** Only of records that are on the disk for sure. Never throws: what a place missed it gets with the next one. */
  async sign(segment: string, head: ChainHead): Promise<void> {
    if (head.seq === this.#signedSeq) return;
    const ts = new Date(this.#clock.nowMs()).toISOString();
    const checkpoint = signCheckpoint({ segment, head, ts }, this.#key);
    await this.#second?.append(checkpoint);
    if (await this.#own.append(checkpoint)) this.#signedSeq = head.seq;
  }

  /** A sentence for each place that could not be written. */
  get problems(): readonly string[] {
    return [this.#own, this.#second].flatMap((place) =>
      place === null || place.problem === null
        ? []
        : [`Checkpoints of the audit log cannot be written to ${place.path} (${place.problem}).`],
    );
  }
}
