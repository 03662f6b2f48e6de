/** The host's own view: changed only by applying an event, with the same function that every screen uses. Knows no sockets. */
import { Emitter } from '../base/event.ts';
import type { HostEvent } from '../protocol/events.ts';
import { reduce } from '../protocol/reduce.ts';
import type { View } from '../protocol/view.ts';

export interface Published {
  /** One higher than that of the event before; the first is 1. */
  readonly seq: number;
  readonly event: HostEvent;
}

export class ViewStore {
  #view: View;
  #seq = 0;
  readonly #published = new Emitter<Published>();
  readonly onPublished = this.#published.event;

  constructor(view: View) {
    this.#view = view;
  }

  get view(): View {
    return this.#view;
  }

  /** Number of the last event: the snapshot taken now has it. */
  get seq(): number {
    return this.#seq;
  }

  publish(event: HostEvent): void {
    this.#view = reduce(this.#view, event);
    this.#seq += 1;
    this.#published.fire({ seq: this.#seq, event });
  }
}
