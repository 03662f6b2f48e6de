/**
 * What was chosen in the palette of this screen, the newest first. Keeps ids only.
 */
const recentMax = 8;

export class PaletteMemory {
  #recent: readonly string[] = [];

  get recent(): readonly string[] {
    return this.#recent;
  }

  remember(id: string): void {
    this.#recent = [id, ...this.#recent.filter((one) => one !== id)].slice(0, recentMax);
  }
}
