/** The local folder of a session: all that its agent sees of this machine. It holds one empty folder a server and a text that explains them. */
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Creates `<workFolder>/<session>` (0700) and returns its path. An agent that was here before may have left anything of these names: what it
 * left in place of the text is replaced, and no link is followed. Throws what the system says when that cannot be.
 */
export function prepareWorkFolder(workFolder: string, session: string, servers: readonly string[]): string {
  const folder = join(workFolder, session);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const server of servers) makeFolder(join(folder, server));
  const text = join(folder, 'AGENTS.md');
  // Written where no agent can write, and moved: neither a link nor a pipe of this name is opened.
  const draft = join(workFolder, `.${session}.new`);
  rmSync(draft, { force: true });
  writeFileSync(draft, toInstructions(folder, servers), { flag: 'wx', mode: 0o600 });
  // A folder is moved out of the way, not emptied: whoever changes it meanwhile could lead us elsewhere.
  if (lstatSync(text, { throwIfNoEntry: false })?.isDirectory())
    renameSync(text, `${text}.${randomBytes(4).toString('hex')}`);
  renameSync(draft, text);
  return folder;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function toInstructions(folder: string, servers: readonly string[]): string {
  const [first] = servers;
  const only = servers.length === 1 && first !== undefined ? first : null;
  const list = servers.map((server) => `- \`${server}\`: files as \`${folder}/${server}/…\``).join('\n');
  return `# You work on remote servers

This folder is empty on purpose: nothing you need is on this machine. Everything you read, change or run is on these servers:

${list}

Use the tools of the MCP server \`signalbox\`, which take the id of a server and absolute paths on it:
\`list_servers\`, \`remote_exec\`, \`remote_read_file\`, \`remote_write_file\`, \`remote_patch_file\`, \`remote_list_dir\`,
\`remote_stat\`, \`remote_find\`.

When you have no such tools but file or terminal access of the client, a path below \`${folder}/<server>/\` means that path on that
server.${only === null ? '' : ` With one server only, any absolute path means that path on \`${only}\`.`}

- Reads and simple inspection commands run at once. Writes and other commands wait for a person, who may deny them with a
  reason: take the reason as an instruction, and do not look for another way to do the same.
- Prefer the file tools for changes to files: the operator can roll them back, commands cannot be undone.
- Secrets in what you read may be replaced by «redacted:…». Such a text cannot be written back; patch other lines instead.
`;
}
