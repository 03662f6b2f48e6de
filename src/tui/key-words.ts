/** What a sentence calls the key of an action, so that it stays true when the operator has changed the key. */

import { type Action, type Scope, toKeyText } from './keymap.ts';
import { keyOf } from './keys-in-force.ts';

/** As people write it; an action without a key is reached through the palette, and the sentence says that. */
export function keyWord(scope: Scope, action: Action): string {
  const key = keyOf(scope, action);
  return key === null ? 'the palette' : toKeyText(key);
}
