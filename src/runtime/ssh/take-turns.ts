/**
 * Where a server allows few sessions on one connection, commands, shells and the file service take turns: the file service leaves its place
 * once nothing is asked of it, and waits for a place while others have them. It knows nothing of what any of them does.
 */
import type { Clock } from '../../base/clock.ts';
import { limits } from '../../core/limits.ts';
import { ChannelRefusedError } from './channel-refused.ts';
import type { SftpChannel } from './sftp-channel.ts';

/** Tries until a session is free, for as long as anybody would wait. Throws what `open` throws; a refusal only after that time. */
export async function untilFree<T>(open: () => Promise<T>, clock: Clock): Promise<T> {
  const untilMs = clock.monotonicMs() + limits.sessionWaitMs;
  for (let retries = 1; ; retries += 1) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof ChannelRefusedError) || clock.monotonicMs() > untilMs) throw error;
      const delayMs = Math.min(retries, limits.sessionRetriesMax) * limits.sessionRetryMs;
      await new Promise<void>((resolve) => clock.after(delayMs, resolve));
    }
  }
}

/** Closes the file service once it has been quiet for a moment: who works with it asks again and again. False: there was none. */
export async function giveUpFiles(opening: Promise<SftpChannel> | null): Promise<boolean> {
  const channel = await opening?.catch(() => null);
  if (!channel) return false;
  await channel.untilQuiet(limits.sessionRetryMs);
  channel.discard('given-up');
  return true;
}
