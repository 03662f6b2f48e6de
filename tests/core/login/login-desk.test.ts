/** What logins ask of a person: once for all who wait, answered once, never kept. */
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { limits } from '../../../src/core/limits.ts';
import { LoginDesk, type LoginQuestion } from '../../../src/core/login/login-desk.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

const passphrase: LoginQuestion = {
  ...{ key: 'passphrase:/k', server: 'web-1', what: 'the passphrase of /k', note: null },
  prompts: [{ label: 'Passphrase', echo: 'hidden' }],
};
const twoPrompts: LoginQuestion = {
  ...{ key: 'interview:web-1', server: 'web-1', what: 'an answer', note: 'One-time code' },
  prompts: [
    { label: 'Code:', echo: 'shown' },
    { label: 'PIN:', echo: 'hidden' },
  ],
};

function world() {
  const clock = new HandClock();
  const held: string[] = [];
  let id = 0;
  const desk = new LoginDesk({ clock, redactor: { hold: (value) => held.push(value) }, newId: () => `q${(id += 1)}` });
  const changes: string[][] = [];
  desk.onChange((waiting) => changes.push(waiting.map((one) => one.id)));
  return { clock, held, desk, changes };
}

describe('a question of a login', () => {
  it('is refused at once where nobody is', async () => {
    const { desk } = world();
    await expect(desk.ask(passphrase)).rejects.toMatchObject({
      code: 'CREDENTIALS_UNAVAILABLE',
      message: expect.stringContaining('The login to web-1 needs the passphrase of /k, and nobody is here to ask'),
    });
    const attending = desk.attend();
    attending.dispose();
    await expect(desk.ask(passphrase)).rejects.toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE' });
  });

  it('is one for all who wait for the same, and what was hidden is held by the redactor', async () => {
    const { desk, held, changes } = world();
    desk.attend();
    const both = Promise.all([
      desk.ask(passphrase),
      desk.ask({ ...passphrase, server: 'web-2' }),
      desk.ask(twoPrompts),
    ]);
    expect(desk.waiting.map((one) => [one.id, one.server])).toEqual([
      ['q1', 'web-1'],
      ['q2', 'web-1'],
    ]);
    expect(JSON.stringify(desk.waiting)).not.toContain('swordfish');
    await desk.answer('q1', ['swordfish']);
    await expect(desk.answer('q2', ['123456'])).rejects.toThrow('wants 2 answers');
    await desk.answer('q2', ['123456', '0000']);
    expect(await both).toEqual([['swordfish'], ['swordfish'], ['123456', '0000']]);
    expect(held).toEqual(['swordfish', '0000']);
    expect(changes).toEqual([['q1'], ['q1', 'q2'], ['q2'], []]);
    await expect(desk.answer('q1', ['again'])).rejects.toThrow('answered already');
    expect(() => desk.decline('q1')).toThrow('answered already');
  });

  it('goes away with the last who waits for it, and is asked nobody while signalbox stops', async () => {
    const { desk, changes } = world();
    desk.attend();
    const [one, other] = [new AbortController(), new AbortController()];
    const asked = [one, other].map(({ signal }) =>
      expect(desk.ask(passphrase, signal)).rejects.toThrow('Nobody waits'),
    );
    one.abort();
    expect(desk.waiting).toHaveLength(1);
    other.abort();
    expect(desk.waiting).toEqual([]);
    await Promise.all(asked);
    await expect(desk.ask(passphrase, other.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    desk.dispose();
    await expect(desk.ask(passphrase)).rejects.toThrow('since signalbox is shutting down');
    expect(changes).toEqual([['q1'], []]);
  });

  it.each([
    ['declined', 'since the question was declined'],
    ['not answered', 'and nobody answered in time'],
    ['open at the end', 'since signalbox is shutting down'],
  ])('that is %s says so', async (how, words) => {
    const { desk, clock } = world();
    desk.attend();
    const asked = desk.ask(passphrase).catch((error: Error) => error.message);
    if (how === 'declined') desk.decline('q1');
    else if (how === 'not answered') clock.advance(limits.loginQuestionMs);
    else desk.dispose();
    expect(await asked).toContain(words);
    expect(desk.waiting).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('stays open while an answer can be seen to be wrong, three times', async () => {
    const { desk } = world();
    desk.attend();
    const check = ([typed]: readonly string[]) => (typed === 'right' ? null : 'That is not it.');
    const first = desk.ask({ ...passphrase, check });
    await expect(desk.answer('q1', ['wrong'])).rejects.toThrow('That is not it.');
    expect(desk.waiting).toHaveLength(1);
    await desk.answer('q1', ['right']);
    expect(await first).toEqual(['right']);
    const second = desk.ask({ ...passphrase, check }).catch((error: Error) => error.message);
    for (let count = 0; count < 3; count += 1)
      await expect(desk.answer('q2', ['wrong'])).rejects.toThrow('That is not it.');
    expect(await second).toContain('and 3 answers were wrong');
    expect(desk.waiting).toEqual([]);
  });

  it("may take a while to be looked at, and is nobody's any more when it ended meanwhile", async () => {
    const { desk } = world();
    desk.attend();
    const looked = promiseWithResolvers<string | null>();
    const asked = desk.ask({ ...passphrase, server: null, check: () => looked.promise }).catch((error: Error) => error);
    const answered = desk.answer('q1', ['right']).catch((error: Error) => error.message);
    desk.decline('q1');
    looked.resolve(null);
    expect(await answered).toContain('answered already');
    expect(await asked).toMatchObject({ message: 'This needs the passphrase of /k, since the question was declined.' });
  });

  it('is one too many after a while', async () => {
    const { desk } = world();
    desk.attend();
    const all = Array.from({ length: limits.loginQuestionsMax }, (_, at) =>
      desk.ask({ ...passphrase, key: `passphrase:/${at}` }).catch(() => 'declined'),
    );
    await expect(desk.ask(passphrase)).rejects.toThrow('too many other questions wait');
    desk.dispose();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['declined']));
  });

  it('about something to do elsewhere has no prompt and ends by itself', async () => {
    const { desk, changes } = world();
    const { prompts: _none, ...note } = { ...passphrase, what: 'a touch of your key' };
    const told = desk.tell(note);
    expect(desk.waiting).toMatchObject([{ what: 'a touch of your key', prompts: [] }]);
    await expect(desk.answer('q1', [])).rejects.toThrow('answered already');
    told.dispose();
    expect(changes).toEqual([['q1'], []]);
  });
});
