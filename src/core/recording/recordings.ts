/** The port of recordings: what the gate needs of whoever keeps output as it came. It knows no files. */

/** What the log says of a recording: of everything that was handed to it so far. */
export interface RecordingFacts {
  /** File name below `recordings/`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Why it does not hold everything; null when it does. */
  readonly problem: string | null;
}

export interface RecordingNote {
  readonly auditId: string;
  /** Redacted already. */
  readonly title: string;
  /** `output`: of a command without a terminal, where a line feed also returns the carriage; `terminal`: of a real one. */
  readonly source: 'output' | 'terminal';
  readonly size?: { readonly columns: number; readonly rows: number };
}

/** Output as it came, with its times, as asciicast v2. What is typed is never recorded. Never throws: what fails is in the facts. */
export interface Recording {
  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): void;
  resize(columns: number, rows: number): void;
  facts(): RecordingFacts;
  /** Of the facts alone, without the hash of all of it. */
  readonly bytes: number;
  /** The disk is slower than the server: the output is to wait there. */
  readonly isBehind: boolean;
  /** Resolves once everything is in the file. */
  end(): Promise<RecordingFacts>;
}

export interface Recordings {
  begin(note: RecordingNote): Recording;
}
