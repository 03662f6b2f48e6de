/**
 * What looking after a durable command tells of operations before: of the one that started it, and of those that followed it and left. Each gets a
 * result of its own, so that the log says of each how the command ended. Decides from records alone, and touches no server.
 */
import type { DurableAction } from './action.ts';
import type { AuditEntry, AuditRecord } from './audit/record.ts';
import type { AuditLog, ExecOutcome } from './ports.ts';
import type { Target } from './server.ts';

interface LookedAfter {
  /** Of the operation that did it. */
  readonly id: string;
  readonly target: Pick<Target, 'id' | 'address'>;
  readonly action: DurableAction;
  readonly outcome: ExecOutcome;
}

/** None where the last results say it already. */
export async function toLaterResults(
  { id, target, action, outcome }: LookedAfter,
  log: Pick<AuditLog, 'records'>,
): Promise<readonly AuditEntry[]> {
  const { act, command } = action;
  // A log that cannot be read tells less; what was done stays done.
  const records = act === 'remove' ? [] : await log.records(command).catch(() => []);
  const isRest = act !== 'look' && outcome.stdoutBytes + outcome.stderrBytes > 0 && wasLookedAt(records);
  if (!isOpen(records) && !isRest) return [];
  const about = { type: 'result', origin: 'program', server: target.id, target: target.address } as const;
  const end = toEnd(outcome);
  const followedBy = act === 'look' ? {} : { followedBy: id };
  if (end === null) {
    if (act === 'look') return [];
    return [{ ...about, id: command, tool: 'remote_exec', status: 'error', goesOn: true, ...followedBy }];
  }
  // The look before has told those that left.
  const left = isRest ? [] : records.flatMap((record) => (record.followedBy === undefined ? [] : [record.followedBy]));
  return [
    { ...about, id: command, tool: 'remote_exec', ...end, ...followedBy },
    ...left.map((each) => ({ ...about, id: each, tool: 'durable_command' as const, ...end })),
  ];
}

/** The operations whose recordings go on where that of a durable command ends, from its records; none where it saw the end itself. */
export function toFollowers(records: readonly AuditRecord[]): readonly string[] {
  return sawItsEnd(records) ? [] : records.flatMap(({ followedBy }) => (followedBy === undefined ? [] : [followedBy]));
}

/** Of those that have a recording: which to play, in which order: as they began, up to the first that saw the end. What began later has nothing that is not in that one's. */
export function toPlayed<Follower extends { readonly records: readonly AuditRecord[] }>(
  followers: readonly Follower[],
): readonly Follower[] {
  const begun = ({ records }: Follower): string => records[0]?.ts ?? '';
  const inOrder = followers.toSorted(
    (one, other) => Number(begun(one) > begun(other)) - Number(begun(one) < begun(other)),
  );
  const last = inOrder.findIndex(({ records }) => sawItsEnd(records));
  return last === -1 ? inOrder : inOrder.slice(0, last + 1);
}

/** Of an operation, from its records: it ran, or followed, until the command had ended. */
function sawItsEnd(records: readonly AuditRecord[]): boolean {
  const own = records.findLast(({ type, origin }) => type === 'result' && origin !== 'program');
  return own !== undefined && own.goesOn !== true && own.outcomeUnknown !== true;
}

/** Nothing has said how it ended; a host that was killed has said nothing at all. */
function isOpen(records: readonly AuditRecord[]): boolean {
  const last = records.findLast(({ type }) => type === 'result');
  return records.length > 0 && (last === undefined || last.goesOn === true || last.outcomeUnknown === true);
}

/** A look has said how it ended, and nobody has read the rest of what it printed since. */
function wasLookedAt(records: readonly AuditRecord[]): boolean {
  const last = records.findLast(({ type }) => type === 'result');
  return last?.origin === 'program' && last.followedBy === undefined && !isOpen(records);
}

/** Null while it goes on. */
function toEnd({ durable }: ExecOutcome): Partial<AuditEntry> | null {
  if (durable?.state === 'lost') return { status: 'error', code: 'CONNECTION_LOST', outcomeUnknown: true };
  if (durable?.state !== 'ended' || durable.exitCode === null) return null;
  const { exitCode } = durable;
  return exitCode === 0 ? { status: 'ok', exitCode } : { status: 'error', code: 'NON_ZERO_EXIT', exitCode };
}
