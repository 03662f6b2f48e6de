/** Keeps all transcripts together below their bound: the oldest of sessions that ended go first, recorded before and after. Those that live are left alone. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Serial } from '../../base/serial.ts';
import { OperationError } from '../../core/codes.ts';
import type { HostParts } from '../parts.ts';
import { listShelved, type ShelvedSession } from './session-shelf.ts';
import { toTranscriptPath } from './transcript-file.ts';

export interface TranscriptKeeperOptions extends Pick<HostParts, 'audit' | 'clock' | 'log'> {
  readonly sessionsFolder: string;
  /** Of all transcripts together. */
  readonly bytesMax: number;
  /** Sessions that have not ended, as the host has them. */
  readonly liveSessions: () => ReadonlySet<string>;
}

/** What is removed goes down to this part of the bound, so that not every session removes something. */
const keptPart = 0.9;
/** Names in one record; each is five characters, and a text of a record may have 8 Ki. */
const namesPerRecord = 500;

export class TranscriptKeeper {
  readonly #options: TranscriptKeeperOptions;
  readonly #serial = new Serial();

  constructor(options: TranscriptKeeperOptions) {
    this.#options = options;
  }

  /** Never rejects: what fails is said in the host's log, and tried again with the next session that ends. */
  async keepBound(): Promise<void> {
    const { bytesMax, log } = this.#options;
    await this.#serial
      .run(async () => {
        const all = await listShelved(this.#options.sessionsFolder);
        const bytes = sum(all);
        if (bytes <= bytesMax) return;
        const chosen = this.#choose(all, bytes - Math.floor(bytesMax * keptPart));
        if (sum(chosen) < bytes - bytesMax)
          log(
            `transcripts are above their bound of ${bytesMax} bytes (sessions.totalGiB), and the rest are of sessions that live`,
          );
        for (let from = 0; from < chosen.length; from += namesPerRecord)
          await this.#remove(chosen.slice(from, from + namesPerRecord), bytes);
      })
      .catch((error: Error) => log(`transcripts are above their bound and could not be removed: ${error.message}`));
  }

  /** Resolves when nothing is being removed. */
  idle(): Promise<void> {
    return this.#serial.idle();
  }

  #choose(all: readonly ShelvedSession[], bytesMin: number): readonly ShelvedSession[] {
    const live = this.#options.liveSessions();
    const chosen: ShelvedSession[] = [];
    for (const session of all.toSorted((one, other) => one.changedMs - other.changedMs))
      if (session.isEnded && !live.has(session.id) && sum(chosen) < bytesMin) chosen.push(session);
    return chosen;
  }

  async #remove(sessions: readonly ShelvedSession[], bytesBefore: number): Promise<void> {
    const { audit, clock, bytesMax, sessionsFolder } = this.#options;
    const id = `${clock.nowMs().toString(36)}-sessions-${randomBytes(3).toString('hex')}`;
    const who = { origin: 'program', approver: 'policy' } as const;
    const why = `all transcripts together had ${bytesBefore} bytes, above their bound of ${bytesMax} (sessions.totalGiB)`;
    const names = sessions.map((session) => session.id).join(' ');
    const note = `removal of the transcripts of ${sessions.length} ended sessions, because ${why}: ${names}`;
    await audit.append([
      { type: 'intent', id, ...who, note },
      { type: 'permit', id, ...who, decision: 'auto-allow', rule: 'sessions' },
    ]);
    try {
      for (const session of sessions) await rm(toTranscriptPath(sessionsFolder, session.id), { force: true });
    } catch (error) {
      const code = error instanceof OperationError ? error.code : 'INTERNAL';
      await audit.append([{ type: 'result', id, ...who, status: 'error', code, reason: (error as Error).message }]);
      throw error;
    }
    await audit.append([{ type: 'result', id, ...who, status: 'ok', bytes: sum(sessions) }]);
  }
}

function sum(sessions: readonly ShelvedSession[]): number {
  return sessions.reduce((total, { bytes }) => total + bytes, 0);
}
