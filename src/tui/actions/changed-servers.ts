/**
 * What the key does that lets servers with another record into a session again: it asks, and tells the host.
 */

import { toChangedServersForm } from '../dialogs/changed-servers-dialog.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toTarget } from './sessions.ts';

export function confirmServers(stage: Stage): void {
  const session = toTarget(stage);
  const changed = session?.changedServers ?? [];
  if (!session || changed.length === 0) return;
  const confirm = async (servers: readonly string[]): Promise<string | null> => {
    try {
      await stage.model.host.call('session.confirmServers', { session: session.id, servers });
    } catch (error) {
      return (error as Error).message;
    }
    stage.say(`${servers.join(', ')}: confirmed, and part of the session again.`, 'ok');
    return null;
  };
  stage.open(new FormOverlay(stage, toChangedServersForm(changed, confirm)));
}
