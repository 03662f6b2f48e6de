/** `signalbox completion`: prints the completion script of a shell, made from the commands as they are. */
import { Argument, type Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { commandTable } from '../command-table.ts';
import { toCompletionTree } from '../completion/completion-tree.ts';
import { type Shell, shells, toCompletionScript } from '../completion/scripts.ts';
import { ioOf } from '../output.ts';

export function register(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('[shell]', 'the shell to complete in').choices(shells))
    .description('print the completion script of a shell')
    .addHelpText('after', examples)
    .action(async (shell: Shell | undefined, _options: object, command: Command) => {
      const io = ioOf(command);
      if (shell === undefined)
        throw new OperationError(
          'INVALID_ARGUMENT',
          `Name the shell: \`signalbox completion ${shells.join('\`, \`signalbox completion ')}\`.`,
        );
      const hidden = new Set(commandTable.filter((row) => row.hidden).map((row) => row.name));
      const { buildProgram } = await import('../program.ts');
      io.stdout.write(toCompletionScript(shell, toCompletionTree(await buildProgram('all', io), hidden)));
    });
}

const examples = `
Examples:
  source <(signalbox completion bash)      in ~/.bashrc
  source <(signalbox completion zsh)       in ~/.zshrc, after compinit
  signalbox completion fish | source       in ~/.config/fish/config.fish
`;
