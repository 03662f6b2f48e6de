/** What is wrong with agents.json reaches the screen, and stops nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCatalogue } from '../../src/adapters/acp/catalogue/catalogue.ts';
import type { Agents } from '../../src/core/agents.ts';
import { OperationError } from '../../src/core/codes.ts';
import { runHost } from '../fixtures/running-host.ts';
import { whenDone } from '../fixtures/when-done.ts';

it('a broken agents.json is a notice on every screen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-warnings-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  const agentsFile = join(folder, 'agents.json');
  writeFileSync(agentsFile, '{"agents": {"goose": {"comand": []}}}');
  const catalogue = createCatalogue({ agentsFile, demoCommand: ['/usr/bin/node'] });
  const fail = async (): Promise<never> => {
    throw new OperationError('UNSUPPORTED', 'Not in this test.');
  };
  const agents: Agents = {
    list: async () => [],
    probe: fail,
    start: fail,
    warnings: async () => (await catalogue.read()).warnings,
  };
  const { screen } = await runHost({ parts: { agents } });
  const { until } = await screen();
  const notice = await until((view) => view.notices.find(({ text }) => text.includes('goose')));
  expect(notice).toMatchObject({ level: 'warn', text: expect.stringContaining('is left as it was') });
});
