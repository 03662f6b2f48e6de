/** `signalbox new`: starts an agent on servers and leaves it running; its session is attached later, or watched by a screen that is open. */
import type { Command } from 'commander';
import { checkSession } from '../check-session.ts';
import { withHost } from '../host-client.ts';
import { openSession } from '../open-session.ts';
import { ioOf, printJson, printLine } from '../output.ts';
import { type SessionOptions, withSessionOptions } from '../session-options.ts';
import { toAbsoluteWords } from '../to-absolute-words.ts';

export function register(program: Command): void {
  withSessionOptions(
    program.command('new').argument('[command...]', 'after `--`: an agent that is not in the catalogue'),
  )
    .description('start a session with an agent')
    .option('--prompt <text>', 'the first prompt')
    .option('--json', 'print the session as JSON')
    .addHelpText('after', examples)
    .action(async (words: string[], options: SessionOptions & { prompt?: string; json?: true }, command: Command) => {
      const io = ioOf(command);
      const agent = toAbsoluteWords(io, words);
      const checked = await checkSession(io, agent, options);
      await withHost(io, 'if-needed', async (client) => {
        const id = await openSession(client, agent, checked, options.prompt);
        if (options.json) printJson(io, { id });
        else if (io.stdout.isTTY) printLine(io, `Session ${id} runs; \`signalbox attach ${id}\` opens it.`);
        else printLine(io, id);
      });
    });
}

const examples = `
Examples:
  signalbox new --agent opencode --server web-1,web-2 --prompt "why is web-2 slow?"
  signalbox new --server web-1 -- my-agent --acp
`;
