/**
 * Looking at a text of the screen: copy mode, searching in it, and pasting what was copied. Which text that is, the screen's parts say.
 */

import type { SearchDirection } from '../copy/copy-search.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { CopyOverlay } from '../panes/copy-overlay.ts';
import { openFind } from './find.ts';

export function toCopyActions(stage: Stage): Partial<Record<Action, () => void>> {
  return {
    copyMode: () => void openCopy(stage),
    searchNext: () => openCopy(stage)?.findAgain('along'),
    searchPrevious: () => openCopy(stage)?.findAgain('against'),
    searchBack: () => searchText(stage, 'backward'),
    findEverywhere: () => openFind(stage),
    pasteCopied: () => pasteCopied(stage),
  };
}

/** Opens the line that searches the text in focus. */
export function searchText(stage: Stage, direction: SearchDirection = 'forward'): void {
  openCopy(stage)?.beginSearch(direction, 'only');
}

function openCopy(stage: Stage): CopyOverlay | null {
  const shown = stage.texts.focused();
  if (!shown) {
    stage.say(`There is no text here to look at; ${keyWord('global', 'focusNext')} goes to one.`, 'muted');
    return null;
  }
  const { model } = stage;
  // Beside a text, the conversation is meant: the focus goes where the keys go.
  if (shown.region === 'conversation') model.focus = 'conversation';
  const overlay = new CopyOverlay(stage, shown);
  stage.open(overlay);
  return overlay;
}

function pasteCopied(stage: Stage): void {
  if (!stage.texts.paste(stage.model.copying.text)) stage.say('There is nothing here to paste into.', 'muted');
}
