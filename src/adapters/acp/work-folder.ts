/** The local folder an agent calls its working directory: one empty folder a server, and a note that explains them. No file of the operator. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolServerName } from './catalogue/profile.ts';

/** Creates what is missing and rewrites the note; agents key their history by this path, so it is kept across restarts. */
export async function prepareWorkFolder(folder: string, servers: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const server of servers) await mkdir(join(folder, server), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'AGENTS.md'), toNote(folder, servers), { mode: 0o600 });
}

function toNote(folder: string, servers: readonly string[]): string {
  const lines = servers.map((server) => `- \`${join(folder, server)}/…\` is \`/…\` on the server \`${server}\``);
  return [
    '# This session works on remote servers',
    '',
    `Use the tools of the MCP server \`${toolServerName}\`: list_servers, remote_exec, remote_read_file, remote_write_file,`,
    'remote_patch_file, remote_list_dir, remote_stat, remote_find. Each takes the id of a server and absolute paths on it.',
    '',
    servers.length > 0 ? 'Servers in scope:' : 'No server is in scope.',
    ...lines,
    '',
    'The folders here are empty and stay empty: they only give names to the servers. Nothing useful is on this machine.',
    'Reads and simple inspection commands run at once. Writes and other commands wait for a person; a denial comes with',
    'a reason, which is an instruction. File tools can be undone, commands cannot.',
    '',
  ].join('\n');
}
