/**
 * What a key does: the prefix, the table, what has the focus, in this order. Knows no key by name; says why one does nothing now.
 */
import { type Key, keyId } from './input/key.ts';
import { keyWord } from './key-words.ts';
import { type Action, type KeyName, toKeyText, toMeaning } from './keymap.ts';
import type { Pane, Stage } from './pane.ts';
import { PrefixRepeat } from './prefix-repeat.ts';
import { toWayToCard } from './present/hint-line.ts';
import type { Situation } from './situation.ts';

export interface KeyInputPorts {
  readonly stage: Stage;
  readonly prefix: KeyName;
  situation(): Situation;
  /** What has the focus, overlays included. */
  target(): Pane | null;
  hasOverlay(): boolean;
  perform(action: Action): void;
}

export class KeyInput {
  readonly #ports: KeyInputPorts;
  readonly #repeat: PrefixRepeat;

  constructor(ports: KeyInputPorts) {
    this.#ports = ports;
    this.#repeat = new PrefixRepeat(ports.stage.model.clock);
  }

  /** `typed`: it went into a shell, whose output paints what it does. */
  handle(key: Key): 'handled' | 'typed' {
    const { stage, prefix } = this.#ports;
    const { model } = stage;
    const id = keyId(key);
    const isBelow = !this.#ports.hasOverlay();
    const hadMessage = model.message !== null;
    model.message = null;
    model.shells.pressedKey = id;
    if (isBelow && this.#repeat.takes(id)) model.isPrefixPending = true;
    const wasPrefix = model.isPrefixPending;
    if (!wasPrefix && id === prefix && isBelow) {
      model.isPrefixPending = true;
      return 'handled';
    }
    if (isBelow && !wasPrefix && model.baseScopes[0] === 'shell') {
      this.#ports.target()?.handleKey?.(key);
      return hadMessage ? 'handled' : 'typed';
    }
    const meaning = toMeaning(wasPrefix && id === prefix ? 'prefix' : id, this.#ports.situation());
    model.isPrefixPending = false;
    if (meaning.kind === 'action') {
      if (wasPrefix) this.#repeat.note(meaning.action);
      this.#ports.perform(meaning.action);
    } else if (meaning.kind === 'disabled') stage.say(`${meaning.binding.label}: ${meaning.reason}`, 'warn');
    else if (meaning.kind === 'of the card' && !wasPrefix) stage.say(toWayToCard(meaning.binding, prefix), 'warn');
    else this.#handleUnbound(key, wasPrefix);
    return 'handled';
  }

  /** It is text where text is written; elsewhere a key that means nothing says so. */
  #handleUnbound(key: Key, wasPrefix: boolean): void {
    const { stage, prefix } = this.#ports;
    const target = this.#ports.target();
    const [scope] = this.#ports.situation().scopes;
    if (!wasPrefix && target?.handleKey && scope !== 'pane' && scope !== 'endedShell') return target.handleKey(key);
    // Pressed to be sure that nothing is open.
    if (key.name === 'escape') return;
    const name = [...(wasPrefix ? [toKeyText(prefix)] : []), toKeyText(keyId(key))].join(' ');
    stage.say(`${name} does nothing here; ${keyWord('global', 'help')} lists the keys that do.`, 'muted');
  }
}
