/**
 * Where panes are, changed by keys: arrangement, borders, order, hidden and pinned ones, and whose servers they are. The placement of the
 * session keeps it all; what is in a pane is not known here.
 */
import type { Arrangement } from '../arrange-panes.ts';
import { moveBorderBy, toBorderToward } from '../border-drag.ts';
import { type Direction, movePane } from '../focus.ts';
import { type Action, toKeyText } from '../keymap.ts';
import { keyOf } from '../keys-in-force.ts';
import type { Stage } from '../pane.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import { toNextArrangement, withPlainBorders, withSwapped, withToggled, withTree } from '../placement.ts';
import type { PickerItem } from '../present/picker.ts';
import { toCount, toEnvironmentWord } from '../present/words.ts';
import type { ScreenModel } from '../screen-model.ts';
import { type Axis, insertBeside, pruneTree } from '../split-tree.ts';

const arrangementWords: Readonly<Record<Arrangement, string>> = {
  grid: 'grid',
  stack: 'stack, one pane open and the others as titles',
  main: 'one large pane, the others beside or below it',
  manual: 'manual, as you divide it',
};

/** Cells that a border moves: exactly, and quickly. */
const near = 1;
const far = 5;

export function toPaneActions(stage: Stage): Partial<Record<Action, () => void>> {
  const { model } = stage;
  const border = (direction: Direction, cells: number) => (): void => moveBorder(stage, direction, cells);
  return {
    arrange: () => arrange(stage),
    borderUp: border('up', near),
    borderDown: border('down', near),
    borderLeft: border('left', near),
    borderRight: border('right', near),
    borderFarUp: border('up', far),
    borderFarDown: border('down', far),
    borderFarLeft: border('left', far),
    borderFarRight: border('right', far),
    evenBorders: () => {
      model.places.placement = withPlainBorders(model.places.placement);
      stage.say('Every border is where it is best again.', 'muted');
    },
    swapPrevious: () => swap(stage, -1),
    swapNext: () => swap(stage, 1),
    splitBeside: () => split(stage, 'columns'),
    splitBelow: () => split(stage, 'rows'),
    hidePane: () => hide(stage),
    showPanes: () => openPaneList(stage),
    pinPane: () => pin(stage),
    allServers: () => toggleScope(stage),
  };
}

function arrange(stage: Stage): void {
  const { model } = stage;
  model.places.placement = toNextArrangement(model.places.placement, model.places.layout?.tree ?? null);
  stage.say(
    `Layout: ${arrangementWords[model.places.placement.arrangement]}. ${toKeys(stage, 'arrange')} goes on.`,
    'muted',
  );
}

function moveBorder(stage: Stage, direction: Direction, cells: number): void {
  const { model } = stage;
  const { layout } = model.places;
  const border = layout && toBorderToward(layout, model.focus, direction);
  if (!layout || !border) return stage.say(toNoBorder(stage, direction), 'warn');
  const by = direction === 'left' || direction === 'up' ? -cells : cells;
  const after = moveBorderBy(layout, model.places.placement, border, by);
  if (after === model.places.placement) return stage.say('This border cannot go further.', 'warn');
  model.places.placement = after;
}

function toNoBorder(stage: Stage, direction: Direction): string {
  if (stage.model.places.placement.arrangement === 'stack' && (direction === 'up' || direction === 'down'))
    return `In a stack the open pane has the room; ${toKeys(stage, 'arrange')} chooses another layout.`;
  return `No border of this part moves ${direction}.`;
}

/** Among the panes on the screen it goes one place further; the first one before it is the last. */
function swap(stage: Stage, step: 1 | -1): void {
  const { model } = stage;
  const server = model.focusedPane;
  const other = movePane(model.paneIds, model.focus, step).slice('pane:'.length);
  if (server === null || other === server) return;
  model.places.placement = withSwapped(model.places.placement, model.paneIds, server, other);
}

/** The next pane comes beside or below this one, out of its own place or out of the strip. */
function split(stage: Stage, along: Axis): void {
  const { model } = stage;
  const { layout } = model.places;
  const server = model.focusedPane;
  if (!layout || server === null) return;
  if (!layout.tree)
    return stage.say(`A stack is not split; ${toKeys(stage, 'arrange')} chooses another layout.`, 'warn');
  const next = layout.outOfSight[0] ?? movePane(model.paneIds, model.focus, 1).slice('pane:'.length);
  const rest = pruneTree(layout.tree, (other) => other !== next);
  if (!rest || next === server) return;
  model.places.placement = withTree(model.places.placement, insertBeside(rest, server, next, along));
}

function hide(stage: Stage): void {
  const { model } = stage;
  const server = model.focusedPane;
  if (server === null) return;
  const next = movePane(model.paneIds, model.focus, 1);
  model.isZoomed = false;
  model.places.placement = withToggled(model.places.placement, 'hidden', server);
  model.focus = next === `pane:${server}` ? 'conversation' : next;
  stage.say(`${server} is hidden; ${toKeys(stage, 'showPanes')} shows it again.`, 'muted');
}

function pin(stage: Stage): void {
  const { model } = stage;
  const server = model.focusedPane;
  if (server === null) return;
  model.places.placement = withToggled(model.places.placement, 'pinned', server);
  const isPinned = model.places.placement.pinned.includes(server);
  stage.say(isPinned ? `${server} stays in sight.` : `${server} makes room for others again.`, 'muted');
}

function toggleScope(stage: Stage): void {
  const { model } = stage;
  const isAll = model.places.placement.scope === 'all' && !model.hasFirstRun;
  const scope = isAll ? 'session' : 'all';
  model.firstRun.leave();
  model.places.placement = { ...model.places.placement, scope };
  model.keepFocus();
  const key = toKeys(stage, 'allServers');
  if (scope === 'all') stage.say(`All ${toCount(model.paneIds.length, 'server')}; ${key} goes back.`, 'muted');
  else stage.say(`The servers of this session; ${key} shows all.`, 'muted');
}

/** Every pane, the hidden ones first: choosing one shows it and goes there. */
function openPaneList(stage: Stage): void {
  const { model } = stage;
  stage.open(
    new PickerOverlay(stage, {
      ...{ title: 'Panes', verb: 'shows it', emptyText: 'No server pane is open.' },
      items: () => [
        ...model.places.paneSet.hidden.map((id) => toItem(model, id, 'Hidden')),
        ...model.paneIds.map((id) => toItem(model, id, 'Shown')),
      ],
      choose: (id) => model.showPane(id),
    }),
  );
}

function toItem(model: ScreenModel, id: string, group: string): PickerItem {
  const server = model.view.servers[id];
  const mark = model.places.activity.markOf(id);
  const notes = [
    ...(server ? [toEnvironmentWord(server), server.state] : ['removed']),
    ...(model.places.placement.pinned.includes(id) ? ['pinned'] : []),
    ...(mark === null ? [] : [mark === 'failed' ? 'failed' : 'new']),
  ];
  // Where one is hidden, that one is what people come for: it is chosen already.
  const isCurrent = model.focusedPane === id && model.places.paneSet.hidden.length === 0;
  return {
    ...{ id, name: id, note: notes.join(', '), group, disabled: null, isCurrent },
    ...(server ? { description: server.address } : {}),
    ...(server?.environment === 'production' ? { noteToken: 'production' } : {}),
  };
}

/** The keys of an action as people write them. */
function toKeys(stage: Stage, action: Action): string {
  const key = keyOf('prefix', action);
  const { prefix } = stage.model.words;
  return key === null ? 'the key you gave it' : `${toKeyText(prefix)} ${toKeyText(key)}`;
}
