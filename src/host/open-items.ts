/** Outcomes that a person must look at: unknown ones and changes without a full record, until somebody acknowledges them. */
import { type Disposable, toDisposable } from '../base/lifecycle.ts';
import type { AuditRow } from '../core/audit/record.ts';
import { OperationError } from '../core/codes.ts';
import type { Activity, Gate } from '../core/gate.ts';
import type { AuditLog } from '../core/ports.ts';
import type { OpenItemView } from '../protocol/view.ts';
import type { ViewStore } from './view-store.ts';

/** Publishes what earlier runs left open, and what the gate leaves open from now on. */
export async function feedOpenItems(gate: Gate, audit: AuditLog, store: ViewStore): Promise<Disposable> {
  const summaries = new Map<string, { readonly summary: string; readonly atMs: number }>();
  const subscription = gate.onActivity((activity) => {
    if (activity.kind === 'started') summaries.set(activity.id, activity);
    if (activity.kind !== 'ended') return;
    const started = summaries.get(activity.id);
    summaries.delete(activity.id);
    const item = toOpenItem(activity, started);
    if (item) store.publish({ type: 'openItem.added', item });
  });
  for (const row of await audit.openItems()) {
    const item = fromRow(row);
    if (item) store.publish({ type: 'openItem.added', item });
  }
  return toDisposable(() => subscription.dispose());
}

/** Records that a person has seen it. Throws INVALID_ARGUMENT for an id that is not open. */
export async function acknowledge(
  audit: AuditLog,
  store: ViewStore,
  auditId: string,
  client: 'screen' | 'cli',
): Promise<void> {
  const item = store.view.openItems.find((open) => open.auditId === auditId);
  if (!item) throw new OperationError('INVALID_ARGUMENT', `${auditId} is not open, or was acknowledged before.`);
  await audit.append([
    {
      type: 'acknowledged',
      id: auditId,
      origin: 'operator',
      approver: `operator@${client}`,
      note: item.kind,
      ...(item.server === null ? {} : { server: item.server }),
    },
  ]);
  store.publish({ type: 'openItem.removed', auditId });
}

function toOpenItem(
  { id, server, envelope }: Extract<Activity, { kind: 'ended' }>,
  started: { readonly summary: string; readonly atMs: number } | undefined,
): OpenItemView | null {
  const isUnknown = envelope.execution.outcomeUnknown === true;
  if (envelope.status !== 'partial_failure' && !isUnknown) return null;
  return {
    auditId: id,
    kind: isUnknown ? 'unknown-outcome' : 'partial_failure',
    server,
    summary: envelope.ran ?? started?.summary ?? envelope.tool,
    message: envelope.message ?? envelope.code ?? '',
    atMs: started?.atMs ?? 0,
  };
}

function fromRow(row: AuditRow): OpenItemView | null {
  const { outcome } = row;
  if (outcome !== 'unknown-outcome' && outcome !== 'never-ran' && outcome !== 'partial_failure') return null;
  return {
    auditId: row.id,
    kind: outcome,
    server: row.server,
    summary: row.tool === 'shell_open' ? 'a shell of yours' : row.summary || row.tool,
    message: messages[outcome],
    atMs: Date.parse(row.ts),
  };
}

const messages = {
  'unknown-outcome': 'It began, and how it ended was not recorded: look at the server before doing it again.',
  'never-ran': 'It was asked for and never permitted: nothing was done on the server.',
  partial_failure: 'The server was changed, but the record of the change is incomplete.',
} as const;
