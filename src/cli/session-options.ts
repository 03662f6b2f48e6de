/** What `new` and `run` have in common: which agent, on which servers. */
import type { Command } from 'commander';
import { collectWords } from './options.ts';

export interface SessionOptions {
  readonly agent?: string;
  readonly server: readonly string[];
  readonly title?: string;
  readonly readonly?: true;
}

export function withSessionOptions(command: Command): Command {
  return command
    .option('--agent <id>', 'an agent of the catalogue; default: the only one that is ready')
    .requiredOption('--server <ids>', 'servers it may work on, with commas or repeated', collectWords, [])
    .option('--title <words>', 'name of the session; default: the first words of the prompt')
    .option('--readonly', 'nothing but reads can run for this session');
}
