/** A channel that is kept for the next command gives way to what is refused because of it, and to nothing else. */
import type { Client } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { type Code, OperationError } from '../../../src/core/codes.ts';
import { limits } from '../../../src/core/limits.ts';
import { SessionAhead } from '../../../src/runtime/ssh/session-ahead.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

/** A client that is asked for channels and has not answered yet. */
function keepOne(): { readonly ahead: SessionAhead; readonly clock: HandClock } {
  const client = { _chanMgr: { add: () => 0 }, _protocol: { session: () => undefined } } as unknown as Client;
  const clock = new HandClock();
  const ahead = new SessionAhead(client, clock);
  ahead.keep();
  expect(ahead.isWaiting).toBe(true);
  return { ahead, clock };
}

/** How often it was tried to open something, and whether that worked in the end. */
async function open(code: Code, failures: number): Promise<readonly [tries: number, end: string, isKept: boolean]> {
  const { ahead, clock } = keepOne();
  let tries = 0;
  const opening = ahead
    .makeRoomFor(async () => {
      tries += 1;
      if (tries <= failures) throw new OperationError(code, 'no');
      return 'open';
    })
    .catch((error: OperationError) => error.code);
  for (let step = 0; step < limits.sessionRetriesMax + 2; step += 1) {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    clock.advance(limits.sessionRetryMs * limits.sessionRetriesMax);
  }
  return [tries, await opening, ahead.isWaiting];
}

describe('what is opened beside a kept channel', () => {
  it.each<[string, Code, number, readonly [number, string, boolean]]>([
    ['works', 'UNSUPPORTED', 0, [1, 'open', true]],
    ['was refused, as the kept one had the place', 'UNSUPPORTED', 1, [2, 'open', false]],
    ['is refused a moment longer, until the server has cleared it away', 'UNSUPPORTED', 3, [4, 'open', false]],
    ['is never there', 'UNSUPPORTED', 99, [limits.sessionRetriesMax + 2, 'UNSUPPORTED', false]],
    ['gets no answer', 'TIMEOUT', 99, [1, 'TIMEOUT', true]],
    ['loses its connection', 'CONNECTION_LOST', 99, [1, 'CONNECTION_LOST', true]],
  ])('%s', async (_name, code, failures, expected) => {
    expect(await open(code, failures)).toEqual(expected);
  });
});
