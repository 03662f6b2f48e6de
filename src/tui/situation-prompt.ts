/**
 * Why a key of the prompt does nothing now. Pure.
 */
import type { Action } from './keymap.ts';

export interface PromptSituation {
  /** Written before, of all sessions. */
  readonly prompts: number;
  /** A long paste stands in it as a label. */
  readonly hasFold: boolean;
  /** The screen can give its terminal to an editor. */
  readonly canEditOutside: boolean;
}

export const promptActions = ['searchHistory', 'unfoldPaste', 'editOutside'] as const satisfies readonly Action[];
export type PromptAction = (typeof promptActions)[number];

export function isPromptAction(action: Action): action is PromptAction {
  return (promptActions as readonly Action[]).includes(action);
}

export function whyNotPrompt(action: PromptAction, prompt: PromptSituation): string | null {
  switch (action) {
    case 'searchHistory':
      return prompt.prompts === 0 ? 'no prompt was written yet' : null;
    case 'unfoldPaste':
      return prompt.hasFold ? null : 'no paste is folded';
    case 'editOutside':
      return prompt.canEditOutside ? null : 'no program can be started from this screen';
  }
}
