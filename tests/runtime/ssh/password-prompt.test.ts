/** Which questions a recorded password answers by itself: by the words, and in the two ways a login goes, once. */
import { describe, expect, it } from 'vitest';
import type { SecretSource } from '../../../src/core/server.ts';
import { KeptPassphrases } from '../../../src/runtime/secrets/kept-passphrases.ts';
import { Interview } from '../../../src/runtime/ssh/interview.ts';
import { asksForPassword } from '../../../src/runtime/ssh/password-prompt.ts';
import { LoginPrompts } from '../../../src/runtime/ssh/system/login-prompts.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { plainSecrets } from '../../fixtures/sshd.ts';
import { nobodyToAsk } from './lab.ts';

it.each([
  'Password: ',
  'password:',
  'Password',
  'Enter password: ',
  'LDAP Password: ',
  'Enter your UNIX password:',
  "ann's password: ",
  "ann@web.example's password: ",
  'Password for ann@web.example:',
  'Password for ann: ',
  "Password for `ann@REALM.EXAMPLE': ",
])('%j asks ann for her password', (prompt) => {
  expect(asksForPassword(prompt, 'ann')).toBe(true);
});

it.each([
  '',
  'Verification code: ',
  'One-time password: ',
  "One-time password (OATH) for `ann': ",
  'OTP Password:',
  'Password or code: ',
  'Password & verification code: ',
  'New password: ',
  'Retype new password: ',
  '(current) UNIX password: ',
  'Your password has expired',
  "Password: Type the password of your bank's account:",
  "root's password: ",
  'Password for root@other.example: ',
  'Password for annabel: ',
  "annabel@web.example's password: ",
  'Enter passphrase for key: ',
  `Password${' '.repeat(1_000)}:`,
  'Passcode: ',
  'Password:\nCode:',
])('%j does not', (prompt) => {
  expect(asksForPassword(prompt, 'ann')).toBe(false);
});

/** A desk where somebody types `typed`. */
function attended(): { questions: ReturnType<typeof nobodyToAsk>; asked: string[] } {
  const questions = nobodyToAsk(new HandClock());
  const asked: string[] = [];
  questions.attend();
  questions.onChange(([question]) => {
    if (!question) return;
    asked.push(question.prompts[0]?.label ?? '');
    void questions.answer(question.id, ['typed']);
  });
  return { questions, asked };
}

describe("over the system's ssh", () => {
  const ask = (prompt: string) => ({ prompt, kind: 'secret' as const, onEnd: () => undefined });
  const prompts = (secret: SecretSource | null = 'recorded') => {
    const clock = new HandClock();
    const { questions, asked } = attended();
    const state = { isPartial: false };
    const all = new LoginPrompts({
      ...{ server: 'web-1', username: 'ann', host: 'web.example', questions, secrets: plainSecrets },
      ...{ choices: [{ kind: 'password', secret }], passphrases: new KeptPassphrases(clock, 1_000) },
      ...{ onWaiting: () => undefined, isPartial: () => state.isPartial },
    });
    const answer = async (prompt: string): Promise<string | null> => await all.answer(ask(prompt));
    return { answer, asked, state };
  };

  it.each([["ann@web.example's password: "], ['(ann@web.example) Password: ']])('%j gets it, once', async (prompt) => {
    const { answer, asked } = prompts();
    expect(await answer(prompt)).toBe('recorded');
    for (const again of ["ann@web.example's password: ", '(ann@web.example) Password: '])
      expect(await answer(again)).toBe('typed');
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['(ann@web.example) Verification code: '],
    ['(ann@web.example) Your bank password: '],
    ["(ann@web.example) ann@web.example's passphrase: "],
    ["(ann@web.example) root's password: "],
    ['(ann@other.example) Password: '],
    ["ann@other.example's password: "],
    ["annabel@web.example's password: "],
    ['Password: '],
  ])('%j is asked of a person, and the password is still there for what asks for it', async (prompt) => {
    const { answer, asked } = prompts();
    expect(await answer(prompt)).toBe('typed');
    expect(asked).toHaveLength(1);
    expect(await answer('(ann@web.example) Password: ')).toBe('recorded');
  });

  it('another factor that asks for it gets it where the first was taken', async () => {
    const { answer, state } = prompts();
    expect(await answer('(ann@web.example) Password: ')).toBe('recorded');
    state.isPartial = true;
    expect(await answer("ann@web.example's password: ")).toBe('recorded');
    expect(await answer("ann@web.example's password: ")).toBe('typed');
  });

  it('one that no record holds is typed', async () => {
    expect(await prompts(null).answer('(ann@web.example) Password: ')).toBe('typed');
  });
});

describe('in an interview', () => {
  const begin = () => {
    const { questions, asked } = attended();
    const problems: unknown[] = [];
    const noted: string[] = [];
    const typed = { note: (password: string) => void noted.push(password) };
    const parts = { onWaiting: () => undefined, onProblem: (error: unknown) => void problems.push(error) };
    const interview = new Interview({ server: 'web-1', username: 'ann', questions, typed, ...parts }, 'recorded');
    const answer = (...labels: readonly (readonly [string, boolean])[]): Promise<string[]> =>
      interview.answer({ name: '', instructions: '', prompts: labels.map(([prompt, echo]) => ({ prompt, echo })) });
    return { interview, answer, asked, noted };
  };

  it('only one hidden question in words of a password gets it, once, whatever came before', async () => {
    const { interview, answer, asked } = begin();
    expect(await answer(['Verification code: ', false])).toEqual(['typed']);
    expect(await answer(['Password: ', true])).toEqual(['typed']);
    expect(interview.wasGiven).toBe(false);
    expect(await answer(['Password: ', false])).toEqual(['recorded']);
    expect(interview.wasGiven).toBe(true);
    expect(await answer(['Password: ', false])).toEqual(['typed']);
    expect(asked).toEqual(['Verification code: ', 'Password: ', 'Password: ']);
  });
});
