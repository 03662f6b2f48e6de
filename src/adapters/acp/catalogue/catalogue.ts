/** The catalogue: the built-in agents, changed and extended by agents.json. A broken file never stops the start; it becomes a warning. */
import { readFile } from 'node:fs/promises';
import { applyAgentsFile } from './agents-file.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { demo } from './demo.ts';
import { gemini } from './gemini.ts';
import { goose } from './goose.ts';
import { opencode } from './opencode.ts';
import type { AgentProfile } from './profile.ts';
import { qwen } from './qwen.ts';

export interface CatalogueState {
  readonly profiles: readonly AgentProfile[];
  /** Sentences for the operator about agents.json. */
  readonly warnings: readonly string[];
}

export interface Catalogue {
  /** Reads agents.json anew, so an edit counts for the next agent that is started. */
  read(): Promise<CatalogueState>;
}

export function createCatalogue(options: {
  readonly agentsFile: string;
  /** Absolute program and arguments of the bundled demo agent. */
  readonly demoCommand: readonly string[];
}): Catalogue {
  const builtIn = [opencode, claude, gemini, goose, codex, qwen, copilot, demo(options.demoCommand)];
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(options.agentsFile, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: builtIn, warnings: [] };
        const why = (error as Error).message;
        return {
          profiles: builtIn,
          warnings: [`${options.agentsFile} cannot be read (${why}); using the built-in agents.`],
        };
      }
      return applyAgentsFile(text, options.agentsFile, builtIn);
    },
  };
}
