/** `signalbox policy validate`: everything that is wrong with a rule file, each with its line, as compilers write it. */
import { resolve } from 'node:path';
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import { OperationError } from '../../core/codes.ts';
import { type RuleProblem, readRuleFile } from '../../core/policy/rules/read-rule-file.ts';
import { readConfigFile } from '../../runtime/config-file.ts';
import { workspacePolicyFile } from '../../runtime/policy/workspace-policy.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, printJson, printLine } from '../output.ts';
import { openPolicyDesk } from './policy-desk.ts';

export interface ValidateOptions {
  readonly json?: true;
  /** As the file of a workspace, which may only narrow. */
  readonly workspace?: true;
}

/** Without a file: the global one, and the workspace's where there is one. */
export async function validatePolicy(io: CliIo, path: string | undefined, options: ValidateOptions): Promise<void> {
  const { paths, workspace } = openPolicyDesk(io);
  const own = workspace === null ? null : workspacePolicyFile(workspace);
  const files = path === undefined ? [paths.policyFile, ...(own === null ? [] : [own])] : [resolve(io.cwd, path)];
  const reports: { file: string; rules: number | null; problems: readonly RuleProblem[] }[] = [];
  for (const file of files) {
    const read = await readConfigFile(file);
    if (read === null && path !== undefined)
      throw new OperationError('CONFIG_INVALID', `${file} does not exist; name a rule file.`);
    if (read === null) continue;
    const origin = options.workspace || file === own ? 'workspace' : 'global';
    const reading = readRuleFile(read.text, origin);
    reports.push({ file, rules: reading.file?.rules.length ?? null, problems: reading.problems });
  }
  if (options.json) printJson(io, reports);
  else for (const report of reports) printReport(io, report);
  if (reports.length === 0 && !options.json)
    printLine(io, `There is no ${escapeExact(paths.policyFile)}; what is built in decides.`);
  if (reports.some(({ problems }) => problems.length > 0)) io.exitCode = exitCodes.usage;
}

function printReport(
  io: CliIo,
  { file, rules, problems }: { file: string; rules: number | null; problems: readonly RuleProblem[] },
): void {
  if (rules !== null) printLine(io, `${escapeProse(file)}: ${rules} ${rules === 1 ? 'rule' : 'rules'}, no problem`);
  for (const { line, rule, message } of problems)
    printLine(io, escapeProse(`${file}:${line}: ${rule === null ? '' : `rule ${rule}: `}${message}`));
}
