/** Where a workspace keeps its own rules. Reads nothing. */
import { join } from 'node:path';

export function workspacePolicyFile(workspace: string): string {
  return join(workspace, '.signalbox', 'policy.json');
}
