/** `signalbox policy trust`: shows the rules of this workspace, and records trust in exactly the bytes that were shown. */
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import { OperationError } from '../../core/codes.ts';
import { readRuleFile, toProblemSentence } from '../../core/policy/rules/read-rule-file.ts';
import { readConfigFile } from '../../runtime/config-file.ts';
import { workspacePolicyFile } from '../../runtime/policy/workspace-policy.ts';
import { createTrust } from '../../runtime/trust.ts';
import { askYes, canAsk } from '../ask.ts';
import { type CliIo, printExact, printLine } from '../output.ts';
import { openPolicyDesk } from './policy-desk.ts';

export interface TrustPolicyOptions {
  readonly yes?: true;
}

/** Throws CONFIG_INVALID for a file that could not be in force: trusting it would only stop the workspace. */
export async function trustPolicy(io: CliIo, options: TrustPolicyOptions): Promise<void> {
  const { paths, workspace } = openPolicyDesk(io);
  if (workspace === null)
    throw new OperationError(
      'CONFIG_INVALID',
      'No folder above this one has a .signalbox folder; go into a workspace.',
    );
  const file = await readConfigFile(workspacePolicyFile(workspace));
  if (!file)
    throw new OperationError('CONFIG_INVALID', `${workspacePolicyFile(workspace)} does not exist; nothing to trust.`);
  const [problem] = readRuleFile(file.text, 'workspace').problems;
  if (problem) throw new OperationError('CONFIG_INVALID', toProblemSentence(file.path, problem));
  printLine(io, `${escapeExact(file.path)}\nsha256 ${file.sha256}\n`);
  for (const line of file.text.split('\n')) printExact(io.stdout, escapeProse(line));
  const trust = createTrust(paths.trustFile);
  if (await trust.isTrusted(file.path, file.sha256)) return printLine(io, 'It is trusted as it is.');
  if (!options.yes && !canAsk(io))
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Without a terminal nothing is asked; read the above, then say --yes.',
    );
  if (!options.yes && !(await askYes(io, 'Trust this file as it is now?')))
    throw new OperationError('CANCELLED', 'Nothing was trusted.');
  await trust.add(file.path, file.sha256);
  printLine(io, 'Trusted. Any change to the file stops this workspace until it is trusted again.');
}
