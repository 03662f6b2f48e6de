/** Makes the panes of servers with what they share. Import this module only when the first pane is shown: it loads the emulator. */
import type { Stage } from '../pane.ts';
import { ShellTerminals } from '../shells/shell-terminals.ts';
import { Ingest } from '../widgets/ingest.ts';
import { ServerPane } from './server-pane.ts';
import { TabbedPane } from './tabbed-pane.ts';

export interface Panes {
  readonly shells: ShellTerminals;
  createPane(server: string): TabbedPane;
}

/** `changed` is called with a server whose pane is to be painted again. */
export function createPanes(stage: Stage, changed: (server: string) => void): Panes {
  const ingest = new Ingest();
  const shells = new ShellTerminals(stage, ingest, changed);
  return {
    shells,
    createPane: (server) => new TabbedPane(stage, new ServerPane(stage, server, ingest, () => changed(server)), shells),
  };
}
