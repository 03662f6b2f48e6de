/** `signalbox server test`: connects and says what it found, step by step. Runs nothing that changes the server. */
import { escapeProse } from '../../../base/display/escape.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type CliIo, printJson, printLine, printNote } from '../../output.ts';
import { openDesk } from './desk.ts';
import { openServers } from './open-servers.ts';

export async function testServer(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const desk = openDesk(io);
  const target = await desk.registry.resolve(id, desk.workspace);
  const listed = await desk.registry.list(desk.workspace);
  const warnings = listed.warnings.filter((warning) => warning.includes(`"${id}"`));
  const servers = openServers(desk, io);
  try {
    const steps = await servers.test(target, new AbortController().signal);
    const failed = steps.find((step) => !step.ok);
    if (failed) io.exitCode = exitCodeOf(failed.name);
    if (options.json) {
      printJson(io, { server: id, address: target.address, ok: !failed, steps, warnings });
      return;
    }
    for (const warning of warnings) printNote(io, `warning: ${escapeProse(warning)}`);
    printLine(io, `${id} (${escapeProse(target.address)})`);
    for (const step of steps) {
      printLine(io, `  ${step.ok ? 'ok    ' : 'failed'}  ${step.name}: ${escapeProse(step.detail)}`);
    }
  } finally {
    await servers.dispose();
  }
}

/** By the step that failed; what comes after the login is the server's refusal. */
function exitCodeOf(step: string): number {
  if (step === 'Settings') return exitCodes.usage;
  if (step === 'Host key') return exitCodes.hostKey;
  return step === 'Network' || step === 'Login' ? exitCodes.unreachable : exitCodes.refusedByServer;
}
