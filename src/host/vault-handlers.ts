/** What the host does for the methods of the vault: whoever it is opened for, a person is asked as logins ask. */
import { OperationError } from '../core/codes.ts';
import { vaultNameSchema } from '../core/server.ts';
import type { VaultAsker } from '../core/vault.ts';
import type { VaultMethods } from '../protocol/vault.ts';
import type { HostParts } from './parts.ts';
import type { Call, Engine } from './request-handlers.ts';

type VaultHandlers = {
  readonly [Name in keyof VaultMethods]: (
    engine: Engine,
    params: VaultMethods[Name]['params'],
    call: Pick<Call, 'signal'>,
  ) => Promise<VaultMethods[Name]['result']>;
};

export const vaultHandlers: VaultHandlers = {
  'vault.state': async ({ parts }) => await parts.vault.state(),
  'vault.unlock': async ({ parts }, _params, { signal }) => {
    await parts.vault.unlock(toAsker(parts, signal));
    return {};
  },
  'vault.lock': async ({ parts }) => {
    parts.vault.lock();
    return {};
  },
  'vault.set': async ({ parts }, { name, value }, { signal }) => {
    const named = vaultNameSchema.safeParse(name);
    if (!named.success)
      throw new OperationError('INVALID_ARGUMENT', `The name of a secret ${named.error.issues[0]?.message ?? ''}.`);
    return { done: await parts.vault.set(named.data, value, toAsker(parts, signal)) };
  },
  'vault.remove': async ({ parts }, { name }) => {
    await parts.vault.remove(name);
    return {};
  },
};

/** What is asked for a call goes with it: nobody waits for the answer any more. */
function toAsker({ logins }: Pick<HostParts, 'logins'>, signal: AbortSignal): VaultAsker {
  return {
    server: null,
    questions: { ask: (question) => logins.ask(question, signal), tell: (note) => logins.tell(note) },
  };
}
