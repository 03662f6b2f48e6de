/**
 * What is written on the screen, kept below the data folder for the next one. What looks at it for secrets is loaded after the first frame.
 */
import { join } from 'node:path';
import type { PromptFiles } from '../runtime/prompts/create-prompt-files.ts';
import type { PromptStore } from '../tui/prompt-memory.ts';

export interface ScreenPrompts extends PromptStore {
  /** Resolves when all that was given is on disk. */
  settle(): Promise<void>;
}

/** @param data the data folder. `onProblem` is told once, when something could not be written. */
export function openScreenPrompts(data: string, onProblem: (sentence: string) => void): ScreenPrompts {
  let files: Promise<PromptFiles> | null = null;
  const open = (): Promise<PromptFiles> => {
    files ??= import('../runtime/prompts/create-prompt-files.ts').then(({ createPromptFiles }) =>
      createPromptFiles({ folder: join(data, 'prompts'), onProblem }),
    );
    return files;
  };
  return {
    load: async () => await (await open()).load(),
    keepPrompt: (text) => void open().then((opened) => opened.keepPrompt(text)),
    keepDraft: (session, text) => void open().then((opened) => opened.keepDraft(session, text)),
    settle: async () => {
      if (files !== null) await (await files).settle();
    },
  };
}
