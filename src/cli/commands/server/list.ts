/** `signalbox server list`: what is registered here, what is broken and why. No credential, and nothing connects. */
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import type { Target } from '../../../core/server.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type CliIo, printJson, printLine, printNote, printTable } from '../../output.ts';
import { openDesk } from './desk.ts';

export async function listServers(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const desk = openDesk(io);
  const listed = await desk.registry.list(desk.workspace);
  // It lists what it can and says what it cannot; a script must learn of that, too.
  if (listed.broken.length > 0) io.exitCode = exitCodes.usage;
  if (options.json) {
    printJson(io, { workspace: desk.workspace, ...listed });
    return;
  }
  for (const warning of listed.warnings) printNote(io, `warning: ${escapeProse(warning)}`);
  if (listed.servers.length === 0 && listed.broken.length === 0) {
    printLine(io, 'No server is registered; add one with `signalbox server add` or `signalbox server import`.');
    return;
  }
  const rows = listed.servers.map((server) => [
    server.id,
    escapeExact(server.address),
    environmentOf(server),
    [...server.groups, ...server.labels].map(escapeExact).join(','),
    scopeOf(server),
  ]);
  if (rows.length > 0) printTable(io, ['ID', 'ADDRESS', 'ENVIRONMENT', 'GROUPS, LABELS', 'SCOPE'], rows);
  for (const { id, problem } of listed.broken) printNote(io, `unusable: ${id}: ${escapeProse(problem)}`);
}

export function environmentOf(server: Target): string {
  return server.environmentAssumed ? `${server.environment} (assumed)` : server.environment;
}

export function scopeOf(server: Target): string {
  return server.shadowsGlobal ? `${server.scope} (hides a global record)` : server.scope;
}
