/** A change of a file over the whole width: in two columns or one, from change to change, and approved only after its end was shown in either form. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeServer, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const hunk = (from: number): string =>
  `@@ -${from},20 +${from},20 @@\n${Array.from({ length: 20 }, (_, line) => `-listen ${from + line} old;\n+listen ${from + line} new;`).join('\n')}\n`;
const diff = `--- a/nginx.conf\n+++ b/nginx.conf\n${hunk(1)}${hunk(101)}${hunk(201)}`;

async function open(columns: number, rows: number): Promise<void> {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { state: 'working' }) },
      { type: 'approval.added', card: makeWriteCard('c1', diff) },
    ),
  );
  await world.press('\x1b');
  await world.press('2');
  world.clock.advance(301);
  await world.screen();
}

const answers = (): number => world.host.callsOf('approval.answer').length;

describe('on a wide screen a change', () => {
  it('stands in two columns, and | puts it into one and back', async () => {
    await open(200, 50);
    expect(await world.screen()).toMatch(/1 -listen 1 old; +│ +1 \+listen 1 new;/);
    await world.press('|');
    expect(await world.screen()).toMatch(/-listen 1 old;[^\n]*\n[^\n]*\+listen 1 new;/);
    await world.press('|');
    expect(await world.screen()).toMatch(/1 -listen 1 old; +│ +1 \+listen 1 new;/);
  });

  it.each([
    ['two columns', ''],
    ['one column', '|'],
    ['one column after two', '||'],
  ])('is approved only after its end was shown: in %s', async (_name, keys) => {
    await open(200, 30);
    for (const key of keys) await world.press(key);
    await world.press('a');
    expect(await world.hint()).toContain('scroll to the end first');
    await world.press('}}}');
    await world.press('|');
    await world.press('a');
    expect(answers()).toBe(0);
    await world.press('G');
    await world.press('a');
    expect(answers()).toBe(1);
  });

  it('does not count as read when it was only seen without the rest of the card', async () => {
    await open(200, 30);
    await world.press('v');
    await world.press('G');
    await world.press('a');
    expect(answers()).toBe(0);
  });

  it('is edited as a text of many lines, in which Enter begins one', async () => {
    await open(200, 30);
    await world.press('e');
    await world.press('\x1b[1;5F');
    await world.press('\r');
    await world.press('# last');
    expect(answers()).toBe(0);
    await world.press('\x13');
    const { answer } = world.host.callsOf('approval.answer')[0] ?? {};
    expect(answer?.kind === 'edit' && answer.text).toMatch(/\n# last/);
  });

  it('is gone through from change to change', async () => {
    await open(200, 20);
    const top = async (): Promise<string | undefined> => /@@ -(\d+),20/.exec(await world.screen())?.[1];
    const seen: (string | undefined)[] = [await top()];
    for (const key of ['}', '}', '}', '{']) {
      await world.press(key);
      seen.push(await top());
    }
    expect(seen).toEqual(['1', '1', '101', '201', '101']);
    await world.press('{{{{');
    expect(await world.hint()).toContain('This is the first change');
  });
});

describe('on a screen of 80 columns a change', () => {
  it('stands in one column, and | says what two need', async () => {
    await open(80, 24);
    expect(await world.screen()).not.toMatch(/old; +│ +1 \+/);
    await world.press('|');
    expect(await world.hint()).toContain('needs a screen of 160 columns');
    await world.press('}');
    await world.press('}');
    expect(await world.screen()).toContain('@@ -101,20');
  });

  it('says in the workspace where two columns are', async () => {
    await open(200, 50);
    await world.press('1');
    await world.press('\x02a');
    world.clock.advance(301);
    await world.press('|');
    expect(await world.screen()).toContain('Approvals view (2)');
  });
});
