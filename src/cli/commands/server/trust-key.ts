/** `signalbox server trust-key`: records a host key whose fingerprint the operator compared, once the server has proven it holds it. */
import { escapeExact } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
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
}
