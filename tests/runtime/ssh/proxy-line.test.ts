/** Leave for a ProxyCommand that is taken back between the question and the start: nothing is run. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { Emitter } from '../../../src/base/event.ts';
import { ProxyLines } from '../../../src/runtime/ssh/proxy-line.ts';
import { memoryTarget } from '../../fixtures/memory-world.ts';
import { nobodyToAsk } from './lab.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-leave-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['runs with leave', 'never', true],
  ['does not run where it was taken back since', 'before', false],
  ['does not run where it is taken back while it is looked up', 'meanwhile', false],
] as const)('a command %s', async (_what, taken, runs) => {
  const ran = join(folder, 'ran');
  let isAllowed = true;
  const lines: ProxyLines = new ProxyLines({
    localCommands: {
      onAllowed: new Emitter<void>().event,
      demand: async () => undefined,
      async isAllowed() {
        const was = isAllowed;
        if (taken !== 'meanwhile' || !was) return was;
        isAllowed = false;
        await lines.endRevoked();
        return was;
      },
    },
    ...{ questions: nobodyToAsk(), env: process.env, clock: systemClock, ledgerFolder: null, redact: (text) => text },
  });
  const settings = { command: `echo > ${ran}`, secretVariables: [] };
  const way = await lines.prepare(memoryTarget(), settings, new AbortController().signal);
  if (taken === 'before') isAllowed = false;
  const opened = await way.open().catch((error: unknown) => error);
  if (runs) await once((opened as Awaited<ReturnType<typeof way.open>>).resume(), 'close');
  else
    expect(opened).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('trust-command web-1') });
  expect(existsSync(ran)).toBe(runs);
  way.release();
});
