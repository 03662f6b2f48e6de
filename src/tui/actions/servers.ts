/**
 * What keys do to the registry and to what is known of a server: add, change, import, take out, ask for facts. Files are written by the
 * program's own commands.
 */

import type { ServerView } from '../../protocol/view.ts';
import { toImportForm, toRemoveServerForm } from '../dialogs/server-dialogs.ts';
import { toServerForm } from '../dialogs/server-form.ts';
import type { Announcement } from '../held-input.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toCount } from '../present/words.ts';
import {
  emptyServerFields,
  readServerFields,
  type ServerFields,
  toAddArguments,
  toEditArguments,
} from '../server-arguments.ts';
import type { SshHost } from '../server-desk.ts';
import type { Token } from '../styled.ts';
import { toRetried } from '../to-situation.ts';
import { testServers } from './test-servers.ts';

const unable = 'This screen starts no programs; use "signalbox server" in a shell.';

export function toServerActions(stage: Stage): Partial<Record<Action, () => void>> {
  const ofChosen = (handle: (stage: Stage, server: ServerView) => void) => (): void => {
    const server = stage.model.view.servers[stage.model.chosenServer ?? ''];
    if (server) handle(stage, server);
  };
  return {
    addServer: () => openAdd(stage),
    testServers: () => void testServers(stage),
    retryConnection: () => {
      const server = toRetried(stage.model);
      if (server !== null) void stage.call('server.retry', { server });
    },
    importServers: () => void stage.openLater(() => findImport(stage), announcedImport),
    editServer: ofChosen(
      (_stage, server) => void stage.openLater(() => findEdit(stage, server), toAnnouncedEdit(server)),
    ),
    removeServer: ofChosen(openRemove),
    serverFacts: ofChosen((_stage, server) => void askFacts(stage, server.id)),
  };
}

/** Under the titles of the forms that follow. */
const announcedImport = { title: 'Hosts of ~/.ssh/config', sentence: 'Reading ~/.ssh/config and what is registered.' };

function toAnnouncedEdit({ id }: ServerView): Announcement {
  return { title: `Change ${id}`, sentence: 'Reading its record.' };
}

function openAdd(stage: Stage): void {
  const { model } = stage;
  const left = new AbortController();
  const form = toServerForm({
    ...{ kind: 'add', fields: emptyServerFields, ids: Object.keys(model.view.servers) },
    save: async (fields) => {
      const said = `${fields.id} is registered; ${keyWord('servers', 'testServer')} tests its connection.`;
      const problem =
        (await openVault(stage, fields, left.signal)) ??
        (await runOwn(stage, toAddArguments(fields), { input: fields.password, said: () => said }));
      if (problem === null) await reload(stage, fields.id);
      return problem;
    },
  });
  stage.open(new FormOverlay(stage, { ...form, handleCancel: () => left.abort() }));
}

async function findEdit(stage: Stage, { id, scope }: ServerView): Promise<(() => void) | null> {
  const { programs, model } = stage;
  if (!programs) return sayInstead(stage, unable, 'warn');
  const shown = await programs.runQuietly([...programs.self, 'server', 'show', id, '--json']);
  const read = shown.status === 0 ? readServerFields(shown.output ?? '') : null;
  if (!read)
    return sayInstead(stage, shown.words === '' ? `The record of ${id} cannot be read.` : shown.words, 'danger');
  const left = new AbortController();
  const form = toServerForm({
    ...{ kind: 'edit', fields: read.fields, ids: Object.keys(model.view.servers) },
    save: async (fields) => {
      const args = toEditArguments(read.fields, fields, scope);
      const problem =
        args === null
          ? `Nothing is other than before; ${keyWord('form', 'close')} leaves it.`
          : ((await openVault(stage, fields, left.signal)) ?? (await runOwn(stage, args, { input: fields.password })));
      if (problem !== null) return problem;
      // What a test or the server itself said was about another record.
      model.tests.delete(id);
      model.serverDesk.forget(id);
      await reload(stage, id);
      return null;
    },
  });
  return () => stage.open(new FormOverlay(stage, { ...form, handleCancel: () => left.abort() }));
}

/** Before the command that fills it: its passphrase is asked for above the form. Null when there is nothing to open, or it is open. */
async function openVault(stage: Stage, { password, keep }: ServerFields, signal: AbortSignal): Promise<string | null> {
  if (password === '' || keep === 'plain') return null;
  try {
    await stage.model.host.call('vault.unlock', {}, { signal });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Nothing opens, and this says why. */
function sayInstead(stage: Stage, sentence: string, token: Token): null {
  stage.say(sentence, token);
  return null;
}

function openRemove(stage: Stage, server: ServerView): void {
  const remove = async (): Promise<string | null> => {
    const problem = await runOwn(stage, ['remove', server.id, '--scope', server.scope]);
    if (problem === null) await reload(stage, null);
    return problem;
  };
  stage.open(new FormOverlay(stage, toRemoveServerForm(server, remove)));
}

async function findImport(stage: Stage): Promise<(() => void) | null> {
  const hosts = await lookForSshHosts(stage);
  if (hosts === null) return null;
  if (!hosts.some(({ isRegistered }) => !isRegistered))
    return sayInstead(
      stage,
      hosts.length === 0
        ? `There is no ~/.ssh/config, or it names no host without wildcards; ${keyWord('servers', 'addServer')} adds a server by hand.`
        : `Every host of ~/.ssh/config is registered; ${keyWord('servers', 'addServer')} adds a server by hand.`,
      'warn',
    );
  const add = async (aliases: readonly string[], environment: string): Promise<string | null> => {
    const problem = await runOwn(stage, ['import', `--environment=${environment}`, '--', ...aliases], {
      said: (words) => toImported(aliases.length, words),
    });
    if (problem !== null) return problem;
    stage.model.serverDesk.sshHosts = null;
    await reload(stage, hosts.find(({ alias }) => alias === aliases[0])?.id ?? null);
    return null;
  };
  return () => stage.open(new FormOverlay(stage, toImportForm({ hosts, add })));
}

/** In the words of the screen: what the command says next are commands. */
function toImported(count: number, words: string): string {
  const test = keyWord('servers', 'testServer');
  const [is, a] = count === 1 ? ['is', 'its connection'] : ['are', 'a connection'];
  const asks = words.includes('trust-command')
    ? ', and asks about a command of this machine where one leads there'
    : '';
  return `${toCount(count, 'server')} ${is} registered; ${test} tests ${a}${asks}.`;
}

/** Null, and why is said, when they cannot be read. */
export async function lookForSshHosts(stage: Stage): Promise<readonly SshHost[] | null> {
  const { programs } = stage;
  if (!programs) {
    stage.say(unable, 'warn');
    return null;
  }
  const { status, words, output } = await programs.runQuietly([
    ...[...programs.self, 'server', 'import', '--list', '--json'],
  ]);
  const hosts = status === 0 ? readSshHosts(output ?? '') : null;
  if (hosts === null) stage.say(words === '' ? '~/.ssh/config could not be read.' : words, 'danger');
  stage.model.serverDesk.sshHosts = hosts ?? [];
  stage.invalidate();
  return hosts;
}

/** What `server import --list --json` printed; null for anything else. */
export function readSshHosts(output: string): readonly SshHost[] | null {
  try {
    const { hosts } = JSON.parse(output) as { readonly hosts?: unknown };
    return Array.isArray(hosts) ? (hosts as readonly SshHost[]) : null;
  } catch {
    return null;
  }
}

/** What is known of it without asking it, once; what was asked for meanwhile is newer. */
export async function recallFacts(stage: Stage, server: string): Promise<void> {
  const { serverDesk, host } = stage.model;
  if (serverDesk.asked.has(server)) return;
  serverDesk.asked.add(server);
  const known = await host.call('server.known', { server }).catch(() => null);
  if (known === null || !serverDesk.asked.has(server)) return;
  if (known.line !== null) serverDesk.lines.set(server, known.line);
  if (known.facts !== null && !serverDesk.facts.has(server))
    serverDesk.facts.set(server, { kind: 'done', facts: known.facts, isKept: true });
  stage.invalidate();
}

async function askFacts(stage: Stage, server: string): Promise<void> {
  const { facts } = stage.model.serverDesk;
  const known = facts.get(server);
  if (known?.kind === 'running') return;
  facts.set(server, { kind: 'running' });
  stage.invalidate();
  try {
    // Asked a second time, the person wants to know how it is now.
    const refresh = known?.kind === 'done';
    const answer = await stage.model.host.call('server.facts', { server, refresh });
    facts.set(server, { kind: 'done', facts: answer.facts });
  } catch (error) {
    facts.set(server, { kind: 'failed', message: (error as Error).message });
  }
  stage.invalidate();
}

/** The file was written; the host may not have heard of it yet. */
async function reload(stage: Stage, choose: string | null): Promise<void> {
  await stage.call('servers.reload', {});
  if (choose !== null) stage.model.chosenServer = choose;
  stage.invalidate();
}

/** Null when it is done, and what it printed is said; else its sentence. */
async function runOwn(
  stage: Stage,
  args: readonly string[],
  { input, said }: { readonly input?: string; readonly said?: (words: string) => string } = {},
): Promise<string | null> {
  const { programs } = stage;
  if (!programs) return unable;
  const { status, words } = await programs.runQuietly([...programs.self, 'server', ...args], input);
  if (status !== 0) return words === '' ? `It did not work (exit status ${status}).` : words;
  const note = /^note: (.*)$/.exec(words)?.[1];
  stage.say(note ?? said?.(words) ?? (words === '' ? 'Done.' : words), note === undefined ? 'ok' : 'warn');
  return null;
}
