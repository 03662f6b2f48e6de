/** `signalbox approvals …`: the queue without a screen. Approving here needs a terminal, the whole card and the code below it. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import type { Params } from '../../protocol/methods.ts';
import type { CardView } from '../../protocol/view.ts';
import { listWaiting } from '../../protocol/waiting.ts';
import { canAsk } from '../ask.ts';
import { confirm, printCard, toAsker } from '../card-prompt.ts';
import { type HostClient, withHost } from '../host-client.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { toSpan } from '../spans.ts';

interface ApproveOptions {
  readonly session?: true;
  readonly confirm?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  const approvals = program
    .command('approvals')
    .description('list, show, approve and deny what waits')
    .addHelpText('after', examples);
  approvals
    .command('list')
    .description('what waits, oldest first')
    .addHelpText('after', '\nExample:\n  signalbox approvals list --json\n')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }, command: Command) => list(ioOf(command), options));
  approvals
    .command('show')
    .argument('<id>')
    .description('the whole card')
    .addHelpText('after', '\nExample:\n  signalbox approvals show k3f9\n')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: true }, command: Command) => show(ioOf(command), id, options));
  approvals
    .command('approve')
    .argument('<id>')
    .description('approve after reading the whole card')
    .addHelpText('after', '\nExample:\n  signalbox approvals approve k3f9\n')
    .option('--session', 'this exact command on this server, for the rest of the session')
    .option('--confirm <server>', 'id of a production server, when there is no terminal to type it at')
    .option('--json', 'print the answer as JSON')
    .action(async (id: string, options: ApproveOptions, command: Command) => approve(ioOf(command), id, options));
  approvals
    .command('deny')
    .argument('<id>')
    .description('deny; the agent is told')
    .addHelpText('after', '\nExample:\n  signalbox approvals deny k3f9 --reason "not now"\n')
    .option('--reason <text>', 'what the agent is to know')
    .option('--json', 'print the answer as JSON')
    .action(async (id: string, options: { reason?: string; json?: true }, command: Command) => {
      const answer = { kind: 'deny', reason: options.reason ?? null } as const;
      const io = ioOf(command);
      await withHost(io, 'never', (client) => send(io, client, { id, answer, via: 'cli' }, options));
    });
}

const examples = `
\`approve\` needs a terminal, unless config.json has {"approvals": {"allowNonInteractive": true}}. While an agent that is
NOT CONTAINED runs in any session, only a screen approves: such an agent runs as you, and could type this command itself.

Examples:
  signalbox approvals list
  signalbox approvals approve k3f9
  signalbox approvals deny k3f9 --reason "not during business hours"
`;

async function list(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const view = await withHost(io, 'never', (client) => client.view());
  const { approvals } = view;
  const others = listWaiting(view).length - approvals.length;
  if (others > 0) printNote(io, `Besides approvals ${others} more wait for you; \`signalbox waiting\` lists them.`);
  if (options.json) printJson(io, approvals);
  else if (approvals.length === 0) printLine(io, 'Nothing waits.');
  else {
    const nowMs = Date.now();
    const rows = approvals.map((card) => toRow(card, nowMs));
    printTable(io, ['ID', 'WAITS', 'EXPIRES', 'SERVER', 'WHO', 'WHAT', 'REASON'], rows);
  }
}

async function show(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const card = await withHost(io, 'never', (client) => findCard(client, id));
  if (options.json) printJson(io, card);
  else printCard({ ...io, stderr: io.stdout }, card);
}

async function approve(io: CliIo, id: string, options: ApproveOptions): Promise<void> {
  await withHost(io, 'never', async (client) => {
    const card = await findCard(client, id);
    const interactive = canAsk(io);
    const confirmation = interactive ? await askFor(io, card) : fromOption(options.confirm);
    if (confirmation === null) throw new OperationError('CANCELLED', 'Nothing was approved.');
    const grant = options.session ? 'session' : 'once';
    const answer = { kind: 'approve', grant, ...confirmation } as const;
    await send(io, client, { id, answer, via: 'cli', interactive }, options);
  });
}

async function askFor(io: CliIo, card: CardView): Promise<{ readonly confirmation?: string } | null> {
  printCard(io, card);
  const ask = toAsker(io, new AbortController().signal);
  try {
    return await confirm(io, card, ask);
  } finally {
    ask.close();
  }
}

/** A late answer is an error here: what this command was told to do, it did not do. */
async function send(
  io: CliIo,
  client: HostClient,
  params: Params<'approval.answer'>,
  options: { readonly json?: true },
): Promise<void> {
  const result = await client.call('approval.answer', params);
  if (!result.accepted)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Too late, or not there: ${params.id} is gone, ${result.late ?? 'answered'}.`,
    );
  if (options.json) printJson(io, { id: params.id, ...result });
  else printLine(io, params.answer.kind === 'deny' ? `Denied ${params.id}.` : `Approved ${params.id}.`);
}

async function findCard(client: HostClient, id: string): Promise<CardView> {
  const { approvals } = await client.view();
  const card = approvals.find((waiting) => waiting.id === id);
  if (!card)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `No approval ${id} waits; \`signalbox approvals list\` shows what does.`,
    );
  return card;
}

function fromOption(server: string | undefined): { readonly confirmation?: string } {
  return server === undefined ? {} : { confirmation: server };
}

function toRow(card: CardView, nowMs: number): readonly string[] {
  const { id, server, who, subject, reason, createdAtMs, expiresAtMs } = card;
  const what =
    subject.kind === 'command'
      ? (subject.line ?? (subject.argv ?? []).join(' '))
      : `${subject.kind} ${subject.realPath}`;
  const environment = server.environment === 'production' ? ' (PRODUCTION)' : '';
  const expires = expiresAtMs === null ? 'never' : `in ${toSpan(expiresAtMs - nowMs)}`;
  return [
    id,
    toSpan(nowMs - createdAtMs),
    expires,
    ...[`${server.id}${environment}`, who, what, reason].map(toSafeLine),
  ];
}
