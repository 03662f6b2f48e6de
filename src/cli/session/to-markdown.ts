/** A session as Markdown that reads well: a head of facts, then who said and did what, in order. Pure. */
import type { AttachmentNote, OperationEntry } from '../../host/sessions/read-transcript.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import type { ExportedEntry, ExportedSession, WrittenDiff } from './export-session.ts';
import { withoutToldCalls } from './told-calls.ts';

/** An agent says a few words at a time: what had no room in a part was hardly longer. */
const pieceCharactersMax = 256;

export function toMarkdown(session: ExportedSession): string {
  const parts = [toHead(session)];
  let agent = session.agents.at(-1) ?? 'agent';
  for (const entry of joinMessages(withoutToldCalls(session.entries))) {
    if (entry.kind === 'agent') agent = entry.agent;
    const part = toPart(entry, agent);
    const joined = isListed(entry) && parts.at(-1)?.startsWith('- ') === true;
    // Neighbours in a list stay one list.
    if (part !== null && joined) parts.push(`${parts.pop()}\n${part}`);
    else if (part !== null) parts.push(part);
  }
  return `${parts.join('\n\n')}\n`;
}

/** A long message was kept in parts; a heading between them would end up in its code. Joined, it reads as it came, wherever it was cut. */
function joinMessages(entries: readonly ExportedEntry[]): readonly ExportedEntry[] {
  const joined: ExportedEntry[] = [];
  let lastPart = '';
  for (const entry of entries) {
    const before = joined.at(-1);
    const isMessage = entry.kind === 'item' && entry.item.kind === 'agent';
    if (isMessage && before?.kind === 'item' && before.item.kind === 'agent' && goesOn(lastPart))
      joined[joined.length - 1] = { ...before, item: { ...before.item, text: before.item.text + entry.item.text } };
    else joined.push(entry);
    lastPart = isMessage ? entry.item.text : '';
  }
  return joined;
}

/** Parts are long, and end with a line; those of earlier versions ended anywhere, when they were as long as one may be. */
function goesOn(part: string): boolean {
  const isFull = part.length > bounds.itemCharactersSplit - pieceCharactersMax;
  return isFull || (part.length >= bounds.itemCharactersSplitFrom && part.endsWith('\n'));
}

function toHead({ id, title, agents, servers, createdAtMs, changedMs, isEnded, workspace }: ExportedSession): string {
  return [
    `# ${oneLine(title) || `Session ${id}`}`,
    '',
    `- session: ${code(id)}${isEnded ? ', ended' : ''}`,
    `- agents: ${agents.map(code).join(', ') || 'unknown'}`,
    `- servers: ${servers.map(code).join(', ') || 'unknown'}`,
    ...(workspace === null ? [] : [`- workspace: ${code(workspace)}`]),
    `- time: ${createdAtMs === null ? 'unknown' : toTime(createdAtMs)} to ${toTime(changedMs)} (UTC)`,
  ].join('\n');
}

function isListed(entry: ExportedEntry): boolean {
  return entry.kind === 'operation' || (entry.kind === 'item' && entry.item.kind === 'tool');
}

function toPart(entry: ExportedEntry, agent: string): string | null {
  switch (entry.kind) {
    case 'agent':
      return null;
    case 'operation':
      return [toOperation(entry.operation), ...toWritten(entry)].join('\n\n');
    case 'item':
      return toItem(entry.item, entry.files, agent);
  }
}

function toItem(item: ConversationItem, files: readonly AttachmentNote[], agent: string): string {
  switch (item.kind) {
    case 'user':
      return [`## Operator, ${toTime(item.atMs)}`, quote(item.text), ...toFiles(files)].join('\n\n');
    case 'agent':
      return `### ${oneLine(agent)}\n\n${item.text.trim()}`;
    case 'thought':
      return `<details><summary>thought</summary>\n\n${quote(item.text)}\n\n</details>`;
    case 'notice':
      return `*signalbox: ${oneLine(item.text)}*`;
    case 'tool':
      return [`- ${toolMarks[item.status]} tool ${code(item.title)}`, ...toOwnDiffs(item)].join('\n\n');
  }
}

function toFiles(files: readonly AttachmentNote[]): readonly string[] {
  const lines = files.map(
    ({ name, bytes, sha256 }) => `- attached ${code(name)}, ${bytes} bytes, sha256 ${code(sha256)}`,
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function toOperation({ id, tool, server, summary, status, code: failure, exitCode }: OperationEntry): string {
  const outcome = [status.replace('_', ' '), ...(failure === null ? [] : [failure])].join(', ');
  const exit = exitCode === null ? '' : `, exit ${exitCode}`;
  const where = server === null ? '' : ` on ${code(server)}`;
  return `- ${status === 'ok' ? 'done' : 'not done'}: ${code(tool)}${where}: ${code(summary)} (${outcome}${exit}), audit ${code(id)}`;
}

function toWritten({ operation, diff, isDiffLong }: WrittenDiff & { operation: OperationEntry }): readonly string[] {
  if (isDiffLong) return [`  Its difference is long: ${code(`signalbox audit diff ${operation.id}`)} shows it.`];
  return diff === undefined ? [] : [toBlock(diff)];
}

/** What the agent changed by itself, as it says. */
function toOwnDiffs({ diffs = [] }: Extract<ConversationItem, { kind: 'tool' }>): readonly string[] {
  return diffs.map(({ path, diff }) => (diff === null ? `  changed ${code(path)}` : toBlock(diff)));
}

/** Code of a row of a list; no line of it ends the block. */
function toBlock(diff: string): string {
  const longest = Math.max(2, ...[...diff.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const lines = [`${fence}diff`, ...diff.replace(/\n$/, '').split('\n'), fence];
  return lines.map((line) => `  ${line}`).join('\n');
}

const toolMarks = { pending: 'began', in_progress: 'began', completed: 'ended', failed: 'failed' } as const;

/** Foreign text as code: no backtick of it ends the code. */
function code(text: string): string {
  const flat = oneLine(text);
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${flat}\`` : `${fence} ${flat} ${fence}`;
}

function quote(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function toTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
