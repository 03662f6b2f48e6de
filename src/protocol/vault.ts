/** The vault between host and clients: what is in it by name, and what can be done with it. No answer ever holds a secret. */

export interface VaultMethods {
  /** `names`: null while there is no vault. */
  'vault.state': {
    params: Record<string, never>;
    result: { readonly names: readonly string[] | null; readonly isOpen: boolean };
  };
  /** Answers once it is open; what that needs of a person is in the view's logins. Makes the vault the first time. */
  'vault.unlock': { params: Record<string, never>; result: Record<string, never> };
  'vault.lock': { params: Record<string, never>; result: Record<string, never> };
  /** Opens the vault as above. */
  'vault.set': {
    params: { readonly name: string; readonly value: string };
    result: { readonly done: 'added' | 'replaced' };
  };
  'vault.remove': { params: { readonly name: string }; result: Record<string, never> };
}
