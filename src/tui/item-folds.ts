/** What the operator folded and unfolded in a conversation. Knows no text and no row. */
import type { Fold } from './present/conversation.ts';

export class ItemFolds {
  readonly #folds = new Map<number, Fold>();

  get folds(): ReadonlyMap<number, Fold> {
    return this.#folds;
  }

  /** One line, and then all of it; what is shown in part is shown whole first. */
  toggle(id: number, now: { readonly fold: Fold; readonly isCut: boolean }): Fold {
    const isShown = now.fold === 'whole' || (now.fold === 'shown' && !now.isCut);
    const fold = isShown ? 'folded' : 'whole';
    this.#folds.set(id, fold);
    return fold;
  }

  /** All of them are one line, or everything is as it is at first. Returns what they are now. */
  toggleAll(ids: readonly number[]): 'folded' | 'as at first' {
    const isFolded = ids.length > 0 && ids.every((id) => this.#folds.get(id) === 'folded');
    this.#folds.clear();
    if (isFolded) return 'as at first';
    for (const id of ids) this.#folds.set(id, 'folded');
    return 'folded';
  }

  clear(): void {
    this.#folds.clear();
  }
}
