/** Choosing a theme: a list that shows each one as the cursor moves over it, or a name at once. */
import type { Stage } from '../pane.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import type { PickerItem } from '../present/picker.ts';
import type { ThemeChoice } from '../theme-choice.ts';

const none = 'This screen has no other theme.';

/** Moving the cursor shows a theme, Esc puts back the one from before, Enter keeps the one that is shown. */
export function openThemePicker(stage: Stage): void {
  const { themes } = stage;
  if (!themes) return stage.say(none, 'warn');
  const { chosen } = themes;
  // Read once: the list does not change while somebody looks at it, and every frame asks for it.
  const items = toItems(themes);
  stage.open(
    new PickerOverlay(stage, {
      title: 'Theme',
      items: () => items,
      verb: 'keep',
      emptyText: 'There is no theme.',
      preview: (name) => {
        if (name !== null && isUsable(items, name)) themes.show(name);
      },
      cancel: () => void themes.show(chosen),
      choose: (name) => void keepTheme(stage, name),
    }),
  );
}

export async function keepTheme(stage: Stage, name: string): Promise<void> {
  const { themes } = stage;
  if (!themes) return stage.say(none, 'warn');
  const problem = await themes.keep(name);
  if (problem === null) stage.say(`The theme is ${name} from now on.`, 'ok');
  else stage.say(problem, 'warn');
}

export function listThemeNames({ themes }: Stage): readonly string[] {
  return themes?.list().map(({ name }) => name) ?? [];
}

function toItems(themes: ThemeChoice): readonly PickerItem[] {
  return themes.list().map(({ name, comment, isOwn, problem }) => ({
    ...{ id: name, name, description: comment, disabled: problem },
    ...(isOwn ? { note: 'yours' } : {}),
    isCurrent: name === themes.chosen,
  }));
}

function isUsable(items: readonly PickerItem[], name: string): boolean {
  return items.find(({ id }) => id === name)?.disabled === null;
}
