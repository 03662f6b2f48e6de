/** `signalbox server …`: the words and options of the registry commands; each one's work is in a file of its own, loaded when it runs. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { environments } from '../../core/server.ts';
import { toAddress } from '../options.ts';
import { ioOf } from '../output.ts';
import { clearableFields } from './server/clearable-fields.ts';
import { registerSecrets } from './server/register-secrets.ts';

export function register(program: Command): void {
  const server = program
    .command('server')
    .description('register servers, test and trust them')
    .addHelpText('after', examples);
  registerAdd(server);
  registerViews(server);
  registerTrust(server);
  registerTrustCommand(server);
  registerTests(server);
  registerTrustKnown(server);
  registerSecrets(server);
}

const examples = `
Examples:
  signalbox server add web-1 --host 10.0.0.5 --user ubuntu --key ~/.ssh/id_ed25519 --environment staging
  signalbox server add web-2 --ssh web-2-alias --environment production
  signalbox server import --all --environment staging
  signalbox server test web-1
  signalbox server trust-key web-1 SHA256:...
`;

function registerAdd(server: Command): void {
  const add = server
    .command('add')
    .argument('<id>', 'name of the server here: a-z, 0-9, ".", "_", "-"')
    .description('register a server')
    .option('--host <host>', 'host name or address', toAddress)
    .option('--port <port>', 'port (default: 22)', toPort)
    .option('--user <name>', 'account on the server (default: your name here)')
    .option('--ssh <alias>', 'take host, user and keys from this alias of ~/.ssh/config, at every connect');
  addLoginOptions(add)
    .addOption(new Option('--environment <name>', 'without one, production rules apply').choices(environments))
    .option('--label <words>', 'labels, with commas or repeated', collect, [])
    .option('--group <words>', 'groups, with commas or repeated', collect, [])
    .option('--jump <id>', 'reach it through this registered server')
    .option('--root <folders>', 'file tools stay below these folders', collect, [])
    .option('--sensitive <paths>', 'more paths that always need an approval', collect, [])
    .option('--readonly', 'nothing but reads can ever run')
    .addOption(scopeOption())
    .option('--json', 'print the new record as JSON')
    .addHelpText('after', addExamples)
    .action(async (id: string, options: object, command: Command) => {
      await (await import('./server/add.ts')).addServer(ioOf(command), id, options);
    });
  const edit = server
    .command('edit')
    .argument('<id>')
    .description('change a registered server; what is not named stays as it is')
    .option('--host <host>', 'host name or address', toAddress)
    .option('--port <port>', 'port', toPort)
    .option('--user <name>', 'account on the server')
    .option('--ssh <alias>', 'take host, user and keys from this alias of ~/.ssh/config');
  addLoginOptions(edit)
    .addOption(new Option('--environment <name>').choices(environments))
    .option('--label <words>', 'labels instead of those that are there', collect)
    .option('--group <words>', 'groups instead of those that are there', collect)
    .option('--jump <id>', 'reach it through this registered server')
    .option('--root <folders>', 'folders instead of those that are there', collect)
    .option('--sensitive <paths>', 'paths instead of those that are there', collect)
    .option('--readonly', 'nothing but reads can ever run')
    .option('--clear <fields>', `fields that get their default again: ${clearableFields.join(', ')}`, collect)
    .addOption(scopeOption())
    .addHelpText('after', editExamples)
    .action(async (id: string, options: object, command: Command) => {
      await (await import('./server/edit.ts')).editServer(ioOf(command), id, options);
    });
  server
    .command('remove')
    .argument('<id>')
    .description('take a server out of the registry')
    .addOption(scopeOption())
    .addHelpText('after', '\nExample:\n  signalbox server remove web-1 --scope workspace\n')
    .action(async (id: string, options: { scope?: string }, command: Command) => {
      await (await import('./server/remove.ts')).removeServer(ioOf(command), id, options);
    });
  server
    .command('import')
    .argument('[names...]', 'host names of ~/.ssh/config')
    .description('register hosts of ~/.ssh/config by their alias')
    .option('--all', 'every host without wildcards, once where several names lead to it')
    .option('--every-name', 'with --all: each name, also where several lead to one host')
    .option('--list', 'only say what could be imported')
    .option('--json', 'with --list, as JSON')
    .addOption(new Option('--environment <name>', 'for all of them').choices(environments))
    .addOption(scopeOption())
    .addHelpText('after', '\nExample:\n  signalbox server import web-1 web-2 --environment staging\n')
    .action(async (names: string[], options: object, command: Command) => {
      await (await import('./server/import.ts')).importServers(ioOf(command), names, options);
    });
}

/** How to log in, one of them. */
function addLoginOptions(command: Command): Command {
  return command
    .option('--agent', 'log in with the keys of your ssh-agent')
    .option('--key <file>', 'log in with this private key')
    .option('--certificate <file>', 'with --key: log in with this OpenSSH user certificate of the key')
    .option('--passphrase-env <name>', 'passphrase of the key, from an environment variable')
    .option('--passphrase-command <command>', 'passphrase of the key: the first line this command prints')
    .option('--password-env <name>', 'log in with a password from an environment variable')
    .option('--password-command <command>', 'log in with a password: the first line this command prints (no shell)')
    .option('--secret-stdin', 'password, or with --key its passphrase: a line of standard input')
    .addOption(
      new Option('--secret-in <place>', 'where that is kept: sealed in the vault, or readable in servers.json').choices(
        ['vault', 'plain'],
      ),
    )
    .option('--sudo-env <name>', 'password for sudo there, from an environment variable')
    .option(
      '--sudo-vault <name>',
      'password for sudo there: what `signalbox server secret set NAME` put into the vault',
    )
    .option('--sudo-command <command>', 'password for sudo there: the first line this command prints (no shell)')
    .addOption(
      new Option(
        '--transport <kind>',
        "whose SSH connects; auto: the system's ssh where the built-in one cannot",
      ).choices([...['auto', 'built-in', 'system']]),
    );
}

function registerViews(server: Command): void {
  server
    .command('list')
    .description('show the registered servers')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox server list --json\n')
    .action(async (options: { json?: true }, command: Command) => {
      await (await import('./server/list.ts')).listServers(ioOf(command), options);
    });
  server
    .command('show')
    .argument('<id>')
    .description('show one server; never a credential')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox server show web-1\n')
    .action(async (id: string, options: { json?: true }, command: Command) => {
      await (await import('./server/show.ts')).showServer(ioOf(command), id, options);
    });
}

function registerTrust(server: Command): void {
  server
    .command('trust')
    .description("review this workspace's servers.json and trust it as it is now")
    .option('--yes', 'do not ask')
    .option('--sha256 <hash>', 'do not ask, and trust it only if this is the hash of what it holds')
    .option('--json', 'as JSON; without --yes or --sha256 it is only shown')
    .addHelpText('after', '\nExample:\n  signalbox server trust\n')
    .action(async (options: { yes?: true; sha256?: string; json?: true }, command: Command) => {
      await (await import('./server/trust.ts')).trustWorkspace(ioOf(command), options);
    });
}

function registerTrustCommand(server: Command): void {
  server
    .command('trust-command')
    .argument('[ids...]')
    .description('see and allow the commands of this machine that lead to servers')
    .option('--all', 'of every registered server')
    .option('--list', 'only say what is allowed')
    .option('--revoke', 'allow them no more')
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON')
    .addHelpText('after', trustCommandHelp)
    .action(async (ids: string[], options: object, command: Command) => {
      await (await import('./server/trust-command.ts')).trustCommands(ioOf(command), ids, options);
    });
}

const testExamples = `
Several are tested one after the other, and the status is that of the first that failed; --json prints a line for each.

Examples:
  signalbox server test web-1 --verbose
  signalbox server test web-1,web-2
`;

function registerTests(server: Command): void {
  server
    .command('test')
    .argument('<servers...>', 'ids of registered servers, with commas or spaces between them')
    .description('connect and say what was found, step by step')
    .option(
      '--verbose',
      'all that was seen: which line of ~/.ssh/config gave what, algorithms, what each login got for an answer',
    )
    .option('--json', 'as JSON, with all that was seen')
    .addHelpText('after', testExamples)
    .action(async (lists: string[], options: { json?: true; verbose?: true }, command: Command) => {
      await (await import('./server/test.ts')).testServers(ioOf(command), lists, options);
    });
  server
    .command('facts')
    .argument('<id>')
    .description('show what the server is: system, services, disks, memory, as agents are told it')
    .option('--refresh', 'look now; default: what was seen within the last hour')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nEach look is one of a fixed list of reads, and recorded.\n\nExample:\n  signalbox server facts web-1\n',
    )
    .action(async (id: string, options: { refresh?: true; json?: true }, command: Command) => {
      await (await import('./server/facts.ts')).showFacts(ioOf(command), id, options);
    });
  server
    .command('trust-key')
    .argument('<id>')
    .argument('<fingerprint>', 'SHA256:..., compared with what the owner of the server says')
    .description('trust the host key with this fingerprint')
    .option('--json', 'as JSON')
    .addHelpText('after', trustKeyExamples)
    .action(async (id: string, fingerprint: string, options: { json?: true }, command: Command) => {
      await (await import('./server/trust-key.ts')).trustKey(ioOf(command), id, fingerprint, options);
    });
}

const trustCommandHelp = `
ProxyCommand and Match exec of ~/.ssh/config run commands on this machine. Each is run only once you have allowed its exact text;
where you sit at a screen or a terminal, you are asked when it is first needed.

Examples:
  signalbox server trust-command web-1
  signalbox server trust-command --all
  signalbox server trust-command --list
  signalbox server trust-command web-1 --revoke
`;

function registerTrustKnown(server: Command): void {
  server
    .command('trust-known')
    .argument('[ids...]')
    .description('trust the host keys that your own ssh knows already (known_hosts), after they were shown')
    .option('--all', 'of every registered server')
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON; without --yes they are only shown')
    .addHelpText('after', '\nNothing is connected to.\n\nExample:\n  signalbox server trust-known --all\n')
    .action(async (ids: string[], options: object, command: Command) => {
      await (await import('./server/trust-known.ts')).trustKnown(ioOf(command), ids, options);
    });
}

const trustKeyExamples = `
On the server, \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` prints the fingerprint.

Example:
  signalbox server trust-key web-1 SHA256:uNiVztksCsDhcc0u9e8BrcQgQ4iBcrNdKMZuXfBbCRQ
`;

const addExamples = `
A relative --key is taken from the current folder. The secret itself is never given on the command line.

Examples:
  signalbox server add db-1 --host db.internal --user admin --agent --jump bastion --environment production
  signalbox server add nas --host 192.168.1.9 --user me --password-command "pass show nas" --environment development
`;

const editExamples = `
Examples:
  signalbox server edit web-1 --host 10.0.0.6 --environment production
  signalbox server edit web-1 --label web,eu --clear readonly,jump
`;

function scopeOption(): Option {
  return new Option('--scope <scope>', 'which file (default: the workspace, when it has one)').choices([
    'global',
    'workspace',
  ]);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').filter((word) => word !== '')];
}

function toPort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 1 to 65535.');
}
