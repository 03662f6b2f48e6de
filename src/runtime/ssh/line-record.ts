/** What one connection learns of its line and its server as it is used, beginning with what earlier ones have learned. It asks nothing. */
import { Emitter } from '../../base/event.ts';
import type { FileService, LineFacts } from '../../core/facts/line-facts.ts';

export interface LineRecordOptions {
  readonly hostKey: string;
  readonly authority: string | null;
  readonly software: string | null;
  readonly systemSsh: string | null;
  /** Of earlier connections to the same record; of another host key it counts for nothing. */
  readonly known: LineFacts | null;
  /** From this round trip on, in milliseconds, a server is far. */
  readonly farFromMs: number;
}

export class LineRecord {
  readonly #farFromMs: number;
  readonly #changed = new Emitter<LineFacts>();
  /** What a busy machine adds is not the line's, so the shortest counts; null before the first of this connection. */
  #roundTripMs: number | null = null;
  #measured = 0;
  readonly #wasFar: boolean;
  #facts: LineFacts;
  /** What this connection shows from the beginning is other than what is known. */
  #isUntold: boolean;
  #open = 0;
  #openMost = 0;

  constructor({ hostKey, authority, software, systemSsh, known, farFromMs }: LineRecordOptions) {
    this.#farFromMs = farFromMs;
    const same = known?.hostKey === hostKey ? known : null;
    this.#facts = { ...nothing, ...same, hostKey, authority, software, systemSsh };
    this.#facts = { ...this.#facts, isFar: this.#isFar(this.#facts.roundTripMs) };
    this.#wasFar = this.#facts.isFar;
    this.#isUntold = same !== null && (same.software !== software || same.systemSsh !== systemSsh);
  }

  /** Not for each round trip: only where what there is to say is another than before. */
  readonly onChanged = this.#changed.event;

  get facts(): LineFacts {
    return this.#facts;
  }

  /** Of earlier connections before the first answer on this one; 0 where none is known. */
  get roundTripMs(): number {
    return this.#roundTripMs ?? this.#facts.roundTripMs ?? 0;
  }

  get isFar(): boolean {
    return this.#isFar(this.roundTripMs) && !this.#isDoubtful;
  }

  /** `again`: it is to be measured once more at once, since a machine that is busy with a login looks like a server that is far. */
  noteRoundTrip(measuredMs: number): 'enough' | 'again' {
    const wasDoubtful = this.#isDoubtful;
    // The line may be another one today, so the first of a connection replaces what was known, up or down.
    const isShorter = this.#roundTripMs === null || measuredMs < this.#roundTripMs;
    const roundTripMs = isShorter ? measuredMs : (this.#roundTripMs ?? measuredMs);
    this.#roundTripMs = roundTripMs;
    this.#measured += 1;
    if (this.#isDoubtful) return 'again';
    if (!isShorter && !wasDoubtful) return 'enough';
    const { roundTripMs: told } = this.#facts;
    const isFar = this.isFar;
    const isNews = told === null || isFar !== this.#facts.isFar || Math.abs(told - roundTripMs) > told * noticedShare;
    if (isNews || this.#isUntold) this.#change({ roundTripMs, isFar });
    this.#isUntold = false;
    return 'enough';
  }

  noteFiles(files: FileService | 'none'): void {
    const { files: before } = this.#facts;
    if (JSON.stringify(before) !== JSON.stringify(files)) this.#change({ files });
  }

  /** The most sessions, of any kind, that were open at once on this connection. */
  get openMost(): number {
    return this.#openMost;
  }

  /** A command, a shell or the file service has its session, until it closes. */
  noteSession(onClosed: (call: () => void) => unknown): void {
    this.#open += 1;
    this.#openMost = Math.max(this.#openMost, this.#open);
    const { sessionsMax } = this.#facts;
    if (sessionsMax !== null && sessionsMax < this.#openMost) this.#change({ sessionsMax: this.#openMost });
    onClosed(() => {
      this.#open -= 1;
    });
  }

  /**
   * Whether what reads commands here starts them without a second shell; null before the first command. A server says at the login what that is, a
   * login shell or another program, so it stays the same as long as the connection.
   */
  startsDirectly: boolean | null = null;

  /** One more session was refused: what was open at once so far is what it takes. */
  noteRefusal(): void {
    const sessionsMax = Math.max(1, this.#openMost);
    if (this.#facts.sessionsMax !== sessionsMax) this.#change({ sessionsMax });
  }

  /** `printsFirst` where something came before the command's own output. */
  noteCommand(commands: NonNullable<LineFacts['commands']>, printsFirst: boolean): void {
    if (this.#facts.commands !== commands || this.#facts.printsFirst !== printsFirst)
      this.#change({ commands, printsFirst });
  }

  /** What may have been put right on the server is learned anew. */
  forget(): void {
    this.startsDirectly = null;
    this.#change({ ...nothing, systemSsh: this.#facts.systemSsh, roundTripMs: this.#roundTripMs });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Of a server that was near, or is new, one measurement is not believed that makes it far. */
  get #isDoubtful(): boolean {
    return this.#measured < measurementsMin && !this.#wasFar && this.#farFromMs > 0 && this.#isFar(this.#roundTripMs);
  }

  #isFar(roundTripMs: number | null): boolean {
    return roundTripMs !== null && roundTripMs > 0 && roundTripMs >= this.#farFromMs;
  }

  #change(change: Partial<LineFacts>): void {
    this.#facts = { ...this.#facts, ...change };
    this.#changed.fire(this.#facts);
  }
}

const nothing = {
  ...{
    systemSsh: null,
    roundTripMs: null,
    isFar: false,
    files: null,
    sessionsMax: null,
    commands: null,
    printsFirst: false,
  },
} as const;

const measurementsMin = 3;

/** A tenth more or less is no news to anybody. */
const noticedShare = 0.1;
