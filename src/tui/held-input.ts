/**
 * Keys and pastes while something that takes its time is opening: they go into it, in order, and never into what is still behind it. Esc, or
 * the prefix, gives it up. Knows what opens by its promise alone, and by the words that announce it.
 */
import { bounds } from '../protocol/bounds.ts';
import { type Key, keyId } from './input/key.ts';
import type { KeyInput } from './key-input.ts';
import { keyWord } from './key-words.ts';
import type { KeyName } from './keymap.ts';
import { hasKey } from './keys-in-force.ts';
import type { Overlay, Pane, Stage } from './pane.ts';
import { OpeningOverlay } from './panes/opening-overlay.ts';

export interface HeldInputPorts {
  readonly prefix: KeyName;
  readonly stage: Stage;
  readonly keys: KeyInput;
  /** What has the focus, overlays included. */
  target(): Pane | null;
}

/** Finds what is to be shown and returns what shows it; null when there is nothing to show, which it has said. */
export type Opening = () => Promise<(() => void) | null>;

/** What stands in the place of what is opening until it is there. */
export interface Announcement {
  readonly title: string;
  readonly sentence: string;
}

export class HeldInput {
  readonly #ports: HeldInputPorts;
  /** What is opening; another object with each one. */
  #opening: Opening | null = null;
  #announced: Overlay | null = null;
  #held: (Key | string)[] = [];

  constructor(ports: HeldInputPorts) {
    this.#ports = ports;
  }

  /** A second one gives the first up: it is what was asked for last. */
  async open(opening: Opening, announcement?: Announcement): Promise<void> {
    this.#end();
    this.#opening = opening;
    if (announcement) this.#announce(announcement);
    let show: (() => void) | null = null;
    try {
      show = await opening();
    } finally {
      const isWanted = this.#opening === opening;
      if (isWanted) this.#end();
      if (isWanted && show !== null) this.#show(show);
      // What was typed for something that did not open is for nothing else.
      else if (isWanted) this.#held = [];
    }
  }

  handleKey(key: Key): void {
    if (this.#opening === null) return this.#press(key);
    const id = keyId(key);
    if (hasKey('opening', 'close', id)) return this.#giveUp();
    if (id !== this.#ports.prefix) return this.#hold(key);
    this.#drop();
    this.#press(key);
  }

  handlePaste(text: string): void {
    if (this.#opening !== null) return this.#hold(text);
    this.#ports.target()?.handlePaste?.(text);
    this.#ports.stage.invalidate();
  }

  #announce(announcement: Announcement): void {
    this.#announced = new OpeningOverlay(announcement, () => this.#giveUp());
    this.#ports.stage.open(this.#announced);
  }

  #giveUp(): void {
    this.#drop();
    this.#ports.stage.say('Given up; nothing opens.', 'muted');
  }

  #drop(): void {
    this.#end();
    this.#held = [];
  }

  #end(): void {
    this.#opening = null;
    if (this.#announced) this.#ports.stage.close(this.#announced);
    this.#announced = null;
  }

  #press(key: Key): void {
    if (this.#ports.keys.handle(key) === 'handled') this.#ports.stage.invalidate();
  }

  #hold(input: Key | string): void {
    if (this.#held.length === 0)
      this.#ports.stage.say(
        `What you type goes into what is opening; ${keyWord('opening', 'close')} gives it up.`,
        'muted',
      );
    if (this.#held.length < bounds.heldInputsMax) this.#held.push(input);
  }

  #show(show: () => void): void {
    show();
    const held = this.#held;
    this.#held = [];
    // One of them may open the next: the rest of them is for that one.
    for (const input of held) {
      if (typeof input === 'string') this.handlePaste(input);
      else this.handleKey(input);
    }
  }
}
