/** One `policy.json` as it is now: read again whenever it may have changed. Knows its content only through core's reader. */
import { Serial } from '../../base/serial.ts';
import { OperationError } from '../../core/codes.ts';
import type { RuleOrigin } from '../../core/policy/rules/match-rule.ts';
import { readRuleFile, toProblemSentence } from '../../core/policy/rules/read-rule-file.ts';
import type { RuleFile } from '../../core/policy/rules/rule-file.ts';
import { type ConfigFile, fileStamp, readConfigFile } from '../config-file.ts';
import type { Trust } from '../trust.ts';

export type RuleFileState =
  | { readonly kind: 'absent' }
  /** A workspace file that nobody trusted yet: it counts for nothing. */
  | { readonly kind: 'untrusted'; readonly sha256: string }
  | { readonly kind: 'good'; readonly sha256: string; readonly file: RuleFile; readonly lines: readonly number[] }
  /** `message` is one sentence with file, line and rule. */
  | { readonly kind: 'bad'; readonly message: string };

/** Where a workspace file is trusted; null for the global file, which is the operator's own. */
export interface WorkspaceTrust {
  readonly trust: Trust;
  readonly trustFile: string;
}

export class RuleFileWatch {
  readonly path: string;
  readonly #trust: WorkspaceTrust | null;
  readonly #reads = new Serial();
  #stamp: string | null = null;
  #state: RuleFileState | null = null;

  constructor(path: string, trust: WorkspaceTrust | null) {
    this.path = path;
    this.#trust = trust;
  }

  get origin(): RuleOrigin {
    return this.#trust === null ? 'global' : 'workspace';
  }

  /** The state now, and the one before when it was another. Never throws: what cannot be read is `bad`. */
  async read(): Promise<{ readonly state: RuleFileState; readonly before: RuleFileState | null }> {
    const known = this.#state;
    if (known !== null && this.#stamp !== null && this.#stamp === this.#stampNow())
      return { state: known, before: known };
    return await this.#reads.run(async () => {
      // Taken before reading: a change meanwhile has another stamp, and is read the next time.
      const stamp = this.#stampNow();
      const before = this.#state;
      if (before !== null && stamp !== null && stamp === this.#stamp) return { state: before, before };
      const found = await this.#readNow();
      const state = before !== null && isSame(found, before) ? before : found;
      this.#stamp = stamp;
      this.#state = state;
      return { state, before };
    });
  }

  #stampNow(): string | null {
    const stamps = [this.path, ...(this.#trust ? [this.#trust.trustFile] : [])].map(fileStamp);
    return stamps.includes(null) ? null : stamps.join('\n');
  }

  async #readNow(): Promise<RuleFileState> {
    try {
      const file = await readConfigFile(this.path);
      if (file === null) return { kind: 'absent' };
      return (await this.#distrust(file)) ?? toState(file, this.origin);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return { kind: 'bad', message: error.message };
    }
  }

  /** Rules that were trusted and then changed may have held something back, so they are not simply left out. */
  async #distrust({ path, sha256 }: ConfigFile): Promise<RuleFileState | null> {
    if (this.#trust === null || (await this.#trust.trust.isTrusted(path, sha256))) return null;
    if (!(await this.#trust.trust.wasTrusted(path))) return { kind: 'untrusted', sha256 };
    const message = `${path} changed since it was trusted; review it with \`signalbox policy trust\`.`;
    return { kind: 'bad', message };
  }
}

function toState({ path, text, sha256 }: ConfigFile, origin: RuleOrigin): RuleFileState {
  const { file, problems, lines } = readRuleFile(text, origin);
  if (file !== null) return { kind: 'good', sha256, file, lines };
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const [first] = problems;
  return { kind: 'bad', message: `${first ? toProblemSentence(path, first) : `${path} is not usable.`}${more}` };
}

function isSame(one: RuleFileState, other: RuleFileState): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === 'bad') return other.kind === 'bad' && one.message === other.message;
  if (one.kind === 'absent') return true;
  return 'sha256' in other && one.sha256 === other.sha256;
}
