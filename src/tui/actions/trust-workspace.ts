/** Trusting a workspace's servers.json from the screen: a command of ours shows it, and trusts only the bytes that were shown. */
import { toTrustWorkspaceForm, type WorkspaceFile } from '../dialogs/trust-workspace-dialog.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';

export function trustWorkspace(stage: Stage): void {
  const announcement = { title: 'Servers of this workspace', sentence: 'Reading its file of servers.' };
  void stage.openLater(() => findFile(stage), announcement);
}

async function findFile(stage: Stage): Promise<(() => void) | null> {
  const { programs } = stage;
  if (!programs) return null;
  const { words, output } = await programs.runQuietly([...programs.self, 'server', 'trust', '--json']);
  const file = readFile(output ?? '');
  if (file === null) {
    stage.say(words === '' ? 'The file of this workspace could not be read.' : words, 'danger');
    return null;
  }
  const trust = async (): Promise<string | null> => {
    const run = await programs.runQuietly([...programs.self, 'server', 'trust', '--sha256', file.sha256]);
    if (run.status !== 0) return run.words === '' ? `It did not work (exit status ${run.status}).` : run.words;
    await stage.call('servers.reload', {});
    stage.say('The servers of this workspace count from now on.', 'ok');
    return null;
  };
  return () => stage.open(new FormOverlay(stage, toTrustWorkspaceForm(file, trust)));
}

/** Null for anything else than what the command prints. */
function readFile(output: string): WorkspaceFile | null {
  try {
    const { file, sha256, described } = JSON.parse(output) as Partial<WorkspaceFile>;
    const isRead = typeof file === 'string' && typeof sha256 === 'string' && Array.isArray(described);
    return isRead ? { file, sha256, described } : null;
  } catch {
    return null;
  }
}
