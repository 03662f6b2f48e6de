/**
 * What keys do to sessions, servers and agents: open, rename, kill, cancel, test, trust, probe.
 */

import type { SessionView } from '../../protocol/view.ts';
import { toKillForm, toNewSessionForm, toRenameForm } from '../dialogs/session-dialogs.ts';
import { toTrustForm } from '../dialogs/trust-dialog.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toKeyOwner, toOfferedKey } from '../present/servers.ts';
import { rememberTitle } from './undo.ts';

export function openNewSession(stage: Stage): void {
  const { model } = stage;
  const chosen = model.viewName === 'agents' || model.hasFirstRun ? model.chosenAgent : null;
  const form = toNewSessionForm(model.view, chosen, async (wanted) => {
    const title = wanted.title === '' ? {} : { title: wanted.title };
    const prompt = wanted.prompt === '' ? {} : { prompt: wanted.prompt };
    const answer = await orSentence(
      model.host.call('session.new', { agent: { id: wanted.agent }, servers: wanted.servers, ...title, ...prompt }),
    );
    if (typeof answer === 'string') return answer;
    model.showSession(answer.id);
    model.viewName = 'workspace';
    model.focus = 'prompt';
    return null;
  });
  stage.open(new FormOverlay(stage, form));
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

export async function testServer(stage: Stage): Promise<void> {
  const { model } = stage;
  const server = model.chosenServer;
  if (server === null) return;
  model.tests.set(server, { kind: 'running' });
  stage.invalidate();
  const answer = await orSentence(model.host.call('server.test', { server }));
  model.tests.set(
    server,
    typeof answer === 'string' ? { kind: 'failed', message: answer } : { kind: 'done', steps: answer.steps },
  );
  stage.invalidate();
}

export function trustKey(stage: Stage): void {
  const { model } = stage;
  const server = model.chosenServer === null ? undefined : model.view.servers[model.chosenServer];
  if (!server) return;
  const test = model.tests.get(server.id) ?? null;
  const fingerprint = toOfferedKey(server, test);
  if (fingerprint === null)
    return stage.say('Its fingerprint is not known; press t to test the connection first.', 'warn');
  const trust = async (): Promise<string | null> => {
    const answer = await orSentence(model.host.call('server.trustKey', { server: server.id, fingerprint }));
    if (typeof answer === 'string') return answer;
    model.tests.delete(server.id);
    stage.say(answer.message, 'ok');
    // The next step is the same every time; behind a jump host the next key is the server's own.
    void testServer(stage);
    return null;
  };
  const owner = toKeyOwner(server, test);
  const jumpHost = owner === null || owner.startsWith(`${server.id} (`) ? null : owner;
  stage.open(new FormOverlay(stage, toTrustForm(server, { fingerprint, jumpHost }, trust)));
}

export async function reloadServers(stage: Stage): Promise<void> {
  if (await stage.call('servers.reload', {})) stage.say('The server files were read again.', 'ok');
}

export async function probeAgent(stage: Stage): Promise<void> {
  const agent = stage.model.chosenAgent;
  if (agent === null) return;
  stage.say(`Starting ${agent} once to see what it is.`, 'muted');
  await stage.call('agent.probe', { agent });
}

/** The result, or the sentence of its failure. */
export async function orSentence<T extends object>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    return (error as Error).message;
  }
}
