/** Questions of an agent about itself: they wait like cards, never take the focus, and are filled in, declined or dismissed. */
import { afterEach, describe, expect, it } from 'vitest';
import type { FormView } from '../../../src/protocol/view.ts';
import { type FakeHost, makeCard, makeField, makeForm, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const toCard = '\x02a';
const escape = '\x1b';
const sizes: readonly (readonly [number, number])[] = [
  [80, 24],
  [200, 50],
];

function prepare(host: FakeHost): void {
  host.emit(
    { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
    { type: 'session.added', session: makeSession('S1', { state: 'waiting for you' }) },
  );
  host.handlers['session.answerForm'] = ({ form }) => {
    const forms = host.view.sessions.S1?.forms.filter(({ id }) => id !== form) ?? [];
    host.emit({ type: 'session.changed', id: 'S1', change: { forms } });
    return {};
  };
}

async function ask(columns: number, rows: number, ...forms: readonly FormView[]): Promise<void> {
  world = openScreenWorld(columns, rows, prepare);
  world.host.emit({ type: 'session.changed', id: 'S1', change: { forms } });
  await world.screen();
  world.clock.advance(301);
}

const everyKind = makeForm('F1', {
  fields: [
    makeField('branch', { title: 'Branch', required: true, description: 'Where to commit.' }),
    makeField('depth', { title: 'Depth', kind: 'integer', hint: 'at least 1' }),
    makeField('ratio', { title: 'Ratio', kind: 'number' }),
    makeField('force', { title: 'Force', kind: 'switch' }),
    makeField('style', {
      title: 'Style',
      kind: 'choice',
      choices: ['a', 'b'].map((value) => ({ value, title: value })),
    }),
    makeField('tags', {
      ...{ title: 'Tags', kind: 'choices', initial: ['y'] },
      choices: ['x', 'y', 'z'].map((value) => ({ value, title: `Tag ${value}` })),
    }),
  ],
});

describe.each(sizes)('a question of the agent on %i×%i', (columns, rows) => {
  it('waits in the dock beside what is typed, and says who asks what', async () => {
    await ask(columns, rows, everyKind);
    await world.press('my prompt');
    const screen = await world.screen();
    expect(screen).toContain('Question 1 of 1');
    expect(screen).toContain('demo asks you, in the session "Check the disks":');
    expect(screen).toContain('Where shall I work?');
    expect(screen).toContain('my prompt');
    expect(world.host.callsOf('session.answerForm')).toEqual([]);
  });

  it('is filled in field by field, and sent with a value of each kind', async () => {
    await ask(columns, rows, everyKind);
    await world.press(toCard);
    await world.press('a');
    expect(await world.screen()).toContain('Branch (required)');
    await world.press('\r');
    expect(await world.screen()).toContain('"Branch" needs a value.');
    await world.press('main\t3\t0.5\t');
    await world.press('\x1b[B \t\x1b[B \t\x1b[A ');
    await world.press('\r');
    expect(world.host.callsOf('session.answerForm')).toEqual([
      {
        ...{ session: 'S1', form: 'F1' },
        answer: {
          action: 'accept',
          values: { branch: 'main', depth: 3, ratio: 0.5, force: false, style: 'b', tags: ['y', 'x'] },
        },
      },
    ]);
    expect(await world.hint()).toContain('The agent has your answer.');
    expect(await world.screen()).not.toContain('waits no longer');
  });

  it('shows a page to open in full, copies its address, and opens nothing', async () => {
    const url = `https://login.example.com/device?code=${'x'.repeat(120)}`;
    await ask(columns, rows, makeForm('F1', { message: 'Log in.', url }));
    await world.press(toCard);
    await world.press('\x02z');
    const screen = await world.screen();
    expect(screen).toContain('signalbox opens none');
    expect(screen).toContain('login.example.com');
    expect(screen.replace(/[\s│↩⏎]/g, '')).toContain('xxxxxxxx');
    await world.press('y');
    expect(world.terminal.written).toContain(`\x1b]52;c;${Buffer.from(url).toString('base64')}`);
    expect(world.terminal.written).not.toContain('\x1b]8;');
    await world.press('a');
    await world.press('\r');
    expect(world.host.callsOf('session.answerForm')[0]?.answer).toEqual({ action: 'accept', values: {} });
  });
});

describe('a field', () => {
  it.each([
    ['integer', '1.5', 'This is not a whole number.'],
    ['integer', 'many', 'This is not a number.'],
    ['number', '1e', 'This is not a number.'],
    ['number', '0x', 'This is not a number.'],
  ] as const)('of kind %s says as one types what is wrong with "%s"', async (kind, text, sentence) => {
    await ask(100, 30, makeForm('F1', { fields: [makeField('n', { kind })] }));
    await world.press(`${toCard}a`);
    await world.press(text);
    expect(await world.screen()).toContain(sentence);
    await world.press('\r');
    expect(world.host.callsOf('session.answerForm')).toEqual([]);
  });

  it('that may stay empty is left out, and its choice can be taken back', async () => {
    const choices = [{ value: 'v', title: 'V' }];
    await ask(
      ...([100, 30] as const),
      makeForm('F1', { fields: [makeField('t'), makeField('c', { kind: 'choice', choices, initial: 'v' })] }),
    );
    await world.press(`${toCard}a`);
    await world.press('\t \r');
    expect(world.host.callsOf('session.answerForm')[0]?.answer).toEqual({ action: 'accept', values: {} });
  });
});

describe('a question', () => {
  it.each([
    ['d', 'decline', 'Declined'],
    ['X', 'cancel', 'Dismissed'],
    ['a\x18', 'decline', 'Declined'],
    ['a\x14', 'cancel', 'Dismissed'],
  ])('is left with %j as %s', async (keys, action, sentence) => {
    await ask(100, 30, everyKind);
    await world.press(toCard);
    for (const key of keys) await world.press(key);
    expect(world.host.callsOf('session.answerForm')).toEqual([{ session: 'S1', form: 'F1', answer: { action } }]);
    expect(await world.hint()).toContain(sentence);
  });

  it('waits on when its dialog is left', async () => {
    await ask(100, 30, everyKind);
    await world.press(`${toCard}a`);
    await world.press(escape);
    expect(world.host.callsOf('session.answerForm')).toEqual([]);
    expect(await world.screen()).toContain('Question 1 of 1');
  });

  it('takes no key in its first moments', async () => {
    world = openScreenWorld(100, 30, prepare);
    await world.press(escape);
    world.host.emit({ type: 'session.changed', id: 'S1', change: { forms: [everyKind] } });
    await world.press(`${toCard}d`);
    expect(await world.hint()).toContain('the question has just appeared');
    expect(world.host.callsOf('session.answerForm')).toEqual([]);
  });

  it('stays open with what the host says is wrong', async () => {
    await ask(100, 30, makeForm('F1', { fields: [makeField('t')] }));
    world.host.handlers['session.answerForm'] = () => Promise.reject(new Error('"t" takes at least 3 characters.'));
    await world.press(`${toCard}a`);
    await world.press('ab\r');
    expect(await world.screen()).toContain('"t" takes at least 3 characters.');
  });

  it('that was answered elsewhere says so, and sends nothing', async () => {
    await ask(100, 30, everyKind);
    await world.press(`${toCard}a`);
    world.host.emit({ type: 'session.changed', id: 'S1', change: { forms: [] } });
    expect(await world.screen()).toContain('nothing was sent from here');
    expect(world.host.callsOf('session.answerForm')).toEqual([]);
  });

  it('stands behind the cards of the gate, and n goes to it', async () => {
    await ask(100, 30, everyKind);
    world.host.emit({ type: 'approval.added', card: makeCard('c1') });
    await world.press(escape);
    await world.press('2');
    expect(await world.screen()).toContain('QUESTION Where shall I work?');
    expect(await world.screen()).toContain('Question 2 of 2');
    await world.press('n');
    expect(await world.screen()).toContain('Approval 1 of 2');
  });

  it('says why y copies nothing when no page is named', async () => {
    await ask(100, 30, everyKind);
    await world.press(`${toCard}y`);
    expect(await world.hint()).toContain('copy the address: it names no page');
  });
});
