/** Which shells this screen has to be attached to. Pure. */
import type { Region } from '../regions.ts';
import type { ScreenModel } from '../screen-model.ts';

/** A pane of fewer rows has only its title line. */
const rowsMin = 3;

/** Those that a pane on the screen shows, those that are typed into at once (their programs say how keys are sent), and those that are searched. */
export function toShellsInSight({ shells }: ScreenModel, regions: readonly Region[]): ReadonlySet<string> {
  const ids = new Set([...shells.together.map(({ id }) => id), ...shells.searched]);
  for (const { name, area } of regions) {
    if (!name.startsWith('pane:') || area.height < rowsMin) continue;
    const shell = shells.shownOn(name.slice('pane:'.length));
    if (shell) ids.add(shell.id);
  }
  return ids;
}
