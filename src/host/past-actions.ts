/** Past commands out of the audit log, as questions that policy could be asked again. Reads only. */
import type { AuditRecord, AuditRow } from '../core/audit/record.ts';
import type { Redactor } from '../core/audit/redactor.ts';
import { limits } from '../core/limits.ts';
import { nameOf } from '../core/policy/rules/program-name.ts';
import type { PastAction } from '../core/policy/rules/replay-rule.ts';
import type { AuditLog, Registry } from '../core/ports.ts';

const pageRows = 1_000;

/** `but` names the operation that is looked at now: it is no past. The newest `limits.policyReplayActionsMax` commands; of those, the ones in which the program is named at all. */
export async function readPastActions(
  parts: { readonly audit: AuditLog; readonly registry: Registry; readonly redactor: Redactor },
  program: string,
  workspace: string | null,
  but: string,
): Promise<readonly PastAction[]> {
  const { servers } = await parts.registry.list(workspace);
  const targets = new Map(servers.map((target) => [target.id, target]));
  const actions: PastAction[] = [];
  for (let offset = 0; offset < limits.policyReplayActionsMax; offset += pageRows) {
    const { rows } = await parts.audit.page({ offset, limit: pageRows, tool: 'remote_exec' });
    for (const row of rows) {
      if (row.id === but || !row.summary.includes(nameOf(program))) continue;
      const question = toQuestion(await parts.audit.records(row.id));
      if (question === null) continue;
      const target = row.server === null ? null : (targets.get(row.server) ?? null);
      const words = question.kind === 'line' ? question.line : question.argv.join(' ');
      actions.push({ question, target, isDenied: isDenied(row), isRedacted: parts.redactor.hasPlaceholder(words) });
    }
    if (rows.length < pageRows) break;
  }
  return actions;
}

/** As it was asked first: an edit is another question. */
function toQuestion(records: readonly AuditRecord[]): PastAction['question'] | null {
  const asked = records.find(({ line, argv }) => line !== undefined || argv !== undefined);
  if (!asked) return null;
  const shared = { cwd: asked.cwd ?? null, hasStdin: false };
  if (asked.line !== undefined) return { kind: 'line', line: asked.line, ...shared };
  return asked.argv === undefined ? null : { kind: 'argv', argv: asked.argv, ...shared };
}

function isDenied({ outcome }: AuditRow): boolean {
  return outcome === 'denied';
}
