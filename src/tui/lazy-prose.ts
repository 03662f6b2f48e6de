/**
 * What lays out messages and colours code, loaded when it is first needed: both are heavier than the whole first frame. Until then words are
 * plain. Draws nothing.
 */
import { knownLanguages } from './present/code-languages.ts';
import { type CodeColours, layOutPlain, type ProseLayout } from './present/prose.ts';

export class LazyProse {
  readonly #changed: () => void;
  #layOut: ProseLayout = layOutPlain;
  #colours: CodeColours | null = null;
  #version = 0;
  #isLoading = false;
  #isLoadingColours = false;

  /** `changed` is called when what was laid out before would look different now. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Rises when a layout of before is no longer what it would be. */
  get version(): number {
    return this.#version;
  }

  get layOut(): ProseLayout {
    return this.#layOut;
  }

  /** Asked for the first code in a language that is known, it begins to load the colours. */
  readonly toColours: CodeColours = (language, code) => {
    if (this.#colours !== null) return this.#colours(language, code);
    if (knownLanguages[language.toLowerCase()] !== undefined) void this.#loadColours();
    return null;
  };

  /** Cheap to call again. */
  load(): void {
    if (!this.#isLoading) void this.#loadLayout();
  }

  async #loadLayout(): Promise<void> {
    this.#isLoading = true;
    const { layOutMarkdown } = await import('./present/markdown.ts');
    this.#layOut = layOutMarkdown;
    this.#tell();
  }

  async #loadColours(): Promise<void> {
    if (this.#isLoadingColours) return;
    this.#isLoadingColours = true;
    const { toCodeLines } = await import('./present/code-colours.ts');
    this.#colours = toCodeLines;
    this.#tell();
  }

  #tell(): void {
    this.#version += 1;
    this.#changed();
  }
}
