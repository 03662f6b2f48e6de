/**
 * Takes a text to where people paste from: the clipboard of the terminal, and the screen's own place for it. Says how much it was, always.
 */

import { toKeyText } from '../key-text.ts';
import { keyOf } from '../keys-in-force.ts';
import type { Stage } from '../pane.ts';

/** What is pasted with a key; a longer text belongs to a file. */
export const copiedCharactersMax = 2_000_000;

/** Copies what was selected. */
export function copyOut(stage: Stage, text: string): void {
  const { model } = stage;
  if (text.length > copiedCharactersMax)
    return stage.say('That is too long to be copied; the recording and the export have it.', 'warn');
  model.copying.text = text;
  const amount = toAmount(text);
  if (stage.copy(text)) return stage.say(`Copied ${amount} to the clipboard.`, 'ok');
  const paste = keyOf('prefix', 'pasteCopied');
  const way = paste === null ? '' : `; ${toKeyText(model.words.prefix)} ${toKeyText(paste)} pastes it here`;
  stage.say(`Copied ${amount}, too long for the clipboard of a terminal${way}.`, 'warn');
}

/** `3 lines, 120 characters`; one line is counted in characters alone. */
export function toAmount(text: string): string {
  const characters = [...text].length;
  const lines = text.split('\n').length;
  const count = `${characters.toLocaleString('en-US')} ${characters === 1 ? 'character' : 'characters'}`;
  return lines === 1 ? count : `${lines.toLocaleString('en-US')} lines, ${count}`;
}
