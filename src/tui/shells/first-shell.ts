/**
 * A screen that was opened for a server: once the host has said what there is, that server's newest shell is shown, or a new one is opened. What is
 * typed until then is typed for that shell.
 */
import { type Disposable, Disposables } from '../../base/lifecycle.ts';
import { askForShell, showShell } from '../actions/shells.ts';
import type { HostPort } from '../host-port.ts';
import type { Stage } from '../pane.ts';

/** Does its work once; a host that is lost and found again changes nothing. */
export function showFirstShell(stage: Stage, server: string): Disposable {
  const { model } = stage;
  const lifetime = new Disposables();
  void stage.openLater(async () => {
    await whenConnected(model.host, lifetime);
    const known = model.shells.of(server).findLast(({ state }) => state !== 'ended');
    const [id] = await Promise.all([known?.id ?? askForShell(stage, server), stage.loadPanes()]);
    return id === null ? null : () => showShell(stage, server, id);
  });
  return lifetime;
}

function whenConnected(host: HostPort, lifetime: Disposables): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (host.link.kind === 'connected') resolve();
    };
    lifetime.add(host.onChange(look));
    look();
  });
}
