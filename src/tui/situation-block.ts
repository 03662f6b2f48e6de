/**
 * Why a key about a block of a server's pane does nothing now. Pure.
 */
import type { BlockView } from '../protocol/view.ts';
import { keyWord } from './key-words.ts';
import type { Action } from './keymap.ts';
import { isCommandBlock } from './present/server-pane.ts';

/** Of the block that the focused pane has chosen. */
export interface BlockSituation {
  readonly state: BlockView['state'];
  readonly isCommand: boolean;
  readonly hasOutput: boolean;
  /** What a shell prints is nowhere but in its recording. */
  readonly isShell: boolean;
  /** What ran is known word by word. */
  readonly isKnown: boolean;
  readonly hasInput: boolean;
}

export const blockActions = [
  'copyCommand',
  'copyOutput',
  'showBlockRecord',
  'playBlock',
  'runAgain',
  'stopCommand',
] as const satisfies readonly Action[];
export type BlockAction = (typeof blockActions)[number];

export function isBlockAction(action: Action): action is BlockAction {
  return (blockActions as readonly Action[]).includes(action);
}

export function toBlockSituation(block: BlockView): BlockSituation {
  return {
    state: block.state,
    isCommand: isCommandBlock(block),
    hasOutput: block.text !== '' || block.skippedBytes > 0,
    isShell: block.tool === 'shell_open',
    isKnown: block.ran !== undefined,
    hasInput: block.ran?.hasInput ?? false,
  };
}

/** Null when it can be done. The link to the host is another question. */
export function whyNotBlock(action: BlockAction, block: BlockSituation | null): string | null {
  if (!block) return 'nothing ran here yet';
  switch (action) {
    case 'copyCommand':
    case 'showBlockRecord':
      return null;
    case 'copyOutput':
      if (block.isShell) return `what a shell printed is in its recording, which ${keyWord('pane', 'playBlock')} plays`;
      return block.hasOutput ? null : 'it printed nothing';
    case 'playBlock':
      if (!block.isCommand) return 'only commands have a recording';
      return block.hasOutput || block.isShell ? null : 'it printed nothing, so there is no recording';
    case 'runAgain':
      if (!block.isCommand) return 'only commands can be run again';
      if (block.state === 'waiting') return 'it waits for an answer';
      if (!block.isKnown) return 'it never ran';
      return block.hasInput ? 'it was given input, which is not kept' : null;
    case 'stopCommand':
      if (block.state === 'ended') return 'it has ended';
      if (block.state === 'waiting') return 'it waits for an answer; deny it on its card';
      return block.isCommand ? null : 'only commands can be stopped; wait for its end';
  }
}

/** What is said of a block that has nothing to fold. */
export function whyNothingToFold(block: BlockView | null): string {
  return block?.tool === 'shell_open'
    ? `What a shell printed is in its recording; ${keyWord('pane', 'playBlock')} plays it.`
    : 'This block has no output to fold.';
}
