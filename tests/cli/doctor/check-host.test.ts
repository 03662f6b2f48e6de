/** What doctor says of the host that runs: also that its settings were changed since it began. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { checkHost } from '../../../src/cli/doctor/check-host.ts';
import { runHost } from '../../fixtures/running-host.ts';

it.each([
  ['before it began', -60, 'ok'],
  ['since', 60, 'warn'],
] as const)('config.json was changed %s', async (_when, seconds, state) => {
  const { parts } = await runHost();
  const { configFile, controlSocket } = parts.paths;
  mkdirSync(dirname(configFile), { recursive: true });
  writeFileSync(configFile, '{}');
  const changedAt = statSync(controlSocket).mtimeMs / 1_000 + seconds;
  utimesSync(configFile, changedAt, changedAt);
  const finding = await checkHost(parts.paths, '/', parts.version);
  expect(finding).toMatchObject({ name: 'host', state, detail: expect.stringContaining(`runs (pid ${process.pid}`) });
});
