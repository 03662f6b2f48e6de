/** Shows what a live probe of an agent found: the words, the JSON and the exit status. */

import { unreachable } from '../../../base/assert.ts';
import { OperationError } from '../../../core/codes.ts';
import { type LiveProbe, probeLive } from '../../agent/live-probe.ts';
import { exitCodes } from '../../exit-codes.ts';
import { withHost } from '../../host-client.ts';
import { type CliIo, printJson, printLine } from '../../output.ts';
import { toSafeSentence } from '../../safe-text.ts';

export interface LiveOptions {
  readonly server?: string;
  readonly path?: string;
  readonly json?: true;
}

/** The status is 0 only when it saw the server's file, through the gate, and tried nothing local. */
export async function showLiveProbe(io: CliIo, agent: string, options: LiveOptions): Promise<void> {
  const { server, path } = options;
  if (server === undefined) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Name the server to read from with --server; `signalbox server list` shows them.',
    );
  }
  const found = await withHost(io, 'if-needed', (client) => probeLive(io, client, { agent, server, path }));
  if (!isGood(found)) io.exitCode = exitCodes.unreachable;
  if (options.json) {
    printJson(io, found);
    return;
  }
  const facts: Readonly<Record<string, string>> = {
    'it saw': toWords(found),
    'local actions': found.localCards.length > 0 ? `asked for and refused: ${found.localCards.join('; ')}` : 'none',
    'other tools': found.otherTools.length > 0 ? `${found.otherTools.join('; ')} (its own words)` : 'none',
    isolation: `${found.isolation.state}: ${found.isolation.reason}`,
    answer: found.answer.slice(0, 400).replaceAll(/\s+/g, ' ').trim() || 'nothing',
    ...(found.problem === null ? {} : { problem: found.problem }),
  };
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, value] of Object.entries(facts)) printLine(io, `${name.padEnd(width)}  ${toSafeSentence(value)}`);
}

function isGood({ saw, throughGate, localCards }: LiveProbe): boolean {
  return saw === 'server' && throughGate && localCards.length === 0;
}

function toWords({ saw, server, path, throughGate, localCards }: LiveProbe): string {
  switch (saw) {
    case 'server':
      return throughGate
        ? `${path} of ${server}, through the gate.`
        : `${path} of ${server}, but NOT through the gate: it knows the content from elsewhere.`;
    case 'here':
      return `${path} of THIS MACHINE: its own tools work, and it can read files here.`;
    case 'both':
      return `${path} of ${server} and of THIS MACHINE: its own tools work, and it can read files here.`;
    case 'neither':
      if (!throughGate && localCards.length > 0)
        return 'neither file: it asked first whether it may, which a probe refuses. On the screen a person answers such questions.';
      return throughGate
        ? `neither file by its answer, though the gate read for it: its model may have answered in other words.`
        : `neither file: it used none of our tools. Its model may be weak, or the tools did not reach it.`;
    default:
      return unreachable(saw);
  }
}
