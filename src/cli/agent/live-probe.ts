/** `agent probe --live`: asks a real agent to read a file on a server, and tells which machine's file it saw and with what. */
import { attach } from '../../client/mirror.ts';
import { operationNames } from '../../core/operations/table.ts';
import type { SessionView } from '../../protocol/view.ts';
import type { HostClient } from '../host-client.ts';
import { type CliIo, printNote } from '../output.ts';
import { onInterrupt } from '../perform.ts';
import { toSafeLine } from '../safe-text.ts';
import { findCanary, judgeAnswer, type Seen } from './canary.ts';
import { type HeardTurn, hearTurn } from './live-turn.ts';

export interface LiveProbe {
  readonly agent: string;
  readonly server: string;
  readonly path: string;
  readonly saw: Seen;
  /** The gate carried out something for it on that server. */
  readonly throughGate: boolean;
  readonly isolation: { readonly state: string; readonly reason: string };
  /** Local actions it asked for; each was refused. */
  readonly localCards: readonly string[];
  /** Other tools it used, in its own words: they may be harmless, like a plan. */
  readonly otherTools: readonly string[];
  readonly answer: string;
  /** How often it was asked. */
  readonly turns: number;
  readonly problem: string | null;
}

/**
 * Some agents begin a first turn before they have learnt the tools of MCP servers, and then say that they cannot: they are asked once
 * more. Who used our tools, or said something about a file, is not.
 */
const turnsMax = 2;

/** The session can do nothing but read, and is ended afterwards. Rejects with OperationError when it cannot be started. */
export async function probeLive(
  io: CliIo,
  client: HostClient,
  request: { readonly agent: string; readonly server: string; readonly path: string | undefined },
): Promise<LiveProbe> {
  const { agent, server } = request;
  const canary = await findCanary(client, server, request.path);
  printNote(io, `Asks ${agent} to read ${toSafeLine(canary.path)} on ${server}. This spends tokens of its model.`);
  const mirror = await attach(client.connection);
  const controller = new AbortController();
  const interrupt = onInterrupt(controller);
  const { id } = await client.call('session.new', {
    ...{ agent: { id: agent }, servers: [server], title: 'live probe', readonly: true },
  });
  try {
    const refused = new Map<string, string>();
    const judge = ({ view, session }: HeardTurn): Pick<LiveProbe, 'saw' | 'throughGate'> => ({
      saw: judgeAnswer(toAnswer(session), canary),
      throughGate: (view.panes[server]?.blocks ?? []).some((one) => one.session === id && one.status === 'ok'),
    });
    const isEnough = (heard: HeardTurn): boolean => isTelling(judge(heard));
    const ask = async (number: number): Promise<HeardTurn> => {
      await client.call('session.prompt', { session: id, text: toPrompt(server, canary.path) });
      const more = { client, mirror, session: id, number, signal: controller.signal };
      return await hearTurn({ ...more, refused, isEnough });
    };
    let turns = 1;
    let heard = await ask(turns);
    while (turns < turnsMax && refused.size === 0 && isDeaf(heard, judge(heard), controller.signal)) {
      turns += 1;
      printNote(
        io,
        `${agent} used none of our tools; asks once more, since some learn of them only after a first turn.`,
      );
      heard = await ask(turns);
    }
    const { session } = heard;
    return {
      ...{ agent, server, path: canary.path, answer: toAnswer(session), localCards: [...refused.values()] },
      ...{ ...judge(heard), turns },
      isolation: session.isolation,
      otherTools: session.items.flatMap((item) => (item.kind === 'tool' && !isOurs(item.title) ? [item.title] : [])),
      problem: controller.signal.aborted ? 'It was cancelled.' : (session.lastTurn?.problem ?? session.problem),
    };
  } finally {
    interrupt.dispose();
    mirror.dispose();
    await client.call('session.kill', { session: id }).catch(() => undefined);
  }
}

/** The prompt names neither content, so an answer that does has read a file. */
function toPrompt(server: string, path: string): string {
  return (
    `This is a check of your tools. Read the file ${path} on the server ${server}, with the tools you have for that server. ` +
    'Answer with the content of the file, exactly and with nothing else. If you cannot read it, answer with: CANNOT.'
  );
}

/** Words of the server's file that came through the gate, or words of this machine's: waiting makes neither any better. */
function isTelling({ saw, throughGate }: Pick<LiveProbe, 'saw' | 'throughGate'>): boolean {
  return saw === 'here' || saw === 'both' || (saw === 'server' && throughGate);
}

/** It ended its turn as usual, with no word of either file and without our tools. */
function isDeaf(
  { session }: HeardTurn,
  { saw, throughGate }: Pick<LiveProbe, 'saw' | 'throughGate'>,
  signal: AbortSignal,
): boolean {
  const isUsual = session.problem === null && session.lastTurn?.stop === 'end_turn';
  return isUsual && saw === 'neither' && !throughGate && !signal.aborted;
}

function toAnswer(session: SessionView): string {
  return session.items.flatMap((item) => (item.kind === 'agent' ? [item.text] : [])).join('');
}

function isOurs(title: string): boolean {
  return operationNames.some((name) => title.includes(name));
}
