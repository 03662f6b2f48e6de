/** `signalbox server trust-key`: records a host key whose fingerprint the operator compared, once the server has proven it holds it. */
import { escapeExact } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import { withHost } from '../../host-client.ts';
import { type CliIo, printJson, printLine } from '../../output.ts';
import { openDesk } from './desk.ts';
import { openServers } from './open-servers.ts';

export async function trustKey(
  io: CliIo,
  id: string,
  fingerprint: string,
  options: { readonly json?: true },
): Promise<void> {
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint)) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      'A fingerprint is SHA256: and 43 characters, as `ssh-keygen -lf` on the server prints it.',
    );
  }
  const desk = openDesk(io);
  const target = await desk.registry.resolve(id, desk.workspace, 'asked');
  const servers = openServers(desk, io);
  try {
    const trusted = await servers.trustHostKey(target, fingerprint, new AbortController().signal);
    if (options.json) printJson(io, { server: id, ...trusted });
    else {
      const where = escapeExact(`${trusted.host}:${trusted.port}`);
      const since = trusted.wasKnown ? 'was trusted already; nothing was changed' : 'is trusted from now on';
      printLine(io, `The ${trusted.type} key ${trusted.fingerprint} of ${where} ${since}.`);
    }
  } finally {
    await servers.dispose();
  }
  await tellHost(io, id, fingerprint);
}

/** For screens, which show until then that it was refused. A host that does not run, or has other servers, has nothing to be told. */
async function tellHost(io: CliIo, server: string, fingerprint: string): Promise<void> {
  try {
    await withHost(io, 'never', (client) => client.call('server.trustKey', { server, fingerprint }));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
  }
}
