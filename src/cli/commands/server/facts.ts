/** `signalbox server facts`: what a server is, as agents are told it. The host looks, through the gate. */
import { escapeProse } from '../../../base/display/escape.ts';
import { toFactsLines } from '../../../core/facts/facts-text.ts';
import { withHost } from '../../host-client.ts';
import { answerLogins } from '../../login-answers.ts';
import { type CliIo, printJson, printLine } from '../../output.ts';

export interface FactsOptions {
  readonly refresh?: true;
  readonly json?: true;
}

export async function showFacts(io: CliIo, id: string, { refresh, json }: FactsOptions): Promise<void> {
  const { facts } = await withHost(io, 'if-needed', async (client) => {
    const logins = answerLogins(io, client.connection, {});
    try {
      return await client.call('server.facts', { server: id, refresh: refresh ?? false });
    } finally {
      logins.dispose();
    }
  });
  if (json) {
    printJson(io, facts);
    return;
  }
  for (const [name, value] of toFactsLines(facts, Date.now()))
    printLine(io, `${escapeProse(name).padEnd(12)} ${escapeProse(value)}`);
}
