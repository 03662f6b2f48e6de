/** The handful of requests that the demo agent understands, each played with real tool calls and real reactions to their results. */
import { checklist, type Stage, toRefusalWords } from './stage.ts';
import type { ToolResult } from './tools.ts';

export interface Play {
  readonly example: string;
  readonly pattern: RegExp;
  play(stage: Stage, match: RegExpExecArray): Promise<void>;
}

const configuration = '/etc/nginx/nginx.conf';

async function servers(stage: Stage): Promise<string[]> {
  const result = await stage.use('List servers', 'list_servers', {});
  const list = Array.isArray(result.data.servers) ? (result.data.servers as { id: string }[]) : [];
  return list.map(({ id }) => id);
}

function exec(stage: Stage, server: string, command: string): Promise<ToolResult> {
  return stage.use(`${server}: ${command}`, 'remote_exec', { server, command });
}

/** worker_connections as the file says, or null with the reason. */
async function readConnections(
  stage: Stage,
  server: string,
): Promise<{ value: number | null; content: string; why: string }> {
  const result = await stage.use(`${server}: read ${configuration}`, 'remote_read_file', {
    server,
    path: configuration,
  });
  const content = typeof result.data.content === 'string' ? result.data.content : '';
  const found = /worker_connections\s+(\d+)\s*;/.exec(content)?.[1];
  const why =
    result.status === 'ok'
      ? 'no worker_connections there'
      : result.code === 'FILE_NOT_FOUND'
        ? 'no nginx there'
        : result.message;
  return { value: found === undefined ? null : Number(found), content, why };
}

async function compare(stage: Stage): Promise<void> {
  const ids = await servers(stage);
  const lines: string[] = [];
  for (const id of ids) {
    const active = (await exec(stage, id, 'systemctl is-active nginx')).stdout.trim();
    const load = /load average: ([\d.]+)/.exec((await exec(stage, id, 'uptime')).stdout)?.[1] ?? '?';
    const { value, why } = await readConnections(stage, id);
    lines.push(
      `- **${id}**: nginx ${active === '' ? 'not installed' : active}, load ${load}, worker_connections ${value ?? `— (${why})`}`,
    );
  }
  await stage.say(`Side by side:\n\n${lines.join('\n')}\n`);
}

async function diagnose(stage: Stage, server: string): Promise<void> {
  const steps = checklist(stage, ['Load and memory', 'Services', 'What the log says']);
  await steps.at(0);
  const uptime = await exec(stage, server, 'uptime');
  if (uptime.status !== 'ok') return await stage.say(toRefusalWords(uptime));
  const load = Number(/load average: ([\d.]+)/.exec(uptime.stdout)?.[1] ?? 0);
  await exec(stage, server, 'free -m');
  await steps.at(1);
  const unit = server.startsWith('db') ? 'postgresql' : 'nginx';
  await exec(stage, server, `systemctl status ${unit}`);
  await steps.at(2);
  const journal = await exec(stage, server, `journalctl -u ${unit} -n 8 --no-pager`);
  await steps.done();
  const refusing = journal.stdout
    .split('\n')
    .filter((line) => line.includes('worker_connections are not enough')).length;
  if (refusing > 0 && load > 1) {
    await stage.say(
      `${server} is short of connections: the log complains ${refusing} times that its worker_connections are not enough, and the load is ${load}. Ask me to “raise worker_connections on ${server}”.`,
    );
  } else if (refusing > 0)
    await stage.say(
      `${server} had too few worker_connections earlier, but its load is ${load} now: it looks healthy again.`,
    );
  else await stage.say(`I find nothing wrong on ${server}: load ${load}, ${unit} runs, and its log is quiet.`);
}

/** Proposes the change as a patch, then a reload; resolves with whether the file was changed. */
export async function raiseConnections(stage: Stage, server: string, goal: number): Promise<'changed' | 'unchanged'> {
  const { value, content, why } = await readConnections(stage, server);
  if (value === null) {
    await stage.say(`There is nothing to raise on ${server}: ${why}.`);
    return 'unchanged';
  }
  if (value >= goal) {
    await stage.say(`${server} has worker_connections ${value} already.`);
    return 'unchanged';
  }
  const lines = content.split('\n');
  const at = lines.findIndex((line) => /worker_connections\s+\d+\s*;/.test(line));
  const old = lines[at] ?? '';
  const hunk = [
    ` ${lines[at - 1] ?? ''}`,
    `-${old}`,
    `+${old.replace(/\d+/, String(goal))}`,
    ` ${lines[at + 1] ?? ''}`,
  ];
  const patch = `--- a${configuration}\n+++ b${configuration}\n@@ -${at},3 +${at},3 @@\n${hunk.join('\n')}\n`;
  await stage.say(
    `I propose to raise worker_connections on ${server} from ${value} to ${goal}. My call waits until you answer; the card shows the diff against the file as it is on the server now.\n`,
  );
  const changed = await stage.use(`${server}: patch ${configuration}`, 'remote_patch_file', {
    server,
    path: configuration,
    patch,
  });
  if (changed.status === 'error') {
    await stage.say(`${toRefusalWords(changed)}\n`);
    return 'unchanged';
  }
  await stage.say(
    `The file is changed (${changed.status === 'ok' ? 'and the old one is kept, so it can be rolled back' : changed.message}). nginx takes it over with a reload; that is a command, so it waits for you as well.\n`,
  );
  const reloaded = await exec(stage, server, 'systemctl reload nginx');
  if (reloaded.status !== 'ok') await stage.say(`${toRefusalWords(reloaded)}\n`);
  else {
    const load = /load average: ([\d.]+)/.exec((await exec(stage, server, 'uptime')).stdout)?.[1];
    await stage.say(`nginx reloaded; the load on ${server} is ${load ?? 'unknown'} now.\n`);
  }
  return 'changed';
}

async function run(stage: Stage, server: string, command: string): Promise<void> {
  const result = await exec(stage, server, command);
  const output = result.stdout.trimEnd();
  if (result.ranInstead !== null) await stage.say(`You changed it, so this ran instead: \`${result.ranInstead}\`\n\n`);
  if (result.status === 'ok')
    await stage.say(output === '' ? 'Done; it printed nothing.' : `\`\`\`\n${output}\n\`\`\`\n`);
  else if (result.code === 'NON_ZERO_EXIT')
    await stage.say(`It ran and failed: ${result.message}\n\`\`\`\n${output}\n\`\`\`\n`);
  else await stage.say(toRefusalWords(result));
}

async function read(stage: Stage, server: string, path: string): Promise<void> {
  const result = await stage.use(`${server}: read ${path}`, 'remote_read_file', { server, path });
  if (result.status !== 'ok') return await stage.say(toRefusalWords(result));
  await stage.say(
    `\`\`\`\n${String(result.data.content).trimEnd()}\n\`\`\`\n${Number(result.data.redacted) > 0 ? 'Secrets in it were replaced before I saw them.\n' : ''}`,
  );
}

export const plays: readonly Play[] = [
  { example: 'compare nginx on all servers', pattern: /\bcompare\b/i, play: (stage) => compare(stage) },
  {
    example: 'raise worker_connections on web-2',
    pattern: /\braise\b.*\bon ([a-z0-9._-]+)(?:.*\bto (\d+))?/i,
    play: async (stage, match) => void (await raiseConnections(stage, match[1] ?? '', Number(match[2] ?? 1024))),
  },
  {
    example: 'run uptime on db-1',
    pattern: /^\s*run [`"“]?(.+?)[`"”]? on ([a-z0-9._-]+)\s*[.!]?\s*$/i,
    play: (stage, match) => run(stage, match[2] ?? '', match[1] ?? ''),
  },
  {
    example: 'what is wrong with web-2?',
    pattern: /\bwrong (?:with|on) ([a-z0-9._-]*[a-z0-9])/i,
    play: (stage, match) => diagnose(stage, match[1] ?? ''),
  },
  {
    example: 'read /srv/shop/.env on web-1',
    pattern: /\bread (\/\S+) (?:on|from) ([a-z0-9._-]*[a-z0-9])/i,
    play: (stage, match) => read(stage, match[2] ?? '', match[1] ?? ''),
  },
];
