/**
 * The command palette: everything that can be done or gone to in one list that what is typed narrows; commands with what follows them, too.
 */
import { keyWord } from '../key-words.ts';
import { isArgument, toArgumentEntries } from '../palette/command-entries.ts';
import type { PaletteEntry } from '../palette/palette-entry.ts';
import { paletteSources } from '../palette/palette-sources.ts';
import { createEntrySearch, type FoundEntry, findEntries, toReadyEntries } from '../palette/rank-entries.ts';
import { SearchListOverlay } from '../panes/search-list-overlay.ts';
import { toPaletteDetails, toPaletteLine } from '../present/palette.ts';
import { clip, plain } from '../present/text.ts';
import { type CommandPorts, findCommand, runCommand } from './commands.ts';

/** A heading, while nothing was typed. */
type PaletteRow = FoundEntry | { readonly heading: string };

const rowsWanted = 24;

/** @param begun the beginning of a command, as if it were typed */
export function openPalette(ports: CommandPorts, begun = ''): void {
  const { stage } = ports;
  const find = createFinder(ports);
  const overlay = new SearchListOverlay<PaletteRow>(stage, {
    ...{ scope: 'palette', sign: ':', placeholder: 'type what you look for, or a command' },
    ...{
      title: 'Commands',
      note: `${keyWord('palette', 'submit')} does it, ${keyWord('palette', 'complete')} completes, ${keyWord('palette', 'close')} cancels`,
      rowsWanted,
      find,
    },
    isChoosable: (row) => 'entry' in row,
    toLine: (row, page) =>
      'entry' in row ? toPaletteLine(row, page) : clip(plain(row.heading, 'title', { bold: true }), page.columns),
    toDetails: (row, page) => ('entry' in row ? toPaletteDetails(row, page) : []),
    emptyText: () => 'no such command',
    complete: (row, text) => toCompleted(row, text),
    submit: (row, line, wasMoved) => {
      const text = withoutSign(line);
      const more = wasMoved ? null : toIncomplete(text);
      if (more !== null) return overlay.setText(more);
      submit(ports, overlay, row, wasMoved ? '' : text);
    },
  });
  if (begun !== '') overlay.setText(begun);
  stage.open(overlay);
}

/** Who is used to typing the colon types it twice. */
function withoutSign(text: string): string {
  return text.replace(/^\s*:+/, '');
}

/** A command that says nothing alone: what can follow it is listed instead. */
function toIncomplete(text: string): string | null {
  const { command, rest } = findCommand(text);
  return command?.isIncomplete && command.name === text && rest === '' ? `${command.name} ` : null;
}

/** What the list shows is what is done: the row, and the command that was typed in full where it stands for more than its row. */
function submit(
  ports: CommandPorts,
  overlay: SearchListOverlay<PaletteRow>,
  row: PaletteRow | null,
  typed: string,
): void {
  const { stage } = ports;
  const entry = row !== null && 'entry' in row ? row.entry : null;
  if (entry === null || isWholeCommand(typed, entry)) {
    stage.close(overlay);
    return runCommand(ports, typed);
  }
  if (entry.disabled !== null) return stage.say(`${entry.title}: ${entry.disabled}`, 'warn');
  stage.close(overlay);
  stage.model.palette.remember(entry.id);
  entry.run();
}

function isWholeCommand(typed: string, entry: PaletteEntry): boolean {
  const { command, rest } = findCommand(typed);
  if (command === null || isArgument(entry) || typed.trim().split(/\s+/)[0] !== command.name) return false;
  return rest === '' || command.words !== undefined || command.free !== undefined;
}

function toCompleted(row: PaletteRow | null, text: string): string | null {
  if (row === null || !('entry' in row)) return null;
  const { command, title } = row.entry;
  if (command === null) return text === title ? null : title;
  return isArgument(row.entry) ? command : `${command} `;
}

/** Entries are collected anew only when what the host says of them has changed, and searched anew only for another text. */
function createFinder(ports: CommandPorts): (text: string) => readonly PaletteRow[] {
  const { model } = ports.stage;
  let search = createEntrySearch([]);
  let seen: readonly unknown[] = [];
  let last: { readonly text: string; readonly rows: readonly PaletteRow[] } | null = null;
  return (text) => {
    const { sessions, servers, agents } = model.view;
    const facts = [sessions, servers, agents, model.host.link.kind, model.desk.queue.length];
    if (facts.some((fact, at) => fact !== seen[at])) {
      seen = facts;
      last = null;
      const entries = paletteSources.flatMap((source) => source(ports));
      search = createEntrySearch(toReadyEntries(entries, model.palette.recent));
    }
    if (last?.text === text) return last.rows;
    const rows = findRows(ports, search, withoutSign(text));
    last = { text, rows };
    return rows;
  };
}

function findRows(
  ports: CommandPorts,
  search: (text: string) => readonly FoundEntry[],
  text: string,
): readonly PaletteRow[] {
  const after = toArgumentEntries(ports, text);
  const following = after ? findEntries(toReadyEntries(after.entries, []), after.rest) : [];
  if (following.length > 0) return following;
  const found = search(text);
  return text.trim() === '' ? toGrouped(found, ports.stage.model.palette.recent) : found;
}

function toGrouped(found: readonly FoundEntry[], recent: readonly string[]): readonly PaletteRow[] {
  let group: string | null = null;
  return found.flatMap((one): readonly PaletteRow[] => {
    const next = recent.includes(one.entry.id) ? 'Used last' : one.entry.group;
    if (next === group) return [one];
    group = next;
    return [{ heading: next }, one];
  });
}
