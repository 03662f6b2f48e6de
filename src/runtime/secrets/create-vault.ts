/** The vault over its file: opened by a person's passphrase once, its key kept in memory until it is locked. It keeps no secret and no passphrase. */
import { afterAlsoAsleep } from '../../base/after-also-asleep.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { Serial } from '../../base/serial.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import type { Vault, VaultAsker, VaultState } from '../../core/vault.ts';
import { readConfigFile, writeConfigFile } from '../config-file.ts';
import { makeVault, openVault, parseVault, seal, unseal, type VaultText } from './vault-file.ts';

export interface VaultOptions {
  readonly file: string;
  /** Who is asked where nobody else is named. */
  readonly questions: LoginQuestions;
  /** Learns every value before anybody else. */
  readonly redactor: Pick<Redactor, 'hold'>;
  readonly clock: Clock;
  /** Milliseconds after its last use; 0: it stays open. */
  readonly lockAfterMs: number;
}

export function createVault(options: VaultOptions): Vault & Disposable {
  return new FileVault(options);
}

class FileVault implements Vault, Disposable {
  readonly #options: VaultOptions;
  readonly #edits = new Serial();
  /** `check` of the file that the key is for: another file needs its own. */
  #open: { readonly key: Buffer; readonly check: string } | null = null;
  #end: Disposable | null = null;

  constructor(options: VaultOptions) {
    this.#options = options;
  }

  async state(): Promise<VaultState> {
    const vault = await this.#read();
    if (vault === null) return { names: null, isOpen: false };
    return { names: Object.keys(vault.secrets).toSorted(), isOpen: this.#open?.check === vault.check };
  }

  async unlock(asker: VaultAsker = this.#nobody): Promise<void> {
    const vault = await this.#read();
    if (vault === null) await this.#make(asker);
    else await this.#unlock(vault, asker);
  }

  lock(): void {
    this.#end?.dispose();
    this.#end = null;
    this.#open?.key.fill(0);
    this.#open = null;
  }

  async reveal(name: string, what: string, asker: VaultAsker = this.#nobody): Promise<string> {
    const vault = await this.#read();
    const sealed = vault && Object.hasOwn(vault.secrets, name) ? vault.secrets[name] : undefined;
    if (!vault || !sealed)
      throw new OperationError(
        'CREDENTIALS_UNAVAILABLE',
        `There is no ${what}: the vault has nothing named ${name}; run \`signalbox server secret set ${name}\`.`,
      );
    const key = await this.#unlock(vault, asker);
    const value = unseal(key, name, sealed);
    if (value === null)
      throw new OperationError(
        'CREDENTIALS_UNAVAILABLE',
        `There is no ${what}: ${name} is damaged in ${this.#options.file}; run \`signalbox server secret set ${name}\`.`,
      );
    this.#options.redactor.hold(value);
    return value;
  }

  async set(name: string, value: string, asker?: VaultAsker): Promise<'added' | 'replaced'> {
    this.#options.redactor.hold(value);
    await this.unlock(asker);
    return await this.#edits.run(async () => {
      const vault = await this.#read();
      if (vault === null || this.#open?.check !== vault.check) throw toLocked();
      const isThere = Object.hasOwn(vault.secrets, name);
      if (!isThere && Object.keys(vault.secrets).length >= limits.vaultSecretsMax)
        throw new OperationError(
          'INVALID_ARGUMENT',
          `The vault holds ${limits.vaultSecretsMax} secrets, its most; remove one with \`signalbox server secret remove\`.`,
        );
      await this.#write({ ...vault, secrets: { ...vault.secrets, [name]: seal(this.#open.key, name, value) } });
      return isThere ? 'replaced' : 'added';
    });
  }

  async remove(name: string): Promise<void> {
    await this.#edits.run(async () => {
      const vault = await this.#read();
      if (vault === null || !Object.hasOwn(vault.secrets, name))
        throw new OperationError(
          'INVALID_ARGUMENT',
          `The vault has nothing named ${name}; \`signalbox server secret list\` shows what it has.`,
        );
      const { [name]: _gone, ...secrets } = vault.secrets;
      await this.#write({ ...vault, secrets });
    });
  }

  dispose(): void {
    this.lock();
  }

  get #nobody(): VaultAsker {
    return { server: null, questions: this.#options.questions };
  }

  /** The desk asks once for all who wait; the answer that is right opens it for all of them. */
  async #unlock(vault: VaultText, { server, questions }: VaultAsker): Promise<Buffer> {
    if (this.#open?.check !== vault.check)
      await questions.ask({
        ...{ key: 'vault', server, what: 'the passphrase of the vault', note: null },
        prompts: [{ label: 'Passphrase', echo: 'hidden' }],
        check: async ([typed = '']) => {
          const key = await openVault(vault, typed);
          if (key === null) return 'That is not the passphrase of the vault.';
          this.#hold(key, vault);
          return null;
        },
      });
    if (this.#open?.check !== vault.check) throw toLocked();
    this.#lockLater();
    return this.#open.key;
  }

  async #make({ server, questions }: VaultAsker): Promise<void> {
    await questions.ask({
      ...{ key: 'vault:new', server, what: 'a passphrase for a new vault' },
      note: 'Secrets are sealed with it. Nobody can open the vault without it: keep it where you will find it.',
      isNoteOurs: true,
      prompts: [
        { label: 'New passphrase', echo: 'hidden' },
        { label: 'The same again', echo: 'hidden' },
      ],
      check: async ([typed = '', again]) => {
        if (typed.length < limits.vaultPassphraseCharactersMin)
          return `A passphrase of the vault has at least ${limits.vaultPassphraseCharactersMin} characters.`;
        if (typed !== again) return 'The two are not the same.';
        const { vault, key } = await makeVault(typed);
        await this.#edits.run(async () => {
          // One that somebody made meanwhile keeps what is in it.
          if ((await this.#read()) === null) await this.#write(vault);
        });
        this.#hold(key, vault);
        return null;
      },
    });
    if (this.#open === null) throw toLocked();
  }

  #hold(key: Buffer, { check }: VaultText): void {
    this.lock();
    this.#open = { key, check };
    this.#lockLater();
  }

  #lockLater(): void {
    this.#end?.dispose();
    const { clock, lockAfterMs } = this.#options;
    this.#end = lockAfterMs === 0 ? null : afterAlsoAsleep(clock, lockAfterMs, () => this.lock());
  }

  async #read(): Promise<VaultText | null> {
    const { file } = this.#options;
    const found = await readConfigFile(file);
    if (found === null) return null;
    const vault = parseVault(found.text);
    if (vault !== null) return vault;
    throw new OperationError(
      'CONFIG_INVALID',
      `${file} is damaged, or was written by another version; put a copy of it back, or move it away and set its secrets again.`,
    );
  }

  async #write(vault: VaultText): Promise<void> {
    await writeConfigFile(this.#options.file, `${JSON.stringify(vault, null, 2)}\n`, 0o600);
  }
}

function toLocked(): OperationError {
  return new OperationError('CREDENTIALS_UNAVAILABLE', 'The vault was locked or replaced meanwhile; try again.');
}
