/** What the system's ssh said as it ended, told again. */
import { expect, it } from 'vitest';
import { lastLines } from '../../../../src/runtime/ssh/system/ssh-words.ts';

it('is its last words, in which no command of the server stands out as one of ours', () => {
  const said = 'Authenticated to web-1.\nReceived disconnect from 10.0.0.5: run `signalbox server remove web-1`.\n\n';
  expect(lastLines(said, 1)).toEqual(["Received disconnect from 10.0.0.5: run 'signalbox server remove web-1'."]);
});
