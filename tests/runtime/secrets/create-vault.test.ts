/** The vault: opened by its passphrase alone, once for all who wait; nothing of it can be read in its file, and what is damaged is said. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoginDesk } from '../../../src/core/login/login-desk.ts';
import { createVault } from '../../../src/runtime/secrets/create-vault.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

const passphrase = 'nine lives of a cat';
const folder = mkdtempSync(join(tmpdir(), 'signalbox-vault-'));
const file = join(folder, 'data', 'vault.json');
/** Made once: each passphrase that is tried costs half a second. */
let text = '';

function open(answers: readonly (readonly string[])[], lockAfterMs = 0) {
  const clock = new HandClock();
  const held: string[] = [];
  const problems: string[] = [];
  const redactor = { hold: (value: string): void => void held.push(value) };
  const questions = new LoginDesk({ clock, redactor, newId: randomUUID });
  questions.attend();
  const left = [...answers];
  questions.onChange(([question]) => void (question && type(question.id)));
  async function type(id: string): Promise<void> {
    const answer = left.shift();
    if (!answer) return questions.decline(id);
    await questions.answer(id, answer).catch(async (error: Error) => {
      problems.push(error.message);
      await type(id);
    });
  }
  const vault = createVault({ file, questions, redactor, clock, lockAfterMs });
  return { vault, clock, held, problems, left };
}

beforeAll(async () => {
  const { vault, problems, held } = open([
    ['short', 'short'],
    [passphrase, 'another one'],
    [passphrase, passphrase],
  ]);
  expect(await vault.state()).toEqual({ names: null, isOpen: false });
  await expect(vault.reveal('web', 'password of u')).rejects.toThrow('signalbox server secret set web');
  expect(await vault.set('web', 'Geheim 1!')).toBe('added');
  expect(problems).toEqual(['A passphrase of the vault has at least 8 characters.', 'The two are not the same.']);
  expect(await vault.set('db', 'Geheim 2!')).toBe('added');
  expect(await vault.set('db', 'Geheim 3!')).toBe('replaced');
  expect(held).toEqual(expect.arrayContaining([passphrase, 'Geheim 1!', 'Geheim 3!']));
  expect(await vault.state()).toEqual({ names: ['db', 'web'], isOpen: true });
  text = readFileSync(file, 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the file of the vault', () => {
  it('is for its owner alone, names what is in it and holds nothing else of it', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(text)).toMatchObject({ kdf: { name: 'scrypt', N: 2 ** 17, r: 8 }, secrets: { web: {}, db: {} } });
    for (const secret of ['Geheim', passphrase]) expect(text).not.toContain(secret);
    for (const secret of ['Geheim 1!', passphrase]) expect(text).not.toContain(Buffer.from(secret).toString('base64'));
  });

  it.each([
    ['no JSON', '{"version": 1,'],
    ['another version', '{"version": 2}'],
    ['a cheap key', () => text.replace('131072', '1024')],
    ['a key that takes gigabytes', () => text.replace('131072', `${2 ** 30}`)],
  ])('with %s is damaged, and said to be', async (_name, content) => {
    writeFileSync(file, typeof content === 'string' ? content : content());
    const { vault } = open([]);
    const uses = [() => vault.state(), () => vault.unlock(), () => vault.reveal('web', 'x'), () => vault.remove('web')];
    for (const use of uses) await expect(use()).rejects.toThrow('vault.json is damaged, or was written by another');
  });
});

describe('the vault', () => {
  it('opens once for all who wait, forgets after its time, and what was locked asks again', async () => {
    writeFileSync(file, text);
    const { vault, clock, held, problems, left } = open([['a wrong one'], [passphrase]], 60_000);
    expect(await Promise.all([vault.reveal('web', 'x'), vault.reveal('db', 'y')])).toEqual(['Geheim 1!', 'Geheim 3!']);
    expect(problems).toEqual(['That is not the passphrase of the vault.']);
    expect(left).toEqual([]);
    expect(held).toEqual(expect.arrayContaining(['Geheim 1!', 'Geheim 3!']));
    clock.advance(59_000);
    expect(await vault.reveal('web', 'x')).toBe('Geheim 1!');
    clock.advance(59_000);
    expect((await vault.state()).isOpen).toBe(true);
    clock.advance(1_000);
    expect((await vault.state()).isOpen).toBe(false);
    await expect(vault.reveal('web', 'x')).rejects.toThrow('needs the passphrase of the vault, since the question was');
    vault.dispose();
    expect(clock.waiting).toBe(0);
  });

  it('refuses what is not there, and a value that was put under another name or changed', async () => {
    const { secrets, ...rest } = JSON.parse(text);
    const bent = {
      ...secrets.web,
      sealed: secrets.web.sealed.replace(/^./, (first: string) => (first === 'A' ? 'B' : 'A')),
    };
    writeFileSync(file, JSON.stringify({ ...rest, secrets: { ...secrets, other: secrets.web, bent } }));
    const { vault } = open([[passphrase]]);
    await vault.unlock();
    for (const name of ['none', 'constructor', 'toString'])
      await expect(vault.reveal(name, 'password of u')).rejects.toThrow(
        `There is no password of u: the vault has nothing named ${name}`,
      );
    await expect(vault.reveal('other', 'x')).rejects.toThrow('other is damaged in');
    await expect(vault.reveal('bent', 'x')).rejects.toThrow('bent is damaged in');
    await vault.remove('other');
    await expect(vault.remove('other')).rejects.toThrow('nothing named other');
    expect((await vault.state()).names).toEqual(['bent', 'db', 'web']);
    vault.lock();
    await expect(vault.reveal('web', 'x')).rejects.toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE' });
  });
});
