/**
 * The last card that was left with the focus on it: when its operation asks again, edited or judged anew, the focus goes back to it. Knows no
 * other way to give a card the focus.
 */
import type { WorkspaceRegion } from './layout.ts';
import type { QueueEntry } from './queue.ts';

export class CardFollower {
  #left: { readonly auditId: string; readonly focus: WorkspaceRegion } | null = null;

  /** Something was written where the focus is: it stays there. */
  forget(): void {
    this.#left = null;
  }

  /**
   * @param left the card that had the focus until now, if any.
   * @param focus what has it after that.
   * @returns the card that the focus goes to, or null.
   */
  follow(left: QueueEntry | null, focus: WorkspaceRegion, queue: readonly QueueEntry[]): QueueEntry | null {
    if (left?.kind === 'gate' && focus !== 'card') {
      this.#left = { auditId: left.card.auditId, focus };
      return null;
    }
    const waited = this.#left;
    if (waited === null || focus !== waited.focus) return null;
    const again = queue.find((entry) => entry.kind === 'gate' && entry.card.auditId === waited.auditId) ?? null;
    if (again) this.#left = null;
    return again;
  }
}
