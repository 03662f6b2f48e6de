/**
 * A screen that was opened for a server: once the host has said what there is, that server's newest shell is shown, or a new one is opened.
 */
import type { Disposable } from '../../base/lifecycle.ts';
import { openShellOn } from '../actions/shells.ts';
import type { Stage } from '../pane.ts';

/** Does its work once; a host that is lost and found again changes nothing. */
export function showFirstShell(stage: Stage, server: string): Disposable {
  const { model } = stage;
  let isDone = false;
  const show = (): void => {
    if (isDone || model.host.link.kind !== 'connected') return;
    isDone = true;
    const shell = model.shells.of(server).findLast(({ state }) => state !== 'ended');
    if (!shell) return void openShellOn(stage, server);
    model.shells.show(server, shell.id);
    model.showPane(server);
    stage.invalidate();
  };
  show();
  return model.host.onChange(show);
}
