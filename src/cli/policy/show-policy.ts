/** `signalbox policy show`: the rules in force, each with the file and line it comes from. */
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import { OperationError } from '../../core/codes.ts';
import type { RulesOrigin } from '../../core/policy/policy-source.ts';
import { knowRule } from '../../core/policy/rules/match-rule.ts';
import type { Rule } from '../../core/policy/rules/rule-file.ts';
import type { Target } from '../../core/server.ts';
import { type CliIo, printJson, printLine } from '../output.ts';
import { openPolicyDesk } from './policy-desk.ts';

export interface ShowOptions {
  readonly server?: string;
  readonly json?: true;
}

export async function showPolicy(io: CliIo, { server, json }: ShowOptions): Promise<void> {
  const desk = openPolicyDesk(io);
  const target = server === undefined ? null : await desk.target(server);
  const origins = (await desk.rules.origins(desk.workspace)).map((one) => onlyFor(one, target));
  const policy = await desk.policy().catch((error: unknown) => {
    if (error instanceof OperationError && error.code === 'CONFIG_INVALID') return null;
    throw error;
  });
  if (json) printJson(io, { hash: policy?.hash ?? null, files: origins });
  else {
    for (const origin of origins) printOrigin(io, origin);
    printLine(io, 'Built in: what only inspects runs; the rest asks. Of all that match, the strictest counts.');
    if (policy) printLine(io, `policy ${policy.hash}`);
  }
  // The files above say what is wrong; the status says that nothing runs.
  if (policy === null) await desk.policy();
}

function onlyFor(origin: RulesOrigin, target: Target | null): RulesOrigin {
  if (target === null) return origin;
  return { ...origin, rules: origin.rules.filter(({ rule }) => knowRule(rule, origin.origin).matchesTarget(target)) };
}

function printOrigin(io: CliIo, origin: RulesOrigin): void {
  const state = origin.state === 'good' ? '' : `  ${origin.state === 'bad' ? 'BAD, nothing may run' : origin.state}`;
  printLine(io, `${escapeExact(origin.path)}  (${origin.origin})${state}`);
  if (origin.problem !== null) printLine(io, `  ${escapeProse(origin.problem)}`);
  for (const { rule, line, isExpired } of origin.rules) {
    printLine(
      io,
      `  ${escapeExact(rule.id)}  ${rule.decision}  line ${line}${isExpired ? '  EXPIRED, counts no more' : ''}`,
    );
    printLine(io, `    command   ${escapeExact(toWords(rule))}`);
    if (rule.scope) printLine(io, `    scope     ${escapeExact(toScope(rule.scope))}`);
    if (rule.expires !== undefined) printLine(io, `    expires   ${escapeExact(rule.expires)}`);
    printLine(io, `    because   ${escapeProse(rule.because)}`);
  }
  for (const path of origin.sensitivePaths) printLine(io, `  sensitive ${escapeExact(path)}`);
  printLine(io, '');
}

function toWords({ exact, command = '', options = [], operands = [] }: Rule): string {
  if (exact) return `exactly ${JSON.stringify(exact)}`;
  const parts = [command];
  if (options.length > 0) parts.push(`options ${options.join(' ')}`);
  if (operands.length > 0) parts.push(`operands ${operands.join(' ')}`);
  return parts.join('; ');
}

function toScope({ servers, groups, environment }: NonNullable<Rule['scope']>): string {
  const parts = [
    ...(servers ? [`servers ${servers.join(' ')}`] : []),
    ...(groups ? [`groups ${groups.join(' ')}`] : []),
    ...(environment ? [`environment ${[environment].flat().join(' ')}`] : []),
  ];
  return parts.join('; ');
}
