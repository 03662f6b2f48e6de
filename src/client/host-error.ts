/** What a client tells its user when the host refuses, is silent or is gone: a code of the closed set (as text) and one sentence. */

export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, data?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
