/** Turns what the gate does into the blocks of the panes: one block an operation, its output decoded and sent in few pieces. Decides nothing. */
import { StringDecoder } from 'node:string_decoder';
import { unreachable } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { Activity, Gate } from '../core/gate.ts';
import type { RunningCommand } from '../core/running-command.ts';
import { bounds } from '../protocol/bounds.ts';
import type { RanCommandView } from '../protocol/view.ts';
import { toWho } from './callers.ts';
import type { ViewStore } from './view-store.ts';

interface LiveBlock {
  readonly server: string;
  readonly isShell: boolean;
  readonly decoders: { readonly stdout: StringDecoder; readonly stderr: StringDecoder };
  pieces: string[];
  characters: number;
  /** Of what came since the last moment, and is not shown. */
  skippedBytes: number;
  /** It prints faster than anybody reads: its moments are longer. */
  isFlood: boolean;
  timer: Disposable | null;
}

export class Panes implements Disposable {
  readonly #store: ViewStore;
  readonly #clock: Clock;
  readonly #live = new Map<string, LiveBlock>();
  readonly #subscription: Disposable;

  constructor(gate: Pick<Gate, 'onActivity'>, store: ViewStore, clock: Clock) {
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
        this.#change(activity.id, block, {
          ...{ state: 'running', approvalId: null, summary: activity.summary, ranAtMs: this.#clock.nowMs() },
          ...(activity.command == null ? {} : { ran: toRanView(activity.command) }),
        });
        return;
      case 'output':
        // What a shell prints is on its own screen.
        if (block.isShell) return;
        this.#append(activity.id, block, block.decoders[activity.stream].write(toBuffer(activity.chunk)));
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
    this.#live.set(id, {
      server,
      isShell: tool === 'shell_open',
      decoders,
      pieces: [],
      characters: 0,
      skippedBytes: 0,
      isFlood: false,
      timer: null,
    });
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
      ...(envelope.execution.goesOn ? { goesOn: true } : {}),
      ...(activity.stoppedBy === undefined ? {} : { stoppedBy: activity.stoppedBy }),
    });
  }

  #append(id: string, block: LiveBlock, text: string): void {
    if (text === '') return;
    block.pieces.push(text);
    block.characters += text.length;
    this.#skipFront(block);
    const waitMs = block.isFlood ? bounds.floodCoalesceMs : bounds.outputCoalesceMs;
    block.timer ??= this.#clock.after(waitMs, () => this.#flush(id, block));
  }

  /** What rushes by is never seen: of one moment, its end is shown, from the beginning of a line; the recording has all of it. */
  #skipFront(block: LiveBlock): void {
    if (block.characters <= 2 * bounds.outputPerMomentCharacters) return;
    const text = block.pieces.join('');
    const cut = toLineStart(text, text.length - bounds.outputPerMomentCharacters);
    block.skippedBytes += Buffer.byteLength(text.slice(0, cut), 'utf8');
    block.pieces = [text.slice(cut)];
    block.characters = text.length - cut;
  }

  #flush(id: string, block: LiveBlock): void {
    block.timer?.dispose();
    block.timer = null;
    if (block.pieces.length === 0) return;
    const text = block.pieces.join('');
    const { skippedBytes, characters } = block;
    block.pieces = [];
    block.characters = 0;
    block.skippedBytes = 0;
    block.isFlood = isFlood(characters + skippedBytes, block.isFlood);
    this.#store.publish({ type: 'block.output', server: block.server, block: id, text, skippedBytes });
  }

  #change(id: string, block: LiveBlock, change: BlockChange): void {
    this.#store.publish({ type: 'block.changed', server: block.server, block: id, change });
  }
}

/** Whether more came in a moment, long or short, than is shown of a long one. */
function isFlood(printed: number, wasFlood: boolean): boolean {
  const waitedMs = wasFlood ? bounds.floodCoalesceMs : bounds.outputCoalesceMs;
  return printed * bounds.floodCoalesceMs > 2 * bounds.outputPerMomentCharacters * waitedMs;
}

/** The same memory. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function toRanView({ form, cwd, hasStdin, isRead }: RunningCommand): RanCommandView {
  const asked = form.form === 'argv' ? { argv: form.argv, line: null } : { argv: null, line: form.line };
  return { ...asked, cwd, hasInput: hasStdin, isRead };
}

/** After the next line end, if one is near; else where it was cut. */
function toLineStart(text: string, cut: number): number {
  const lineEnd = text.indexOf('\n', cut);
  return lineEnd === -1 || lineEnd - cut > 4_096 ? cut : lineEnd + 1;
}

type BlockChange = Extract<Parameters<ViewStore['publish']>[0], { type: 'block.changed' }>['change'];
