/** A proposed change in the editor of this person: it comes back letter for letter, is looked at, and only then judged anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { makeCard, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const ctrlG = '\x07';
const ctrlS = '\x13';

async function openEdit(kind: 'write' | 'command', edit: (file: string) => number): Promise<void> {
  const programs: LocalPrograms = {
    ...{ self: ['node', 'main.js'], editor: ['nano'] },
    runOnTerminal: async ([, file = '']) => edit(file),
    runQuietly: async () => ({ status: 0, words: '' }),
  };
  const diff = '@@ -1 +1 @@\n-worker_processes 2;\n+worker_processes 4;\n';
  const card = kind === 'write' ? makeWriteCard('c1', diff) : makeCard('c1', {});
  world = openScreenWorld(
    100,
    30,
    (host) => host.emit({ type: 'session.added', session: makeSession('S1') }, { type: 'approval.added', card }),
    { programs },
  );
  await world.press('\x02a');
  world.clock.advance(301);
  await world.press('e');
}

const answers = (): readonly unknown[] => world.host.callsOf('approval.answer').map(({ answer }) => answer);

it.each([
  ['write', 'nginx.conf', 'worker_processes 4;\n', 'worker_processes 8;\r\n\n', 'worker_processes 8;\r\n\n'],
  ['command', 'command.sh', 'systemctl restart nginx', 'systemctl reload nginx\n', 'systemctl reload nginx'],
] as const)('a %s goes out as it is and comes back as it was written', async (kind, name, before, written, text) => {
  let seen = { name: '', text: '' };
  await openEdit(kind, (file) => {
    seen = { name: basename(file), text: readFileSync(file, 'utf8') };
    writeFileSync(file, written);
    return 0;
  });
  await world.press(ctrlG);
  await world.terminal.until(written.slice(0, 16));
  expect(seen).toEqual({ name, text: before });
  expect(answers()).toEqual([]);
  await world.press(ctrlS);
  expect(answers()).toEqual([{ kind: 'edit', text }]);
});

it('an editor that fails leaves the change as it was, and says so', async () => {
  await openEdit('write', () => 1);
  await world.press(ctrlG);
  await world.terminal.until('nano ended with status 1, so the change stays as it was.');
  expect(await world.screen()).toContain('worker_processes 4;');
});
