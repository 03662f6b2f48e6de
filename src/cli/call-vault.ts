/** What commands ask of the host's vault: its passphrase is asked for at this terminal, or on a screen. It holds no secret. */
import type { Params, Result } from '../protocol/methods.ts';
import type { VaultMethods } from '../protocol/vault.ts';
import { withHost } from './host-client.ts';
import { answerLogins } from './login-answers.ts';
import type { CliIo } from './output.ts';

/** @param input `taken`: the terminal's input was for the secret, so nothing can be typed there. */
export async function callVault<Name extends keyof VaultMethods>(
  io: CliIo,
  method: Name,
  params: Params<Name>,
  input: 'free' | 'taken' = 'free',
): Promise<Result<Name>> {
  return await withHost(io, 'if-needed', async (client) => {
    const answers = answerLogins(io, client.connection, input === 'taken' ? { stdinIsTaken: true } : {});
    try {
      return await client.call(method, params);
    } finally {
      answers.dispose();
    }
  });
}
