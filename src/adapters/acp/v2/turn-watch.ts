/**
 * Finds the end of a turn in version 2 of the protocol, where the answer to a prompt only says that it was taken up: the turn is over when the
 * session goes from working to idle. It sends nothing, and knows no text.
 */
import { type Fields, fieldsOf } from '../fields.ts';

interface Waiting {
  /** Whether the agent was at rest when the prompt was sent; otherwise the next end is that of the work before. */
  readonly fromIdle: boolean;
  isTaken: boolean;
  /** The end came before the answer to the prompt. */
  end: Fields | null;
  settle(end: Fields): void;
}

export class TurnWatch {
  #sessionId: string | null = null;
  /** "A new session defaults to idle until a state update reports otherwise." */
  #isActive = false;
  #waiting: Waiting | null = null;

  /** From here on the states of this session count. */
  follow(sessionId: string): void {
    this.#sessionId = sessionId;
    this.#isActive = false;
  }

  /** A prompt is about to be sent. Resolves with the state update that ends its turn; never rejects. */
  begin(): Promise<Fields> {
    return new Promise((settle) => {
      this.#waiting = { fromIdle: !this.#isActive, isTaken: false, end: null, settle };
    });
  }

  /** The agent has answered the prompt. */
  noteTaken(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    waiting.isTaken = true;
    if (waiting.end !== null) waiting.settle(waiting.end);
  }

  /** Nobody waits for the end any more. */
  abandon(): void {
    this.#waiting = null;
  }

  /** @param params of a session/update. A repeated state is no transition, and ends nothing. */
  note(params: Fields): void {
    const update = fieldsOf(params.update);
    if (params.sessionId !== this.#sessionId || update.sessionUpdate !== 'state_update') return;
    if (update.state === 'running' || update.state === 'requires_action') {
      this.#isActive = true;
      if (this.#waiting !== null) this.#waiting.end = null;
    } else if (update.state === 'idle' && this.#isActive) {
      this.#isActive = false;
      this.#noteEnd(update);
    }
  }

  #noteEnd(end: Fields): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    if (waiting.isTaken) waiting.settle(end);
    else if (waiting.fromIdle) waiting.end = end;
  }
}
