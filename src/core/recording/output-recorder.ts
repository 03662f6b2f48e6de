/** Records the output of one operation, and registers the recording in the log while it runs: name, bytes and running hash. */
import type { Disposable } from '../../base/lifecycle.ts';
import type { AuditEntry } from '../audit/record.ts';
import { limits } from '../limits.ts';
import type { GateParts } from '../orchestrator.ts';
import type { Recording, RecordingFacts } from '../ports.ts';
import type { Run } from '../run.ts';
import type { TerminalInput, TerminalSize } from '../terminal.ts';

export class OutputRecorder {
  readonly #run: Run;
  readonly #parts: Pick<GateParts, 'recordings' | 'redactor' | 'clock' | 'audit'>;
  readonly #title: string;
  /** Of the terminal; null for output without one. */
  #size: TerminalSize | null;
  #recording: Recording | null = null;
  #timer: Disposable | null = null;
  /** Bytes that the last progress record names. */
  #registeredBytes = 0;

  constructor(
    run: Run,
    title: string,
    parts: Pick<GateParts, 'recordings' | 'redactor' | 'clock' | 'audit'>,
    size: TerminalSize | null = null,
  ) {
    this.#size = size;
    this.#run = run;
    this.#title = title;
    this.#parts = parts;
  }

  /** Only what was released is recorded; a command that prints nothing leaves no file. */
  write(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void {
    const { recordings, redactor } = this.#parts;
    if (recordings === undefined) return;
    if (this.#recording === null) {
      this.#recording = recordings.begin({
        auditId: this.#run.id,
        title: redactor.redact(this.#title).text,
        ...(this.#size === null ? { source: 'output' } : { source: 'terminal', size: this.#size }),
      });
      this.#arm();
    }
    this.#recording.write(stream, chunk);
    if (this.#recording.bytes - this.#registeredBytes >= limits.recordingProgressEveryBytes) this.#register();
  }

  /** The disk is slower than the server: the output is to wait there. */
  get isBehind(): boolean {
    return this.#recording?.isBehind === true;
  }

  /** The same terminal; its sizes are recorded. */
  watch(terminal: TerminalInput): TerminalInput {
    return {
      write: (bytes) => terminal.write(bytes),
      resize: (size) => {
        this.#size = size;
        this.#recording?.resize(size.columns, size.rows);
        terminal.resize(size);
      },
      pause: () => terminal.pause(),
      resume: () => terminal.resume(),
    };
  }

  /** Ends the recording; resolves with what the result record says of it. */
  async end(): Promise<Partial<AuditEntry>> {
    this.#timer?.dispose();
    if (this.#recording === null) return {};
    return toFields(await this.#recording.end());
  }

  #arm(): void {
    this.#timer = this.#parts.clock.after(limits.recordingProgressEveryMs, () => {
      this.#register();
      this.#arm();
    });
  }

  #register(): void {
    const facts = this.#recording?.facts();
    if (!facts || facts.bytes === this.#registeredBytes) return;
    this.#registeredBytes = facts.bytes;
    // A log that cannot be written any more is told by the result record, which follows.
    this.#parts.audit.append([this.#run.record('progress', toFields(facts))]).catch(() => undefined);
  }
}

function toFields({ name, bytes, sha256, problem }: RecordingFacts): Partial<AuditEntry> {
  return {
    recording: name,
    recordingBytes: bytes,
    recordingSha256: sha256,
    ...(problem === null ? {} : { note: problem }),
  };
}
