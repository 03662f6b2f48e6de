/**
 * The policy in force: what is built in, the operator's `policy.json`, and a trusted workspace's. A changed file counts from the next
 * decision on; a bad one stops every decision until it is mended. Decides nothing itself.
 */
import type { Clock } from '../../base/clock.ts';
import { Emitter, type Event } from '../../base/event.ts';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import { createPolicy } from '../../core/policy/create-policy.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { PolicyNotice, PolicyRules, RulesOrigin } from '../../core/policy/policy-source.ts';
import { knowRule } from '../../core/policy/rules/match-rule.ts';
import { toExpired, toKnownRules } from '../../core/policy/rules/read-rule-file.ts';
import type { Rule } from '../../core/policy/rules/rule-file.ts';
import { type RuleSet, ruleSet } from '../../core/policy/rules/rule-set.ts';
import { createTrust } from '../trust.ts';
import { addRule } from './edit-rules.ts';
import { type RuleFileState, RuleFileWatch } from './rule-file-state.ts';
import { workspacePolicyFile } from './workspace-policy.ts';

export interface PolicySourceOptions {
  readonly paths: Pick<Paths, 'policyFile' | 'trustFile'>;
  readonly clock: Clock;
}

/** Workspaces whose files are remembered; more are simply read again. */
const workspacesMax = 32;
/** Policies of different files, kept so that a request does not build one anew. */
const policiesMax = 64;

export function createPolicySource(options: PolicySourceOptions): PolicyRules {
  return new FilePolicySource(options);
}

class FilePolicySource implements PolicyRules {
  readonly #options: PolicySourceOptions;
  readonly #global: RuleFileWatch;
  readonly #workspaces = new Map<string, RuleFileWatch>();
  readonly #policies = new Map<string, Policy>();
  readonly #notices = new Emitter<PolicyNotice>();
  readonly #toldExpired = new Set<string>();
  readonly onNotice: Event<PolicyNotice> = this.#notices.event;
  readonly #changed = new Emitter<void>();
  readonly onChanged: Event<void> = this.#changed.event;

  constructor(options: PolicySourceOptions) {
    this.#options = options;
    this.#global = new RuleFileWatch(options.paths.policyFile, null);
  }

  async current(workspace: string | null): Promise<Policy> {
    const parts = await this.#readGood(workspace);
    const expired = parts.map((part) => this.#expiredOf(part));
    const key = JSON.stringify(parts.map(({ state }, at) => [state.kind === 'good' && state.sha256, expired[at]]));
    const known = this.#policies.get(key);
    if (known) return known;
    const policy = createPolicy(toRuleSet(parts, expired));
    keep(this.#policies, key, policy, policiesMax);
    return policy;
  }

  async currentWith(rule: Rule, workspace: string | null): Promise<Policy> {
    const parts = await this.#readGood(workspace);
    const { rules, sensitivePaths } = toRuleSet(
      parts,
      parts.map((part) => this.#expiredOf(part)),
    );
    return createPolicy(ruleSet([...rules, knowRule(rule, 'global')], sensitivePaths));
  }

  async origins(workspace: string | null): Promise<readonly RulesOrigin[]> {
    return (await this.#read(workspace)).map((part) => {
      const { watch, state } = part;
      if (state.kind !== 'good') return { path: watch.path, origin: watch.origin, ...toEmpty(state) };
      const expired = this.#expiredOf(part);
      return {
        ...{ path: watch.path, origin: watch.origin, state: 'good', problem: null },
        sensitivePaths: state.file.sensitivePaths ?? [],
        rules: state.file.rules.map((rule, index) => ({
          ...{ rule, line: state.lines[index] ?? 1, isExpired: expired.includes(rule.id) },
        })),
      };
    });
  }

  async add(rule: Rule): Promise<void> {
    await addRule(this.#global.path, rule);
    await this.current(null);
  }

  async #readGood(workspace: string | null): Promise<readonly Part[]> {
    const parts = await this.#read(workspace);
    for (const { state } of parts) if (state.kind === 'bad') throw refusal(state.message);
    return parts;
  }

  async #read(workspace: string | null): Promise<readonly Part[]> {
    const watches = [this.#global, ...(workspace === null ? [] : [this.#watchOf(workspace)])];
    return await Promise.all(
      watches.map(async (watch) => {
        const { state, before } = await watch.read();
        if (state !== before) this.#tell(watch, state, before);
        if (state !== before && before !== null) this.#changed.fire();
        return { watch, state };
      }),
    );
  }

  #watchOf(workspace: string): RuleFileWatch {
    const known = this.#workspaces.get(workspace);
    if (known) return known;
    const { trustFile } = this.#options.paths;
    const watch = new RuleFileWatch(workspacePolicyFile(workspace), { trust: createTrust(trustFile), trustFile });
    keep(this.#workspaces, workspace, watch, workspacesMax);
    return watch;
  }

  #expiredOf({ watch, state }: Part): readonly string[] {
    if (state.kind !== 'good') return [];
    const expired = toExpired(state.file.rules, this.#options.clock.nowMs());
    for (const id of expired) {
      const key = `${watch.path}\n${state.sha256}\n${id}`;
      if (this.#toldExpired.has(key)) continue;
      this.#toldExpired.add(key);
      const text = `policy: the rule ${id} in ${watch.path} has expired and counts no more`;
      this.#notices.fire({ level: 'warn', text });
    }
    return expired;
  }

  /** The first reading is told only when there is something to do. */
  #tell(watch: RuleFileWatch, state: RuleFileState, before: RuleFileState | null): void {
    const { path } = watch;
    const isGlobal = watch.origin === 'global';
    const name = isGlobal ? 'policy' : 'workspace policy';
    if (state.kind === 'bad') this.#notices.fire({ level: 'error', text: refusal(state.message).message });
    else if (state.kind === 'untrusted')
      this.#notices.fire({
        level: 'warn',
        text: `${path} is not trusted, so its rules count for nothing; review it with \`signalbox policy trust\``,
      });
    else if (before === null) return;
    else if (state.kind === 'absent')
      this.#notices.fire({ level: 'warn', text: `${name} reloaded: ${path} is gone, and its rules with it` });
    else {
      const { length } = state.file.rules;
      this.#notices.fire({ level: 'info', text: `${name} reloaded: ${length} ${length === 1 ? 'rule' : 'rules'}` });
    }
  }
}

function toRuleSet(parts: readonly Part[], expired: readonly (readonly string[])[]): RuleSet {
  const rules = parts.flatMap(({ watch, state }, at) =>
    state.kind === 'good' ? toKnownRules(state.file.rules, watch.origin, expired[at] ?? []) : [],
  );
  const sensitivePaths = parts.flatMap(({ state }) => (state.kind === 'good' ? (state.file.sensitivePaths ?? []) : []));
  return ruleSet(rules, sensitivePaths);
}

interface Part {
  readonly watch: RuleFileWatch;
  readonly state: RuleFileState;
}

function refusal(message: string): OperationError {
  return new OperationError(
    'CONFIG_INVALID',
    `The policy is not usable, so nothing may run: ${message} \`signalbox policy validate\` checks it.`,
  );
}

function toEmpty(
  state: Exclude<RuleFileState, { kind: 'good' }>,
): Pick<RulesOrigin, 'state' | 'problem' | 'rules' | 'sensitivePaths'> {
  return { state: state.kind, problem: state.kind === 'bad' ? state.message : null, rules: [], sensitivePaths: [] };
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= max) break;
    map.delete(oldest);
  }
}
