/** What the host does for the methods of the vault: whoever it is opened for, a person is asked as logins ask. */
import { OperationError } from '../core/codes.ts';
import { vaultNameSchema } from '../core/server.ts';
import type { VaultMethods } from '../protocol/vault.ts';
import type { Engine } from './request-handlers.ts';

type VaultHandlers = {
  readonly [Name in keyof VaultMethods]: (
    engine: Engine,
    params: VaultMethods[Name]['params'],
  ) => Promise<VaultMethods[Name]['result']>;
};

export const vaultHandlers: VaultHandlers = {
  'vault.state': async ({ parts }) => await parts.vault.state(),
  'vault.unlock': async ({ parts }) => {
    await parts.vault.unlock();
    return {};
  },
  'vault.lock': async ({ parts }) => {
    parts.vault.lock();
    return {};
  },
  'vault.set': async ({ parts }, { name, value }) => {
    const named = vaultNameSchema.safeParse(name);
    if (!named.success)
      throw new OperationError('INVALID_ARGUMENT', `The name of a secret ${named.error.issues[0]?.message ?? ''}.`);
    return { done: await parts.vault.set(named.data, value) };
  },
  'vault.remove': async ({ parts }, { name }) => {
    await parts.vault.remove(name);
    return {};
  },
};
