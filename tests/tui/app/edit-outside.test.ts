/** A proposed change in the editor of this person: it comes back letter for letter, is looked at, and only then judged anew. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { makeCard, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';
import { whenDone } from '../../fixtures/when-done.ts';

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

describe('what was written for a request that waits no longer is in a file of its writer alone', () => {
  const leave = (): void => world.host.emit({ type: 'approval.removed', id: 'c1', end: 'The session was cancelled.' });
  const written = /What you wrote is in\s+(\S+)\.(?:\s|$)/;
  /** The file that the screen names. */
  async function readKept(): Promise<string> {
    await world.terminal.until((screen) => written.test(screen));
    const file = written.exec(await world.screen())?.[1] ?? '';
    whenDone(() => rmSync(dirname(file), { recursive: true }));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(basename(file)).toBe('nginx.conf');
    return readFileSync(file, 'utf8');
  }

  it('when it went while another editor had the text', async () => {
    await openEdit('write', (file) => {
      leave();
      writeFileSync(file, 'worker_processes 16;\n');
      return 0;
    });
    await world.press(ctrlG);
    expect(await readKept()).toBe('worker_processes 16;\n');
    expect(await world.screen()).toContain('The session was cancelled.');
    expect(answers()).toEqual([]);
  });

  it('when it went while the text was in the editor of the screen', async () => {
    await openEdit('write', () => 0);
    await world.press('# 8');
    leave();
    expect(await readKept()).toContain('# 8');
    expect(answers()).toEqual([]);
  });

  it.each([
    ['the host had ended it', 'It had ended before: expired.', { accepted: false, late: 'expired' }],
    ['the host did not take it', 'The host did not take this answer', { accepted: false, late: null }],
    ['the host could not be asked', 'The connection broke.', new Error('The connection broke.')],
  ])('when it was sent and %s', async (_how, said, answer) => {
    await openEdit('write', () => 0);
    world.host.handlers['approval.answer'] = async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    await world.press('# 8');
    await world.press(ctrlS);
    expect(await readKept()).toContain('# 8');
    expect(await world.screen()).toContain(said);
  });
});

it('of what was not changed nothing is kept', async () => {
  await openEdit('write', () => 0);
  world.host.emit({ type: 'approval.removed', id: 'c1', end: 'The session was cancelled.' });
  const screen = await world.screen();
  expect(screen).toContain('The session was cancelled.');
  expect(screen).not.toContain('What you wrote');
});
