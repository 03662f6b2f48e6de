/** The catalogue: the built-in agents, changed and extended by agents.json. A broken file never stops the start; it becomes a warning. */
import { readFile } from 'node:fs/promises';
import { OperationError } from '../../../core/codes.ts';
import { applyAgentsFile } from './agents-file.ts';
import { auggie } from './auggie.ts';
import { claude } from './claude.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { demo } from './demo.ts';
import { gemini } from './gemini.ts';
import { goose } from './goose.ts';
import { kilo } from './kilo.ts';
import { opencode } from './opencode.ts';
import type { AgentProfile } from './profile.ts';
import { qwen } from './qwen.ts';

export interface CatalogueState {
  readonly profiles: readonly AgentProfile[];
  /** Sentences for the operator about agents.json. */
  readonly warnings: readonly string[];
}

export interface Catalogue {
  /** As they are without agents.json. */
  readonly builtIn: readonly AgentProfile[];
  /** Reads agents.json anew, so an edit counts for the next agent that is started. */
  read(): Promise<CatalogueState>;
}

export function createCatalogue(options: {
  readonly agentsFile: string;
  /** Absolute program and arguments of the bundled demo agent. */
  readonly demoCommand: readonly string[];
  /** Text of a file, null when there is none; rejects for one that others could have written, since it names programs to be run. */
  readonly readText?: (path: string) => Promise<string | null>;
}): Catalogue {
  const { agentsFile, readText = readAnyText } = options;
  const builtIn = [
    ...[opencode, claude, gemini, goose, codex, qwen, copilot, kilo, cline, auggie],
    demo(options.demoCommand),
  ];
  return {
    builtIn,
    async read() {
      try {
        const text = await readText(agentsFile);
        return text === null ? { profiles: builtIn, warnings: [] } : applyAgentsFile(text, agentsFile, builtIn);
      } catch (error) {
        const why =
          error instanceof OperationError
            ? error.message
            : `${agentsFile} cannot be read (${(error as Error).message})`;
        return { profiles: builtIn, warnings: [`${why.replace(/\.$/, '')}; using the built-in agents.`] };
      }
    },
  };
}

async function readAnyText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
