/** What is left to do when the screen itself fails: the terminal first, then one sentence. Restores nothing by itself and starts nothing anew. */
import type { Disposable } from '../base/lifecycle.ts';
import { toDisposable } from '../base/lifecycle.ts';
import { exitCodes } from './exit-codes.ts';
import { toSafeSentence, toSafeText } from './safe-text.ts';

/**
 * From now on an exception that nobody caught, or a promise that nobody awaited, ends the process with one sentence on a terminal that is as it
 * was before. Node's own report of it would be written over the screen.
 */
export function watchForCrash(giveBack: () => void, comeBack: string, env: NodeJS.ProcessEnv): Disposable {
  const handle = (error: unknown): void => {
    giveBack();
    const said = error instanceof Error ? error.message : String(error);
    const debug = env['SIGNALBOX_DEBUG'] ? '' : '; SIGNALBOX_DEBUG=1 shows where, for a report';
    const sentence = `The screen failed (${said}), and agents and commands run on; \`${comeBack}\` brings it back${debug}.`;
    process.stderr.write(`signalbox: ${toSafeSentence(sentence)}\n`);
    if (debug === '' && error instanceof Error) process.stderr.write(`${toSafeText(error.stack ?? '')}\n`);
    process.exit(exitCodes.bug);
  };
  process.on('uncaughtException', handle);
  return toDisposable(() => process.off('uncaughtException', handle));
}
