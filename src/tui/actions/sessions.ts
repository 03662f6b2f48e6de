/**
 * What keys do to sessions, servers and agents: open, rename, kill, cancel, test, trust, probe.
 */

import type { Disposable } from '../../base/lifecycle.ts';
import type { SessionView } from '../../protocol/view.ts';
import {
  type NewSession,
  toKillForm,
  toNewSessionForm,
  toRenameForm,
  type WantedSession,
} from '../dialogs/session-dialogs.ts';
import { toTrustForm } from '../dialogs/trust-dialog.ts';
import { keyWord } from '../key-words.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { isOfUntrustedFile, toKeyOwner, toOfferedKey, toPlaceOfKey, toTypeOfKey } from '../present/server-trust.ts';
import { toServerToTrust } from '../situation-shell.ts';
import { trustWorkspace } from './trust-workspace.ts';
import { rememberTitle } from './undo.ts';

/** @param failed what could not be opened, and why: it can be changed and tried again. */
export function openNewSession(stage: Stage, failed?: WantedSession): void {
  const { model } = stage;
  const chosen = model.viewName === 'agents' || model.hasFirstRun ? model.chosenAgent : null;
  // What was written while there was no session to write to is its first prompt.
  const draft = model.session === null && failed === undefined ? stage.prompt().text : '';
  const open = (wanted: NewSession): Promise<string | null> => openSession(stage, wanted, draft);
  const form = toNewSessionForm(model.view, chosen, open, failed ?? { wanted: { prompt: draft }, problem: null });
  stage.open(new FormOverlay(stage, form));
}

/** Shows the session as soon as it is there: its agent may take long to start. Null when it is shown, else why there is none. */
async function openSession(stage: Stage, wanted: NewSession, draft: string): Promise<string | null> {
  const { model } = stage;
  const title = wanted.title === '' ? {} : { title: wanted.title };
  const prompt = wanted.prompt === '' ? {} : { prompt: wanted.prompt };
  const opening = orSentence(
    model.host.call('session.new', { agent: { id: wanted.agent }, servers: wanted.servers, ...title, ...prompt }),
  );
  const begun = whenBegun(stage, wanted);
  const first = await Promise.race([opening, begun.session]);
  begun.dispose();
  if (typeof first === 'string') return first;
  void opening.then((late) => {
    if (typeof late === 'string') openNewSession(stage, { wanted, problem: late });
  });
  // The session takes it along; it was its first prompt, as it stood or changed in the dialog.
  if (draft !== '' && stage.prompt().text === draft) stage.prompt().empty();
  return show(stage, wanted, first.id);
}

/** The session that is asked for, as soon as the host has begun it. */
function whenBegun({ model }: Stage, wanted: NewSession): Disposable & { readonly session: Promise<{ id: string }> } {
  let listening: Disposable | null = null;
  const session = new Promise<{ id: string }>((resolve) => {
    listening = model.host.onChange((change) => {
      if (change.type !== 'session.added' || change.session.state !== 'starting') return;
      const { id, agent, servers } = change.session;
      if (agent === wanted.agent && servers.join() === wanted.servers.join()) resolve({ id });
    });
  });
  return { session, dispose: () => listening?.dispose() };
}

function show(stage: Stage, { prompt }: NewSession, id: string): null {
  const { model } = stage;
  if (prompt !== '') stage.prompt().remember(prompt);
  model.showSession(id);
  model.viewName = 'workspace';
  model.focus = 'prompt';
  return null;
}

/** The session that the Sessions view has chosen, elsewhere the one in the workspace. */
export function toTarget(stage: Stage): SessionView | null {
  const { model } = stage;
  if (model.viewName !== 'sessions') return model.session;
  return model.chosenSession === null ? null : (model.view.sessions[model.chosenSession] ?? null);
}

export function renameSession(stage: Stage): void {
  const session = toTarget(stage);
  if (!session) return;
  const rename = async (title: string): Promise<string | null> => {
    const answer = await orSentence(stage.model.host.call('session.rename', { session: session.id, title }));
    if (typeof answer === 'string') return answer;
    rememberTitle(stage, session.id, session.title);
    return null;
  };
  stage.open(new FormOverlay(stage, toRenameForm(session, rename)));
}

export function killSession(stage: Stage): void {
  const session = toTarget(stage);
  if (!session) return;
  const kill = async (): Promise<string | null> => {
    const answer = await orSentence(stage.model.host.call('session.kill', { session: session.id }));
    return typeof answer === 'string' ? answer : null;
  };
  stage.open(new FormOverlay(stage, toKillForm(session, kill)));
}

export async function testServer(stage: Stage, server = stage.model.chosenServer): Promise<void> {
  const { model } = stage;
  if (server === null) return;
  model.tests.set(server, { kind: 'running' });
  stage.invalidate();
  const answer = await orSentence(model.host.call('server.test', { server }));
  const { problem: problemBefore = null, state } = model.view.servers[server] ?? {};
  const before = { problemBefore, ...(state === 'connected' ? { wasConnected: true as const } : {}) };
  model.tests.set(
    server,
    typeof answer === 'string'
      ? { kind: 'failed', message: answer, ...before }
      : { kind: 'done', steps: answer.steps, ...before },
  );
  stage.invalidate();
}

export function trustKey(stage: Stage): void {
  const { model } = stage;
  const server = model.view.servers[toServerToTrust(model) ?? ''];
  if (!server) return;
  if (isOfUntrustedFile(server)) return trustWorkspace(stage);
  const test = model.tests.get(server.id) ?? null;
  const fingerprint = toOfferedKey(server, test);
  if (fingerprint === null)
    return stage.say(
      `Its fingerprint is not known; ${keyWord('servers', 'testServer')} tests the connection, which shows it.`,
      'warn',
    );
  const trust = async (): Promise<string | null> => {
    const answer = await orSentence(model.host.call('server.trustKey', { server: server.id, fingerprint }));
    if (typeof answer === 'string') return answer;
    model.tests.delete(server.id);
    stage.say(answer.message, 'ok');
    // The next step is the same every time; behind a jump host the next key is the server's own.
    void testServer(stage, server.id);
    return null;
  };
  const owner = toKeyOwner(server, test);
  const jumpHost = owner === null || owner.startsWith(`${server.id} (`) ? null : owner;
  stage.open(
    new FormOverlay(
      stage,
      toTrustForm(
        server,
        { fingerprint, type: toTypeOfKey(server, test), jumpHost, knownTo: toPlaceOfKey(server, test) },
        trust,
      ),
    ),
  );
}

export async function reloadServers(stage: Stage): Promise<void> {
  if (await stage.call('servers.reload', {})) stage.say('The server files were read again.', 'ok');
}

export async function probeAgent(stage: Stage): Promise<void> {
  const agent = stage.model.chosenAgent;
  if (agent === null) return;
  stage.say(`Starting ${agent} once to see what it is.`, 'muted');
  if (await stage.call('agent.probe', { agent })) stage.model.probes.set(agent, stage.model.clock.nowMs());
  stage.invalidate();
}

/** The result, or the sentence of its failure. */
export async function orSentence<T extends object>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    return (error as Error).message;
  }
}
