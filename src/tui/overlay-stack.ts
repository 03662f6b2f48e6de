/**
 * What lies above the view, the topmost last. Decides which of it is outdated; draws nothing and answers no key.
 */
import type { Overlay } from './pane.ts';

export class OverlayStack {
  #overlays: readonly Overlay[] = [];

  get top(): Overlay | null {
    return this.#overlays.at(-1) ?? null;
  }

  open(overlay: Overlay): void {
    this.#overlays = [...this.#overlays, overlay];
  }

  close(overlay: Overlay): void {
    this.#overlays = this.#overlays.filter((one) => one !== overlay);
  }

  /** Closes what was opened about a request that waits no longer, and tells it so. Returns what was closed. */
  closeOutdated(waiting: readonly { readonly id: string }[]): readonly Overlay[] {
    const ids = new Set(waiting.map(({ id }) => id));
    const outdated = this.#overlays.filter(({ about }) => about !== undefined && !ids.has(about));
    this.#overlays = this.#overlays.filter((one) => !outdated.includes(one));
    for (const one of outdated) one.handleOutdated?.();
    return outdated;
  }
}
