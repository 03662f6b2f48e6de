/**
 * What keys do to an agent's settings: its mode, its model and its other options, each chosen from what the agent offers now.
 */
import type { OptionView, SessionView } from '../../protocol/view.ts';
import { toAgentModes } from '../agent-modes.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import { toValueName } from '../present/agent-line.ts';
import type { PickerItem } from '../present/picker.ts';
import { toShortTitle } from '../present/sessions.ts';
import { clipText, foreign } from '../present/text.ts';
import { toTarget } from './sessions.ts';

export function toSettingActions(stage: Stage): Partial<Record<Action, () => void>> {
  const ofTarget = (handle: (stage: Stage, session: string) => void) => (): void => {
    const session = toTarget(stage);
    if (session) handle(stage, session.id);
  };
  return { chooseMode: ofTarget(chooseMode), chooseOption: ofTarget(chooseOption) };
}

function chooseMode(stage: Stage, session: string): void {
  const items = (): readonly PickerItem[] => {
    const view = find(stage, session);
    if (!view) return [];
    const { modes, current } = toAgentModes(view);
    return modes.map(({ id, name, description }) => ({
      ...{ id, name, code: id, isCurrent: id === current, disabled: null },
      ...(description ? { description } : {}),
    }));
  };
  const choose = (mode: string): void => {
    const view = find(stage, session);
    if (view) void setMode(stage, view, mode);
  };
  stage.open(
    new PickerOverlay(stage, {
      ...{
        title: `Mode of ${toAgentName(stage, session)}`,
        verb: 'sets it',
        emptyText: 'The agent offers no modes any more.',
        items,
      },
      choose,
    }),
  );
}

/** @param mode one that the agent offers. */
export async function setMode(stage: Stage, session: SessionView, mode: string): Promise<void> {
  const { modes, option } = toAgentModes(session);
  if (option) return await setOption(stage, session.id, option, mode);
  const name = modes.find(({ id }) => id === mode)?.name ?? mode;
  if (await stage.call('session.setMode', { session: session.id, mode })) stage.say(`The mode is ${name} now.`, 'ok');
}

/** With one option its values are shown at once. */
function chooseOption(stage: Stage, session: string): void {
  const options = (): readonly OptionView[] => find(stage, session)?.options ?? [];
  const [first, ...others] = options();
  if (first && others.length === 0) return changeOption(stage, session, first.id);
  stage.open(
    new PickerOverlay(stage, {
      ...{
        title: `Model and options of ${toAgentName(stage, session)}`,
        verb: 'changes it',
        emptyText: 'The agent offers no options any more.',
      },
      items: () => options().map(toOptionItem),
      choose: (option) => changeOption(stage, session, option),
    }),
  );
}

/** One that is on or off is turned over; another shows its values. */
function changeOption(stage: Stage, session: string, id: string): void {
  const find = (): OptionView | undefined => findOption(stage, session, id);
  const option = find();
  if (!option) return stage.say('The agent does not offer this any more.', 'warn');
  if (option.choices === null) return void setOption(stage, session, option, option.value !== true);
  stage.open(
    new PickerOverlay(stage, {
      ...{
        title: `${clipText(foreign(option.name), 24)} of ${toAgentName(stage, session)}`,
        verb: 'sets it',
        emptyText: 'The agent offers no value for it any more.',
      },
      items: () => toValueItems(find()),
      choose: (value) => void setOption(stage, session, find() ?? option, value),
    }),
  );
}

export async function setOption(
  stage: Stage,
  session: string,
  option: OptionView,
  value: string | boolean,
): Promise<void> {
  if (await stage.call('session.setOption', { session, option: option.id, value }))
    stage.say(`${option.name} is ${toValueName(option, value)} now.`, 'ok');
}

function toOptionItem(option: OptionView): PickerItem {
  const { id, name, description, category } = option;
  return { id, name, code: id, note: toValueName(option), description, group: toGroup(category), disabled: null };
}

/** The protocol's own words for a category, as people read them. */
function toGroup(category: string | null): string | null {
  return category === null ? null : category.replaceAll('_', ' ');
}

function toValueItems(option: OptionView | undefined): readonly PickerItem[] {
  const items = option?.choices ?? [];
  return items.map(({ value, name, description, group }) => ({
    ...{ id: value, name, code: value, description, group, isCurrent: value === option?.value, disabled: null },
  }));
}

/** Whose settings they are: in the Sessions view not what the workspace shows. Foreign, as in the title of the list. */
function toAgentName(stage: Stage, id: string): string {
  const session = find(stage, id);
  return session ? `${foreign(session.agent)} in "${toShortTitle(session)}"` : 'the agent';
}

function find(stage: Stage, session: string): SessionView | undefined {
  return stage.model.view.sessions[session];
}

function findOption(stage: Stage, session: string, id: string): OptionView | undefined {
  return find(stage, session)?.options.find((option) => option.id === id);
}
