/** Opening the vault for a client: what a person is asked for it ends with the call that wanted it. */
import { describe, expect, it } from 'vitest';
import { LoginDesk } from '../../src/core/login/login-desk.ts';
import type { Vault } from '../../src/core/vault.ts';
import type { Engine } from '../../src/host/request-handlers.ts';
import { vaultHandlers } from '../../src/host/vault-handlers.ts';
import { HandClock } from '../fixtures/hand-clock.ts';

function open() {
  const logins = new LoginDesk({ clock: new HandClock(), redactor: { hold: () => undefined }, newId: () => 'q1' });
  logins.attend();
  const unlock: Vault['unlock'] = async (asker) => {
    const prompts = [{ label: 'Passphrase', echo: 'hidden' }] as const;
    await asker?.questions.ask({
      key: 'vault',
      server: null,
      what: 'the passphrase of the vault',
      note: null,
      prompts,
    });
  };
  const vault: Partial<Vault> = {
    unlock,
    set: async (_name, _value, asker) => {
      await unlock(asker);
      return 'added';
    },
  };
  return { logins, engine: { parts: { logins, vault } } as unknown as Engine, left: new AbortController() };
}

const methods = {
  'vault.unlock': ({ engine, left }: ReturnType<typeof open>) => vaultHandlers['vault.unlock'](engine, {}, left),
  'vault.set': ({ engine, left }: ReturnType<typeof open>) =>
    vaultHandlers['vault.set'](engine, { name: 'web', value: 'Geheim' }, left),
};

describe.each(['vault.unlock', 'vault.set'] as const)('%s', (method) => {
  it('withdraws its question as soon as its client is gone', async () => {
    const made = open();
    const called = methods[method](made);
    expect(made.logins.waiting).toHaveLength(1);
    made.left.abort();
    await expect(called).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(made.logins.waiting).toEqual([]);
  });

  it('leaves the question to another who waits for it, and goes on with the answer', async () => {
    const made = open();
    const [first, second] = [methods[method](made), methods[method]({ ...made, left: new AbortController() })];
    made.left.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(made.logins.waiting).toHaveLength(1);
    await made.logins.answer('q1', ['right']);
    await expect(second).resolves.toBeDefined();
  });
});
