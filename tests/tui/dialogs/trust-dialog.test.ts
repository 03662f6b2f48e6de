/** What is accepted as a comparison of a host key: its end, or all of it as the server's console prints it. */
import { describe, expect, it } from 'vitest';
import { toTrustForm } from '../../../src/tui/dialogs/trust-dialog.ts';
import { makeServer } from '../../fixtures/fake-host.ts';

const fingerprint = 'SHA256:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
const form = toTrustForm(
  makeServer('web-1'),
  { fingerprint, type: 'ssh-ed25519', jumpHost: null, knownTo: null },
  async () => null,
);
const answer = async (text: string): Promise<string | null> =>
  form.submit({ text: () => text, chosen: () => [] }) ?? null;

describe('a host key', () => {
  it.each([
    ['its end', 'NOPQ'],
    ['its end, with blanks around it', ' NOPQ '],
    ['all of it', fingerprint],
    ['a line of ssh-keygen', `256 ${fingerprint} root@web-1 (ED25519)`],
  ])('is trusted after %s', async (_name, text) => {
    expect(await answer(text)).toBeNull();
  });

  it.each([
    ['nothing', '', 'These are not its last characters'],
    ['more than its end', 'MNOPQ', 'These are not its last characters'],
    ['its end in small letters', 'nopq', 'Small and capital letters are different'],
    ['another one', fingerprint.replace('z', 'y'), 'This is another fingerprint'],
    ['one that only begins so', `${fingerprint}R`, 'This is another fingerprint'],
  ])('is not trusted after %s', async (_name, text, sentence) => {
    expect(await answer(text)).toContain(sentence);
  });

  it('that the own ssh knows is trusted with one key, and says where from', async () => {
    const known = { fingerprint, type: 'ssh-ed25519', jumpHost: null, knownTo: '~/.ssh/known_hosts line 12' };
    const spec = toTrustForm(makeServer('web-1'), known, async () => null);
    expect(spec.fields).toEqual([]);
    expect(spec.intro.map((line) => line.map(({ text }) => text).join(''))).toContain(
      'known to your ssh: ~/.ssh/known_hosts line 12',
    );
    expect(await spec.submit({ text: () => '', chosen: () => [] })).toBeNull();
  });
});
