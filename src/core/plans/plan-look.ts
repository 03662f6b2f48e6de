/** The plans of the two reads that show names instead of content: one folder's entries, and one path. */
import { assert, unreachable } from '../../base/assert.ts';
import { hasOddBytes } from '../../base/byte-names.ts';
import type { Action } from '../action.ts';
import { OperationError } from '../codes.ts';
import type { DirEntry } from '../dir-entry.ts';
import { limits } from '../limits.ts';
import type { OperationInput, OperationName } from '../operations/table.ts';
import type { PerformOutcome } from '../ports.ts';
import { type Finding, type Look, noExecution, type Plan } from './plan.ts';

export function planListDir(input: OperationInput<'remote_list_dir'>): Plan {
  return planLook(
    'remote_list_dir',
    `list ${input.path}`,
    input.path,
    { kind: 'list-dir', path: input.path, limit: input.limit },
    (look) => look.servers.realPath(look.target, input.path, look.signal),
  );
}

/** A link is looked at, not followed: what counts is the real folder it lies in. */
export function planStat(input: OperationInput<'remote_stat'>): Plan {
  return planLook('remote_stat', `stat ${input.path}`, input.path, { kind: 'stat', path: input.path }, async (look) => {
    const cut = input.path.replace(/\/+$/, '').lastIndexOf('/');
    if (cut <= 0) return input.path;
    const folder = await look.servers.realPath(look.target, input.path.slice(0, cut), look.signal);
    return `${folder === '/' ? '' : folder}${input.path.slice(cut)}`;
  });
}

function planLook(
  tool: OperationName,
  summary: string,
  path: string,
  action: Action,
  toRealPath: (look: Look) => Promise<string>,
): Plan {
  return {
    tool,
    summary,
    cwd: null,
    entry: { path },
    question: { kind: 'read', path, realPath: null, recursive: false },
    looksAtServer: true,
    prepare: async (look) => {
      const realPath = await toRealPath(look);
      return {
        summary,
        entry: { path },
        question: { kind: 'read', path, realPath, recursive: false },
        hostKey: look.servers.status(look.target.id).hostKey,
        change: null,
        subject: () => ({ kind: 'read', path, realPath }),
        action: () => action,
        edit: () => {
          throw new OperationError('INVALID_ARGUMENT', 'A read has nothing to edit; approve or deny it.');
        },
        finding: (outcome) => toFinding(outcome),
      };
    },
  };
}

function toFinding(outcome: PerformOutcome): Finding {
  switch (outcome.kind) {
    case 'list-dir':
      return {
        data: {
          entries: outcome.entries.map(({ name, type, size, mode, owner, mtimeSeconds }) => ({
            name,
            type,
            size,
            mode: toOctal(mode),
            owner,
            mtime: toIso(mtimeSeconds),
          })),
          truncated: outcome.truncated,
          warnings: toListWarnings(outcome),
        },
        execution: noExecution,
      };
    case 'stat':
      return { data: toStatData(outcome.entry), execution: noExecution };
    case 'exec':
    case 'shell':
    case 'read-file':
    case 'write-file':
    case 'remove-file':
      assert(false, 'A look ends as a look.');
      break;
    default:
      return unreachable(outcome);
  }
}

function toListWarnings(outcome: PerformOutcome & { kind: 'list-dir' }): string[] {
  const names = toNameWarnings(outcome.entries);
  if (!outcome.unsorted) return names;
  return [
    `The folder has more than ${limits.entriesMax} entries, of which only the first that the server gave were looked at; look for a name with remote_find.`,
    ...names,
  ];
}

/** What a reader must know who wants to give such a name back. */
export function toNameWarnings(entries: readonly { readonly name: string }[]): string[] {
  const count = entries.filter(({ name }) => hasOddBytes(name)).length;
  if (count === 0) return [];
  return [
    `${count === 1 ? 'One name is' : `${count} names are`} not UTF-8: each byte that is not is the character U+10F700 + byte in it; give such a name back as it is.`,
  ];
}

function toStatData(entry: DirEntry): Record<string, unknown> {
  return {
    type: entry.type,
    size: entry.size,
    mode: toOctal(entry.mode),
    owner: entry.owner,
    group: entry.group,
    mtime: toIso(entry.mtimeSeconds),
    ...(entry.linkTarget === null ? {} : { linkTarget: entry.linkTarget }),
  };
}

/** Permission bits as people write them: "0644". */
export function toOctal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

export function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
