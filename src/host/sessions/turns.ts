/** The prompts of a session and the turns they begin, one after another. Who answers, and what is said around a prompt, is handed in. */
import type { AgentLink, StopReason } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { bounds } from '../../protocol/bounds.ts';
import { type QueuedPrompt, toQueuedText } from './queued-prompt.ts';

export interface TurnEnd {
  readonly stop: StopReason | 'failed';
  /** Why it failed; null otherwise. */
  readonly problem: string | null;
}

export interface TurnsOptions {
  /** The agent that answers, started when it does not run. Rejects when it cannot. */
  agent(): Promise<AgentLink>;
  /** Prompts are taken from the queue only while this is so. */
  isOpen(): boolean;
  onQueueChange(queue: readonly QueuedPrompt[]): void;
  /** Once a prompt, also when it must wait for its agent again. */
  onBegin(prompt: QueuedPrompt): void;
  /** What is put before the words of the prompt: called when the agent runs. */
  toText(text: string, link: AgentLink): string;
  /** @param sent whether the agent was given the prompt. */
  onEnd(end: TurnEnd, sent: 'sent' | 'not sent'): void;
  /** No turn runs, and none follows for now. */
  onIdle(): void;
}

export class Turns {
  readonly #options: TurnsOptions;
  #queue: readonly QueuedPrompt[] = [];
  #isRunning = false;
  #cancelWaiting: (() => void) | null = null;
  /** Prompts that are in the conversation already. */
  readonly #begun = new WeakSet<QueuedPrompt>();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Throws CONFLICT while a turn runs. */
  checkIdle(): void {
    if (this.#isRunning) throw new OperationError('CONFLICT', 'The agent works; cancel its turn first.');
  }

  /** Sent when the agent is free, at once if it is. Throws INVALID_ARGUMENT when too many wait. */
  add(prompt: QueuedPrompt): void {
    if (this.#queue.length >= bounds.queuedPromptsMax)
      throw new OperationError(
        'INVALID_ARGUMENT',
        'Too many prompts wait already; cancel the turn or wait for its end.',
      );
    const waiting = [...this.#queue, prompt];
    if (this.#isRunning || !this.#options.isOpen()) this.#setQueue(waiting);
    else {
      this.#queue = waiting;
      void this.#run();
    }
  }

  /** Takes a prompt that waits out of the queue. Throws INVALID_ARGUMENT when it was sent meanwhile. */
  remove(index: number, text: string): QueuedPrompt {
    const prompt = this.#queue[index];
    if (prompt === undefined || toQueuedText(prompt) !== text)
      throw new OperationError('INVALID_ARGUMENT', 'This prompt was sent already, or taken out by another screen.');
    this.#setQueue(this.#queue.filter((_one, place) => place !== index));
    return prompt;
  }

  /** What was queued while no agent could answer is sent now. */
  resume(): void {
    if (!this.#isRunning) void this.#run();
  }

  /** Ends a turn that waits for its agent; its prompt is not sent. False when none does: what was sent is the agent's to end. */
  cancelWaiting(): boolean {
    const [first, ...later] = this.#queue;
    if (this.#cancelWaiting !== null) this.#cancelWaiting();
    else if (!this.#isRunning && first !== undefined && this.#begun.has(first)) {
      this.#setQueue(later);
      this.#options.onEnd({ stop: 'cancelled', problem: null }, 'not sent');
    } else return false;
    return true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#options.isOpen()) {
      const [prompt, ...later] = this.#queue;
      if (prompt === undefined) break;
      this.#setQueue(later);
      if (!this.#begun.has(prompt)) this.#options.onBegin(prompt);
      this.#begun.add(prompt);
      const link = await this.#untilAgent();
      if (link === 'not there') {
        // It waits until there is one.
        this.#setQueue([prompt, ...this.#queue]);
        break;
      }
      if (link === 'cancelled') this.#options.onEnd({ stop: 'cancelled', problem: null }, 'not sent');
      else this.#options.onEnd(await this.#turn(link, prompt), 'sent');
    }
    this.#isRunning = false;
    this.#options.onIdle();
  }

  async #untilAgent(): Promise<AgentLink | 'not there' | 'cancelled'> {
    const cancelled = new Promise<'cancelled'>((resolve) => {
      this.#cancelWaiting = () => resolve('cancelled');
    });
    // Why it is not there is said by whoever starts it.
    const link = await Promise.race([this.#options.agent().catch(() => 'not there' as const), cancelled]);
    this.#cancelWaiting = null;
    return link;
  }

  async #turn(link: AgentLink, { text, attachments }: QueuedPrompt): Promise<TurnEnd> {
    try {
      return { stop: await link.prompt(this.#options.toText(text, link), attachments), problem: null };
    } catch (error) {
      return { stop: 'failed', problem: (error as Error).message };
    }
  }

  #setQueue(queue: readonly QueuedPrompt[]): void {
    this.#queue = queue;
    this.#options.onQueueChange(queue);
  }
}
