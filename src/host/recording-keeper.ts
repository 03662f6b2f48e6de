/**
 * Keeps all recordings together below their bound, and takes old ones away when a person asks: recorded before and after, with their
 * names and the reason. It knows no files.
 */
import { randomBytes } from 'node:crypto';
import type { Disposable } from '../base/lifecycle.ts';
import { Serial } from '../base/serial.ts';
import type { AuditEntry } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import type { Params, Result } from '../protocol/methods.ts';
import type { HostParts } from './parts.ts';

/** A recording as it lies there. */
export interface KeptRecording {
  readonly name: string;
  readonly bytes: number;
  /** When something was last added to it. */
  readonly changedMs: number;
}

export interface RecordingShelf {
  /** In no order. */
  list(): Promise<readonly KeptRecording[]>;
  /** One that is gone already is no error. */
  remove(name: string): Promise<void>;
}

export interface RecordingKeeperOptions extends Pick<HostParts, 'audit' | 'gate' | 'clock' | 'log'> {
  readonly shelf: RecordingShelf;
  /** Of all recordings together. */
  readonly bytesMax: number;
  /** Sessions that have not ended: theirs go last. */
  readonly liveSessions: () => ReadonlySet<string>;
}

/** What is removed goes down to this part of the bound, so that not every command removes something. */
const keptPart = 0.9;
/** Names in one record; each is some twenty characters, and a text of a record may have 8 Ki. */
const namesPerRecord = 200;

export class RecordingKeeper implements Disposable {
  readonly #options: RecordingKeeperOptions;
  readonly #serial = new Serial();
  readonly #running = new Set<string>();
  readonly #subscriptions: readonly Disposable[];
  #bytes = 0;
  #isClosed = false;

  constructor(options: RecordingKeeperOptions) {
    this.#options = options;
    this.#subscriptions = [
      options.gate.onActivity((activity) => {
        if (activity.kind === 'started') this.#running.add(activity.id);
        else if (activity.kind === 'ended') this.#running.delete(activity.id);
      }),
      options.audit.onAppend(({ type, recordingBytes = 0 }) => {
        if (type !== 'result' || recordingBytes === 0) return;
        this.#bytes += recordingBytes;
        if (this.#bytes > options.bytesMax) void this.keepBound();
      }),
    ];
  }

  /** Removes the oldest when all together are above their bound. Never rejects: what fails is said in the host's log, and tried again later. */
  async keepBound(): Promise<void> {
    const { bytesMax, log } = this.#options;
    await this.#serial
      .run(async () => {
        if (this.#isClosed) return;
        const all = await this.#list();
        if (this.#bytes <= bytesMax) return;
        const removed = await this.#choose(all, this.#bytes - Math.floor(bytesMax * keptPart));
        const why = `all recordings together had ${this.#bytes} bytes, above their bound of ${bytesMax} (recordings.totalGiB)`;
        await this.#remove(removed, why, { origin: 'program', approver: 'policy' });
      })
      .catch((error: Error) => log(`recordings are above their bound and could not be removed: ${error.message}`));
  }

  /** Throws AUDIT_UNAVAILABLE when it could not be recorded; then nothing was removed. */
  purge({ before }: Params<'recordings.purge'>, client: 'screen' | 'cli'): Promise<Result<'recordings.purge'>> {
    const beforeMs = Date.parse(before);
    return this.#serial.run(async () => {
      const old = (await this.#list()).filter((one) => one.changedMs < beforeMs);
      const why = `a purge of what was recorded before ${new Date(beforeMs).toISOString()}`;
      await this.#remove(old, why, { origin: 'operator', approver: `operator@${client}` });
      const bytes = sum(old);
      const message =
        old.length === 0
          ? `Nothing was recorded before ${new Date(beforeMs).toISOString()}.`
          : `${old.length} recordings (${bytes} bytes) are gone; the log still names them with their hashes.`;
      return { recordings: old.length, bytes, message };
    });
  }

  dispose(): void {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Oldest first, without those that are being written. */
  async #list(): Promise<KeptRecording[]> {
    const all = await this.#options.shelf.list();
    this.#bytes = sum(all);
    return all.filter((one) => !this.#running.has(toId(one))).sort((one, other) => one.changedMs - other.changedMs);
  }

  /** The oldest of sessions that have ended, and only then the oldest of those that live. */
  async #choose(all: readonly KeptRecording[], bytesMin: number): Promise<KeptRecording[]> {
    const live = this.#options.liveSessions();
    const chosen: KeptRecording[] = [];
    const later: KeptRecording[] = [];
    for (const one of all) {
      if (sum(chosen) >= bytesMin) break;
      const session = live.size === 0 ? null : ((await this.#options.audit.records(toId(one)))[0]?.session ?? null);
      (session !== null && live.has(session) ? later : chosen).push(one);
    }
    for (const one of later) if (sum(chosen) < bytesMin) chosen.push(one);
    return chosen;
  }

  async #remove(
    recordings: readonly KeptRecording[],
    why: string,
    who: Pick<AuditEntry, 'origin' | 'approver'>,
  ): Promise<void> {
    const { audit, clock, shelf } = this.#options;
    for (let from = 0; from < recordings.length; from += namesPerRecord) {
      const part = recordings.slice(from, from + namesPerRecord);
      const id = `${clock.nowMs().toString(36)}-recordings-${randomBytes(3).toString('hex')}`;
      const note = `removal of ${part.length} recordings, because of ${why}: ${part.map(toId).join(' ')}`;
      await audit.append([
        { type: 'intent', id, ...who, note },
        { type: 'permit', id, ...who, decision: 'auto-allow', rule: 'recordings' },
      ]);
      try {
        for (const { name, bytes } of part) {
          await shelf.remove(name);
          this.#bytes -= bytes;
        }
      } catch (error) {
        const code = error instanceof OperationError ? error.code : 'INTERNAL';
        await audit.append([{ type: 'result', id, ...who, status: 'error', code, reason: (error as Error).message }]);
        throw error;
      }
      await audit.append([{ type: 'result', id, ...who, status: 'ok', bytes: sum(part) }]);
    }
  }
}

function sum(recordings: readonly KeptRecording[]): number {
  return recordings.reduce((total, one) => total + one.bytes, 0);
}

/** A recording is named after its operation. */
function toId({ name }: KeptRecording): string {
  return name.replace(/\.cast$/, '');
}
