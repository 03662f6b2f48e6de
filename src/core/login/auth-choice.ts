/** The ways to log in to a server, as the registry hands them to what makes connections. Secrets are named here, never held. */
import type { SecretSource } from '../server.ts';

/** One way to log in, tried in the order given. Paths are absolute; secrets are revealed only when the server asks for them. */
export type AuthChoice =
  /** The socket of a running ssh-agent. */
  | {
      readonly kind: 'agent';
      readonly socket: string;
      /** Files that name keys by their public halves: of the agent's keys, these are offered first. */
      readonly identities?: readonly string[];
      /** And no others. */
      readonly isExclusive?: boolean;
    }
  | { readonly kind: 'privateKey'; readonly privateKeyPath: string; readonly passphrase: SecretSource | null }
  | {
      readonly kind: 'certificate';
      readonly certificatePath: string;
      /** Files that may hold the key it is about, and the agent that may; at least one of both. */
      readonly privateKeyPaths: readonly string[];
      readonly agentSocket: string | null;
      readonly passphrase: SecretSource | null;
    }
  /** Null: a person is asked. */
  | {
      readonly kind: 'password';
      readonly secret: SecretSource | null;
      /** In the order in which they are tried; absent: both. */
      readonly methods?: readonly PasswordMethod[];
    };

/** The two ways a server asks for a password, by their names in RFC 4252 and RFC 4256. */
export type PasswordMethod = 'keyboard-interactive' | 'password';
