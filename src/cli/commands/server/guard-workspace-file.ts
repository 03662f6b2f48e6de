/** Keeps a workspace's servers.json out of version control, and says so when it is in there already or holds a plain secret. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { escapeProse } from '../../../base/display/escape.ts';
import { readConfigFile, writeConfigFile } from '../../../runtime/config-file.ts';
import { parseServers, secretsOf } from '../../../runtime/registry/parse-servers.ts';
import { type CliIo, printNote } from '../../output.ts';

const ignoreText = `# Written by signalbox: servers.json names your hosts and where their secrets are.
# Delete the next line to share the file on purpose.
servers.json
`;

export async function guardWorkspaceFile(io: CliIo, workspace: string, file: string): Promise<void> {
  const ignoreFile = join(dirname(file), '.gitignore');
  if (!existsSync(ignoreFile)) await writeConfigFile(ignoreFile, ignoreText, 0o644);
  if (await isTracked(workspace, file, io.env)) {
    printNote(
      io,
      `warning: ${escapeProse(file)} is tracked by git; \`git rm --cached ${basename(dirname(file))}/${basename(file)}\` takes it out and keeps the file.`,
    );
  }
  for (const id of await idsWithPlainSecrets(workspace, file)) {
    printNote(io, `warning: ${id} has a plain secret in ${escapeProse(file)}; use {"env"} or {"command"} instead.`);
  }
}

/** False too where git or a repository is missing. The repository's own settings may not make git run anything. */
async function isTracked(workspace: string, file: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    // Inside a git hook, GIT_DIR and its like speak of another repository.
    const ownEnv = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
    const options = { cwd: workspace, env: ownEnv, timeout: 5_000 };
    await promisify(execFile)(
      'git',
      ['-c', 'core.fsmonitor=false', 'ls-files', '--error-unmatch', '--', file],
      options,
    );
    return true;
  } catch {
    return false;
  }
}

async function idsWithPlainSecrets(workspace: string, file: string): Promise<string[]> {
  const read = await readConfigFile(file);
  if (!read) return [];
  const { good } = parseServers(read, { scope: 'workspace', workspace, home: '/' });
  return [...good]
    .filter(([, entry]) => secretsOf(entry.record).some((secret) => typeof secret.source === 'string'))
    .map(([id]) => id);
}
