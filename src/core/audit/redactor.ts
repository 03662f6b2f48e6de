/** Redaction as its callers see it: text in, text without secrets out. Linear in the length of the text. */

export interface Redacted {
  readonly text: string;
  /** How many values were replaced. */
  readonly count: number;
}

export interface Redactor {
  /** Registers a value the program holds (token, password, env value) before the first byte is logged; shorter than 6 characters is ignored. */
  hold(value: string): void;
  /** Replaces secrets by placeholders such as `«redacted:9f3a»`; equal values get equal placeholders within one run of the host. */
  redact(text: string): Redacted;
  /**
   * The characters from `start` to before `end`, with secrets found in the whole text: one that begins before the part or ends
   * behind it is still one, and its placeholder stands for all of it.
   */
  redactPart(text: string, start: number, end: number): Redacted;
  /** The same as `redact`, word by word, knowing flags such as `--password x` and `-pSECRET`. */
  redactArgv(argv: readonly string[]): { readonly argv: readonly string[]; readonly count: number };
  /** True when the text holds a placeholder: such a text is never written to a server. */
  hasPlaceholder(text: string): boolean;
}
