/**
 * Searches the conversation and all panes at once, with every tab of each, also of hidden ones: a list of the rows with a match that follows
 * what is typed; Enter shows a row in its place.
 */

import { markRange } from '../copy/draw-copy.ts';
import { FindEverywhere, type FoundRow, foundRowsMax } from '../copy/find-everywhere.ts';
import { keyWord } from '../key-words.ts';
import type { Stage } from '../pane.ts';
import { CopyOverlay } from '../panes/copy-overlay.ts';
import { SearchListOverlay } from '../panes/search-list-overlay.ts';
import type { Page } from '../present/page.ts';
import { cell, clip, columnsOf, plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';

const rowsWanted = 20;
/** Shells out of sight are attached to while the list is open; each has an emulator of some megabytes. The newest count. */
const shellsMax = 16;

export function openFind(stage: Stage): void {
  if (stage.texts.all().length === 0) return stage.say('There is no text here to search.', 'muted');
  const { shells, view } = stage.model;
  const finder = new FindEverywhere(() => stage.invalidate());
  const leave = (): void => {
    finder.dispose();
    shells.searched = [];
  };
  const names = (): readonly string[] => finder.places.map(({ shown }) => shown.source.textName);
  shells.searched = Object.keys(view.shells).slice(-shellsMax);
  const overlay = new SearchListOverlay<FoundRow>(stage, {
    ...{ scope: 'find', sign: '/', placeholder: 'search the conversation and all panes' },
    ...{
      title: 'Find everywhere',
      note: `${keyWord('find', 'submit')} goes there, ${keyWord('find', 'close')} closes`,
      rowsWanted,
    },
    suggestion: stage.model.copying.searches.at(-1) ?? '',
    find: (text) => {
      finder.add(stage.texts.all());
      return finder.find(text);
    },
    isChoosable: () => true,
    toLine: (row, page) => toFoundLine(row, page),
    toDetails: (_row, page) => [clip(plain(toCount(finder), 'muted'), page.columns)],
    emptyText: (text) => (text === '' ? `In ${names().join(', ')}` : finder.isDone ? 'not found' : 'searching'),
    submit: (row, text) => {
      if (!row)
        return finder.isDone
          ? undefined
          : stage.say(`It is still searching; ${keyWord('find', 'submit')} goes to a row that is there.`, 'muted');
      leave();
      stage.close(overlay);
      stage.model.copying.keepSearch(text);
      goTo(stage, row, text);
    },
    cancel: leave,
  });
  stage.open(overlay);
}

/** The pane is shown and its text as it was found, so that nothing has moved since. */
function goTo(stage: Stage, { place, match }: FoundRow, text: string): void {
  const { model } = stage;
  const { region, shell } = place.shown;
  model.viewName = 'workspace';
  if (region === 'conversation') model.focus = region;
  else if (region.startsWith('pane:')) {
    const server = region.slice('pane:'.length);
    model.shells.show(server, shell);
    model.places.show(server);
    model.focus = `pane:${server}`;
  }
  const copy = new CopyOverlay(stage, place.shown, place.frozen);
  stage.open(copy);
  copy.showFound(text, match.start.row, match.start.at);
}

const nameColumnsMax = 20;

/** Where it is, and the row from a little before its first match on. */
function toFoundLine({ place, match }: FoundRow, page: Page): StyledLine {
  const name = cell(place.shown.source.textName, Math.min(nameColumnsMax, Math.floor(page.columns / 4)));
  const row = place.text.row(match.start.row);
  const marked = match.parts.reduce<StyledLine>(
    (line, part) => (part.row === match.start.row ? markRange(line, part, { inverse: true }) : line),
    plain(row.text),
  );
  const head: StyledLine = [span(`${name} `, 'muted')];
  const room = page.columns - columnsOf(head);
  return clip(
    [...head, ...fromNear(marked, match.start.at, row.text.length, room)],
    page.columns,
    page.glyphs.ellipsis,
  );
}

/** Drops what is far before the match when the row does not fit, so that the match is in sight. */
function fromNear(line: StyledLine, at: number, length: number, room: number): StyledLine {
  if (length <= room || at < room - 20) return line;
  let left = at - Math.floor(room / 3);
  const kept = line.flatMap((part) => {
    const dropped = Math.min(left, part.text.length);
    left -= dropped;
    return dropped === part.text.length ? [] : [{ ...part, text: part.text.slice(dropped) }];
  });
  return kept;
}

function toCount(finder: FindEverywhere): string {
  const rows = finder.find(finder.query.text).length;
  const more = rows >= foundRowsMax || !finder.isDone ? '+' : '';
  const problem = finder.query.problem === null ? '' : `, as plain text: ${finder.query.problem}`;
  return `${rows.toLocaleString('en-US')}${more} ${rows === 1 ? 'row' : 'rows'}${problem}`;
}
