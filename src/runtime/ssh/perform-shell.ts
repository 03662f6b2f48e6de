/** An interactive shell on a terminal of the server: bytes out, bytes in, and its size. It knows nothing of who types there. */
import type { ClientChannel } from 'ssh2';
import { toDisposable } from '../../base/lifecycle.ts';
import type { ShellAction } from '../../core/action.ts';
import { limits } from '../../core/limits.ts';
import type { PerformSink, ShellOutcome } from '../../core/ports.ts';
import type { TerminalInput } from '../../core/terminal.ts';
import { toCancelledError } from './abort.ts';
import { ChannelPace } from './channel-pace.ts';
import type { Connection } from './connection.ts';
import { keepWindow } from './receive-window.ts';

/**
 * `redeem` is called once, right before the shell is asked for. It has a channel of its own beside those of commands. An abort closes
 * it: the server then hangs up what runs there. Throws UNSUPPORTED when the server gives no terminal, and CONNECTION_LOST.
 */
export async function performShell(
  connection: Connection,
  action: ShellAction,
  sink: PerformSink,
  signal: AbortSignal,
  redeem: () => void,
): Promise<ShellOutcome> {
  if (signal.aborted) throw toCancelledError();
  const slot = connection.channels.occupy();
  try {
    redeem();
    return await runShell(connection, action, sink, signal);
  } finally {
    slot.dispose();
  }
}

function runShell(
  connection: Connection,
  action: ShellAction,
  sink: PerformSink,
  signal: AbortSignal,
): Promise<ShellOutcome> {
  return new Promise((resolve, reject) => {
    const attach = (channel: ClientChannel): void => {
      keepWindow(channel, { bytes: limits.shellWindowBytes, clock: connection.clock });
      let bytes = 0;
      let exit: { readonly code: number | null; readonly signal: string | null } | null = null;
      const hold = { isWanted: false };
      const { clock } = connection;
      const pace = new ChannelPace({ channel, clock, isBehind: () => hold.isWanted || sink.isBehind?.() === true });
      const handleAbort = (): void => {
        pace.dispose();
        channel.close();
      };
      const stopHearing = toDisposable(() => signal.removeEventListener('abort', handleAbort));
      channel.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        sink.onOutput?.('stdout', chunk);
        pace.keep();
      });
      // A terminal has one stream; a server that sends a second one all the same must not stand still.
      channel.stderr.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        sink.onOutput?.('stderr', chunk);
        pace.keep();
      });
      channel.on('exit', (code: number | null, signalName?: string) => {
        exit = { code, signal: signalName ?? null };
      });
      channel.on('error', () => undefined);
      channel.once('close', () => {
        stopHearing.dispose();
        pace.dispose();
        if (exit === null && !signal.aborted) {
          reject(
            connection.lostError('the shell is gone, and what ran in it was hung up or goes on without it', {
              outcomeUnknown: true,
            }),
          );
          return;
        }
        const ended = signal.aborted ? 'cancelled' : 'exit';
        const { code, signal: by } = (ended === 'exit' ? exit : null) ?? { code: null, signal: null };
        resolve({ kind: 'shell', exitCode: code, signal: by, bytes, ended });
      });
      if (signal.aborted) handleAbort();
      else signal.addEventListener('abort', handleAbort, { once: true });
      sink.onTerminal?.({
        ...toInput(channel),
        pause: () => {
          hold.isWanted = true;
          pace.keep();
        },
        resume: () => {
          hold.isWanted = false;
        },
      });
    };
    connection.openShell(action, attach).catch(reject);
  });
}

function toInput(channel: ClientChannel): Pick<TerminalInput, 'write' | 'resize'> {
  return {
    write: (bytes) => void (channel.writable && channel.write(Buffer.from(bytes))),
    resize: ({ columns, rows }) => void (channel.writable && channel.setWindow(rows, columns, 0, 0)),
  };
}
