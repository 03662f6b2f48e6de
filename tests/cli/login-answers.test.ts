/** What logins wait for, at a plain terminal: what there is to do elsewhere is told with its words, a command is shown to the letter. */
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { LoginAnswers } from '../../src/cli/login-answers.ts';
import type { CliIo } from '../../src/cli/output.ts';
import type { LoginView } from '../../src/protocol/login-view.ts';

const view: LoginView = {
  ...{ id: 'q1', server: 'ssh:a,b', what: 'you to log in', note: null, askedAtMs: 0, expiresAtMs: 1 },
  prompts: [],
};

function openTerminal() {
  const said: string[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const output = (): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        said.push(chunk.toString());
        done();
      },
    });
  const stderr = Object.assign(output(), { isTTY: true, columns: 40 });
  const io: CliIo = { stdin, stdout: Object.assign(output(), { isTTY: true }), stderr, env: {}, cwd: '/', exitCode: 0 };
  return { io, stdin, said: () => said.join('') };
}

it('tells what is to be done elsewhere once, with what was said beside it, and no line is broken', () => {
  const { io, said } = openTerminal();
  const answers = new LoginAnswers(io, { answer: () => undefined });
  const note = { ...view, note: `Open this page:\nhttps://login.example/${'x'.repeat(60)}\x1b[2J` };
  answers.update([note]);
  answers.update([note]);
  expect(said()).toBe(
    `The login to the jump host b needs you\nto log in.\n  Open this page:\n  https://login.example/${'x'.repeat(60)}\\x1b[2J\n`,
  );
});

it('shows a command as it is, and sends what is typed', async () => {
  const { io, stdin, said } = openTerminal();
  const sent = new Promise((resolve) => {
    const answers = new LoginAnswers(io, { answer: (id, given) => resolve([id, given]) });
    answers.update([{ ...view, command: 'nc  -x\u202e é', prompts: [{ label: 'Type "yes"', echo: 'shown' }] }]);
  });
  stdin.write('yes\n');
  expect(await sent).toEqual(['q1', ['yes']]);
  expect(said()).toContain('\n\n  nc  -x\\u202e \\xe9\n\n');
});
