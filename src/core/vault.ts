/** The vault: secrets sealed on disk under one passphrase. What others may ask of it; it says nothing of files or ciphers. */
import type { LoginQuestions } from './login/login-desk.ts';

/** Who is asked for the passphrase, and for which login; null when it is for no server. */
export interface VaultAsker {
  readonly server: string | null;
  readonly questions: LoginQuestions;
}

export interface VaultState {
  /** In order; null: there is no vault yet. */
  readonly names: readonly string[] | null;
  readonly isOpen: boolean;
}

/** Everything throws CREDENTIALS_UNAVAILABLE where it cannot be opened, and CONFIG_INVALID for a damaged file. */
export interface Vault {
  /** Needs no passphrase. */
  state(): Promise<VaultState>;
  /** The first time, a person chooses the passphrase; then one that is locked is opened with it. */
  unlock(asker?: VaultAsker): Promise<void>;
  /** Forgets what opened it. */
  lock(): void;
  /** `what` the secret is, without an article. Opens the vault; makes none. */
  reveal(name: string, what: string, asker?: VaultAsker): Promise<string>;
  set(name: string, value: string, asker?: VaultAsker): Promise<'added' | 'replaced'>;
  /** Needs no passphrase, as deleting the file needs none. Throws INVALID_ARGUMENT for a name that is not there. */
  remove(name: string): Promise<void>;
}
