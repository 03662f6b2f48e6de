/** Turns what the gate does into the blocks of the panes: one block an operation, its output decoded and sent in few pieces. Decides nothing. */
import { StringDecoder } from 'node:string_decoder';
import { unreachable } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { Activity, Gate } from '../core/gate.ts';
import { bounds } from '../protocol/bounds.ts';
import { toWho } from './callers.ts';
import type { ViewStore } from './view-store.ts';

interface LiveBlock {
  readonly server: string;
  readonly decoders: { readonly stdout: StringDecoder; readonly stderr: StringDecoder };
  pieces: string[];
  characters: number;
  timer: Disposable | null;
}

export class Panes implements Disposable {
  readonly #store: ViewStore;
  readonly #clock: Clock;
  readonly #live = new Map<string, LiveBlock>();
  readonly #subscription: Disposable;

  constructor(gate: Gate, store: ViewStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#subscription = gate.onActivity((activity) => this.#handleActivity(activity));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const block of this.#live.values()) block.timer?.dispose();
    this.#live.clear();
  }

  #handleActivity(activity: Activity): void {
    if (activity.kind === 'started') {
      this.#handleStarted(activity);
      return;
    }
    const block = this.#live.get(activity.id);
    // What has no server (a list of servers) has no pane.
    if (!block) return;
    switch (activity.kind) {
      case 'waiting':
        this.#change(activity.id, block, { state: 'waiting', approvalId: activity.approvalId });
        return;
      case 'running':
        this.#change(activity.id, block, { state: 'running', approvalId: null, summary: activity.summary });
        return;
      case 'output':
        this.#append(activity.id, block, block.decoders[activity.stream].write(Buffer.from(activity.chunk)));
        return;
      case 'ended':
        this.#handleEnded(activity, block);
        return;
      default:
        unreachable(activity);
    }
  }

  #handleStarted(activity: Extract<Activity, { kind: 'started' }>): void {
    const { id, server, caller, tool, summary, cwd, atMs } = activity;
    if (server === null) return;
    const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
    this.#live.set(id, { server, decoders, pieces: [], characters: 0, timer: null });
    this.#store.publish({
      type: 'block.added',
      server,
      block: {
        id,
        session: caller.session,
        who: toWho(caller, this.#store),
        tool,
        summary,
        cwd,
        state: 'running',
        approvalId: null,
        text: '',
        skippedBytes: 0,
        startedAtMs: atMs,
        durationMs: null,
        status: null,
        code: null,
        exitCode: null,
        message: null,
      },
    });
  }

  #handleEnded(activity: Extract<Activity, { kind: 'ended' }>, block: LiveBlock): void {
    const { id, envelope } = activity;
    this.#append(id, block, block.decoders.stdout.end() + block.decoders.stderr.end());
    this.#flush(id, block);
    this.#live.delete(id);
    this.#change(id, block, {
      state: 'ended',
      approvalId: null,
      durationMs: envelope.execution.durationMs,
      status: envelope.status,
      code: envelope.code ?? null,
      exitCode: envelope.execution.exitCode ?? null,
      message: envelope.message ?? null,
    });
  }

  #append(id: string, block: LiveBlock, text: string): void {
    if (text === '') return;
    block.pieces.push(text);
    block.characters += text.length;
    if (block.characters >= bounds.outputCoalesceCharacters) this.#flush(id, block);
    else block.timer ??= this.#clock.after(bounds.outputCoalesceMs, () => this.#flush(id, block));
  }

  #flush(id: string, block: LiveBlock): void {
    block.timer?.dispose();
    block.timer = null;
    if (block.pieces.length === 0) return;
    const text = block.pieces.join('');
    block.pieces = [];
    block.characters = 0;
    this.#store.publish({ type: 'block.output', server: block.server, block: id, text, skippedBytes: 0 });
  }

  #change(id: string, block: LiveBlock, change: BlockChange): void {
    this.#store.publish({ type: 'block.changed', server: block.server, block: id, change });
  }
}

type BlockChange = Extract<Parameters<ViewStore['publish']>[0], { type: 'block.changed' }>['change'];
