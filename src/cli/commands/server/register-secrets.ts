/** `signalbox server secret …`: its words and options; the work is in `secret.ts`, loaded when it runs. */
import type { Command } from 'commander';
import { ioOf } from '../../output.ts';

export function registerSecrets(server: Command): void {
  const secret = server
    .command('secret')
    .description('keep passwords and passphrases sealed in the vault')
    .addHelpText('after', help);
  secret
    .command('set')
    .argument('<name>', 'what it is called: letters, digits, ".", "_", "-"')
    .description('keep a secret; it is typed unseen, and the first one makes the vault')
    .option('--stdin', 'take it from a line of standard input')
    .addHelpText('after', '\nExample:\n  signalbox server secret set web-1-password\n')
    .action(async (name: string, options: { stdin?: true }, command: Command) => {
      await (await import('./secret.ts')).setSecret(ioOf(command), name, options);
    });
  secret
    .command('list')
    .description('name what is in the vault; never a value')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox server secret list\n')
    .action(async (options: { json?: true }, command: Command) => {
      await (await import('./secret.ts')).listSecrets(ioOf(command), options);
    });
  secret
    .command('remove')
    .argument('<name>')
    .description('take a secret out of the vault')
    .addHelpText('after', '\nExample:\n  signalbox server secret remove web-1-password\n')
    .action(async (name: string, _options: object, command: Command) => {
      await (await import('./secret.ts')).removeSecret(ioOf(command), name);
    });
  registerLock(secret);
}

function registerLock(secret: Command): void {
  secret
    .command('move')
    .description('move what stands in servers.json as plain text into the vault')
    .addHelpText('after', '\nExample:\n  signalbox server secret move\n')
    .action(async (_options: object, command: Command) => {
      await (await import('./secret.ts')).moveSecrets(ioOf(command));
    });
  secret
    .command('unlock')
    .description('open the vault now, so that nothing asks later')
    .addHelpText('after', '\nExample:\n  signalbox server secret unlock\n')
    .action(async (_options: object, command: Command) => {
      await (await import('./secret.ts')).unlockVault(ioOf(command));
    });
  secret
    .command('lock')
    .description('lock the vault: the next login that needs it asks for the passphrase')
    .addHelpText('after', '\nExample:\n  signalbox server secret lock\n')
    .action(async (_options: object, command: Command) => {
      await (await import('./secret.ts')).lockVault(ioOf(command));
    });
}

const help = `
A record takes a secret from the vault with {"vault": "NAME"}. A value is never given on the command line.

Examples:
  signalbox server secret set web-1-password
  signalbox server secret move
`;
