/** Answers the agent's own permission requests. They grant nothing on a server: our gate asks for itself. Unanswered means refused. */

import type { RequestPermissionRequest, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { afterAlsoAsleep } from '../../base/after-also-asleep.ts';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { LocalPermissionRequest } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { type ToolCallNote, ToolCallNotes } from './tool-call-notes.ts';

type Kind = RequestPermissionRequest['options'][number]['kind'];

interface Waiting {
  settle(answer: 'allow' | 'refuse' | 'cancelled'): void;
}

export class PermissionDesk implements Disposable {
  readonly #profile: AgentProfile;
  readonly #clock: Clock;
  readonly #requests = new Emitter<LocalPermissionRequest>();
  readonly #waiting = new Map<string, Waiting>();
  /** What tool calls said about themselves so far: a permission request may name nothing but the id. */
  readonly #calls = new ToolCallNotes();
  #count = 0;
  #isCancelled = false;

  /** A person must answer with `answer`. */
  readonly onRequest = this.#requests.event;

  constructor(profile: AgentProfile, clock: Clock) {
    this.#profile = profile;
    this.#clock = clock;
  }

  /** Remembers what a tool call says of itself; later updates add to it. */
  noteToolCall(update: Readonly<Record<string, unknown>>): void {
    this.#calls.note(update);
  }

  async handleRequest(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse> {
    const { toolCallId } = request.toolCall;
    this.noteToolCall({ ...request.toolCall });
    const call = this.#calls.get(toolCallId);
    // It crossed the cancellation on the way, or the agent does not care for it.
    if (this.#isCancelled) return toResponse(request, 'cancelled');
    if (this.#isOurs(call)) return toResponse(request, 'allow');
    if (this.#requests.listenerCount === 0 || this.#waiting.size >= limits.waitingPerSessionMax) {
      return toResponse(request, 'refuse');
    }
    return await this.#ask(request, call, signal);
  }

  answer(id: string, allow: boolean): void {
    this.#waiting.get(id)?.settle(allow ? 'allow' : 'refuse');
  }

  /** A prompt was sent: requests are answered again. */
  beginTurn(): void {
    this.#isCancelled = false;
  }

  /** The turn was cancelled: the protocol demands this answer to every request that waits, and late ones get it too. */
  cancelAll(): void {
    this.#isCancelled = true;
    for (const one of [...this.#waiting.values()]) one.settle('cancelled');
  }

  dispose(): void {
    this.cancelAll();
    this.#requests.dispose();
  }

  #isOurs({ name, meta, server }: ToolCallNote): boolean {
    return this.#profile.isOurTool?.({ name, meta, server }) ?? false;
  }

  #ask(request: RequestPermissionRequest, call: ToolCallNote, signal: AbortSignal): Promise<RequestPermissionResponse> {
    this.#count += 1;
    const id = `local-${this.#count}`;
    return new Promise((resolve) => {
      const settle = (answer: 'allow' | 'refuse' | 'cancelled'): void => {
        if (!this.#waiting.delete(id)) return;
        expiry.dispose();
        signal.removeEventListener('abort', withdraw);
        resolve(toResponse(request, answer));
      };
      const withdraw = (): void => settle('cancelled');
      const expiry = afterAlsoAsleep(this.#clock, limits.approvalExpiryMsDefault, () => settle('refuse'));
      signal.addEventListener('abort', withdraw, { once: true });
      this.#waiting.set(id, { settle });
      if (signal.aborted) return withdraw();
      this.#requests.fire({
        id,
        toolCallId: request.toolCall.toolCallId,
        title: call.title ?? call.name ?? 'a tool call without a title',
        detail: toDetail(call, request),
        unexpected: this.#profile.localToolsOff,
      });
    });
  }
}

/** Options are found by kind: agents name, number and order them as they like. "Always" is never chosen: one question, one action. */
function toResponse(
  request: RequestPermissionRequest,
  answer: 'allow' | 'refuse' | 'cancelled',
): RequestPermissionResponse {
  const kinds: readonly Kind[] =
    answer === 'allow' ? ['allow_once'] : answer === 'refuse' ? ['reject_once', 'reject_always'] : [];
  for (const kind of kinds) {
    const option = request.options.find((one) => one.kind === kind);
    if (option) return { outcome: { outcome: 'selected', optionId: option.optionId } };
  }
  return { outcome: { outcome: 'cancelled' } };
}

function toDetail(call: ToolCallNote, request: RequestPermissionRequest): string {
  const input = call.input ?? 'The agent did not say what it wants to do.';
  const once = request.options.some((option) => option.kind === 'allow_once');
  return once ? input : `${input}\nThe agent offers no "once", so this can only be refused.`;
}
