/**
 * One list of all that waits over all sessions, and the way from each line to where it is answered.
 */
import { isBlocking, listWaiting, type WaitingItem, type WaitingKind } from '../../protocol/waiting.ts';
import type { PaletteEntry } from '../palette/palette-entry.ts';
import type { Stage } from '../pane.ts';
import { OpenItemsOverlay } from '../panes/open-items-overlay.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import type { PickerItem } from '../present/picker.ts';
import { toSpan } from '../present/words.ts';
import type { CommandPorts } from './commands.ts';

const kindWords: Readonly<Record<WaitingKind, string>> = {
  login: 'login',
  approval: 'approval',
  local: 'LOCAL',
  form: 'question',
  failed: 'failed',
  'open-item': 'open item',
};

export function openWaitingList(stage: Stage): void {
  const list = (): readonly WaitingItem[] => listWaiting(stage.model.view);
  stage.open(
    new PickerOverlay(stage, {
      ...{ title: 'All that waits', verb: 'goes there', emptyText: 'Nothing waits.' },
      items: () => list().map((item) => toItem(item, stage)),
      choose: (id) => {
        const item = list().find((entry) => toId(entry) === id);
        if (item) goTo(stage, item);
        else stage.say('It waits no longer.', 'warn');
      },
    }),
  );
}

function toId({ kind, session, id }: WaitingItem): string {
  return `${kind}:${session ?? ''}:${id}`;
}

function toItem(item: WaitingItem, stage: Stage): PickerItem {
  const { kind, title, server, isProduction, who, what, sinceMs } = item;
  const place = [...(server === null ? [] : [`${server}${isProduction ? ' PRODUCTION' : ''}`]), title ?? who];
  const age = sinceMs === null ? [] : [toSpan(stage.model.clock.nowMs() - sinceMs)];
  return {
    ...{ id: toId(item), name: `${kindWords[kind]}  ${what}`, note: [...place, ...age].join(', '), disabled: null },
    group: isBlocking(item) ? 'An agent stands still' : kind === 'failed' ? 'Agents that are gone' : 'To be looked at',
    description: `asked by ${who}`,
    ...(isProduction ? { noteToken: 'production' } : {}),
  };
}

/** Each of it as an entry of the palette, so that it is found by its server and by what it asks. */
export function toWaitingEntries({ stage }: CommandPorts): readonly PaletteEntry[] {
  return listWaiting(stage.model.view).map((item) => {
    const { name, note } = toItem(item, stage);
    return {
      ...{ id: `waiting ${toId(item)}`, group: 'Waiting for you', title: name, detail: note ?? '' },
      ...{ key: null, command: null, disabled: null },
      run: () => {
        goTo(stage, item);
        stage.invalidate();
      },
    };
  });
}

function goTo(stage: Stage, { kind, id, session }: WaitingItem): void {
  const { model } = stage;
  if (kind === 'open-item') return stage.open(new OpenItemsOverlay(stage));
  if (session !== null && Object.hasOwn(model.view.sessions, session)) model.showSession(session);
  model.viewName = 'workspace';
  if (kind === 'failed') {
    model.focus = model.hasPrompt ? 'prompt' : 'conversation';
    return;
  }
  // A card of the gate has its own id in the queue; the agents' questions are named by their session, too.
  model.desk.select(kind === 'approval' ? id : kind === 'login' ? `login:${id}` : `${kind}:${session}:${id}`);
  model.focus = 'card';
}
