/** A password that a person typed: kept once it was taken, given first at the next login, and never kept again where it was refused. No server. */
import { randomUUID } from 'node:crypto';
import type { AnyAuthMethod } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { LoginDesk } from '../../../src/core/login/login-desk.ts';
import { KeptPassphrases } from '../../../src/runtime/secrets/kept-passphrases.ts';
import { type AuthenticationOptions, toAuthentication } from '../../../src/runtime/ssh/authentication.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

const minute = 60_000;
let clock = new HandClock();
let kept = new KeptPassphrases(clock, 15 * minute);
afterEach(() => {
  kept.dispose();
  clock = new HandClock();
  kept = new KeptPassphrases(clock, 15 * minute);
});

type Method = 'password' | 'keyboard-interactive';

/** Logs in to a server that takes `right`; gives what a person was asked for. */
async function login(right: string, answers: readonly string[], method: Method, prompt = 'Password: ') {
  const desk = new LoginDesk({ clock, redactor: { hold: () => undefined }, newId: randomUUID });
  desk.attend();
  const asked: string[] = [];
  desk.onChange(([question]) => {
    if (question) void desk.answer(question.id, [answers[asked.push(question.what) - 1] ?? '']);
  });
  const authentication = toAuthentication({
    ...{ server: 'web-1', username: 'ann', address: 'ann@web.example:22', clock, passphrases: kept, questions: desk },
    ...{ choices: [{ kind: 'password', secret: null }], secrets: {} as AuthenticationOptions['secrets'] },
    onWaiting: () => undefined,
  });
  authentication.handleRefused([method], false);
  for (;;) {
    const tried = await new Promise<AnyAuthMethod | false>((resolve) =>
      authentication.handler([method], false, resolve as never),
    );
    if (tried === false) return { asked, isIn: false };
    const given = await passwordOf(tried, prompt);
    if (given === right) {
      authentication.handleTaken();
      return { asked, isIn: true };
    }
    authentication.handleRefused([method], false);
  }
}

function passwordOf(method: AnyAuthMethod, prompt: string): Promise<string> {
  if (method.type === 'password') return Promise.resolve(method.password);
  if (method.type !== 'keyboard-interactive') throw new Error('No other method was offered.');
  return new Promise((resolve) =>
    method.prompt('', '', '', [{ prompt, echo: false }], ([answer = '']) => resolve(answer)),
  );
}

describe.each(['password', 'keyboard-interactive'] as const)('a password that is typed for %s', (method) => {
  it('is asked for once, until its time is over', async () => {
    expect(await login('right', ['wrong', 'right'], method)).toMatchObject({ asked: { length: 2 }, isIn: true });
    expect(await login('right', [], method)).toEqual({ asked: [], isIn: true });
    clock.advance(15 * minute);
    expect(await login('right', ['right'], method)).toMatchObject({ asked: { length: 1 }, isIn: true });
  });

  it('is kept by neither a wrong answer nor a login that nobody finished', async () => {
    expect(await login('right', ['a', 'b', 'c'], method)).toMatchObject({ asked: { length: 3 }, isIn: false });
    expect(await login('right', ['right'], method)).toMatchObject({ asked: { length: 1 }, isIn: true });
  });

  it('is tried once where it is good no more, and never kept again', async () => {
    await login('first', ['first'], method);
    expect(await login('second', ['second'], method)).toMatchObject({ asked: { length: 1 }, isIn: true });
    expect(await login('second', ['second'], method)).toMatchObject({ asked: { length: 1 }, isIn: true });
  });
});

it('what a server asks for in other words is not kept', async () => {
  const code = 'Verification code: ';
  expect(await login('123456', ['123456'], 'keyboard-interactive', code)).toMatchObject({ asked: { length: 1 } });
  expect(await login('123456', ['123456'], 'keyboard-interactive', code)).toMatchObject({ asked: { length: 1 } });
});
