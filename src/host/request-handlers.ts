/** What the host does for each method a client may call. The gate decides about operations; this table only knows whom to ask. */

import type { Disposable } from '../base/lifecycle.ts';
import { parseAuditFilter } from '../core/audit/audit-filter.ts';
import { describeChanges } from '../core/changes/describe-changes.ts';
import { previewRollback, type RollbackRequest } from '../core/changes/preview-rollback.ts';
import { OperationError } from '../core/codes.ts';
import { bounds } from '../protocol/bounds.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { HostFrame } from '../protocol/wire.ts';
import { answerCard } from './approval-cards.ts';
import { readDetail } from './audit-feed.ts';
import { readTimeline } from './audit-timeline.ts';
import { readFileHistory } from './file-history.ts';
import { acknowledge } from './open-items.ts';
import type { HostParts } from './parts.ts';
import { purgeSnapshots } from './purge-snapshots.ts';
import type { RecordingKeeper } from './recording-keeper.ts';
import { readRecordingPage } from './recording-pages.ts';
import type { RuleDesk } from './rule-desk.ts';
import type { ServerBoard } from './server-board.ts';
import type { ExternalSessions } from './sessions/external-sessions.ts';
import { readOlderItems } from './sessions/older-items.ts';
import type { Sessions } from './sessions/sessions.ts';
import { toTranscriptPath } from './sessions/transcript-file.ts';
import { shellHandlers } from './shells/shell-handlers.ts';
import type { Shells } from './shells/shells.ts';
import { storeImage } from './store-image.ts';
import { vaultHandlers } from './vault-handlers.ts';
import type { ViewStore } from './view-store.ts';

const person = { session: null, agent: null, origin: 'operator' } as const;

/** What all connections share. */
export interface Engine {
  readonly parts: HostParts;
  readonly store: ViewStore;
  readonly sessions: Sessions;
  readonly externals: ExternalSessions;
  readonly board: ServerBoard;
  readonly rules: RuleDesk;
  readonly shells: Shells;
  /** Null where nothing is recorded. */
  readonly recordingKeeper: RecordingKeeper | null;
  reloadAgents(): Promise<void>;
  /** From here on nothing new begins. */
  isStopping(): boolean;
  /** Begins the shutdown; the answer to the request still leaves. */
  stop(reason: string): void;
}

/** Who calls, proven by `hello`, and how to reach it while its request runs. */
export interface Call {
  readonly client: 'screen' | 'cli';
  readonly workspace: string | null;
  /** Bytes that wait to be sent to it. */
  readonly waitingBytes: () => number;
  /** Aborted by `cancel` and by the end of the connection. */
  readonly signal: AbortSignal;
  /** Ends this with the connection. */
  hold(lifetime: Disposable): void;
  /** Sends a frame about this very request. */
  notify(frame: Extract<HostFrame, { request: number }> extends infer Frame ? DropRequest<Frame> : never): void;
}

/** Methods of the connection itself, answered where it is kept. */
export type ConnectionMethod = 'hello' | 'view.attach' | 'cancel';
type Handled = Exclude<MethodName, ConnectionMethod>;
type Handler<Name extends MethodName> = (
  engine: Engine,
  params: Params<Name>,
  call: Call,
) => Promise<Result<Name>> | Result<Name>;

type DropRequest<Frame> = Frame extends unknown ? Omit<Frame, 'request'> : never;

export const requestHandlers: { readonly [Name in Handled]: Handler<Name> } = {
  'session.new': async ({ sessions }, params, { workspace }) => ({ id: await sessions.create(params, workspace) }),
  'session.external': ({ externals }, params, { workspace, hold }) => externals.create(params, workspace, hold),
  'session.prompt': ({ sessions }, { session, text, attachments }) => {
    sessions.find(session).prompt(text, attachments);
    return {};
  },
  'session.unqueue': ({ sessions }, { session, index, text }) => {
    return { attachments: sessions.find(session).unqueue(index, text) };
  },
  'session.resend': ({ sessions }, { session, how }) => sessions.resend(session, how),
  'sessions.flush': async ({ sessions }) => {
    await sessions.flush();
    return {};
  },
  'session.switchAgent': async ({ sessions }, { session, agent }) => {
    await sessions.switchAgent(session, agent);
    return {};
  },
  'session.confirmServers': async ({ sessions }, { session, servers }) => {
    await sessions.confirmServers(session, servers);
    return {};
  },
  'session.start': async ({ sessions }, { session }) => {
    await (await sessions.wake(session)).start();
    return {};
  },
  'session.seen': ({ sessions, externals }, { session, item }) => {
    // Those of other programs say nothing that could be unread.
    if (!externals.has(session)) sessions.find(session).see(item);
    return {};
  },
  'session.items': async ({ parts, store }, { session, before }) => {
    if (!Object.hasOwn(store.view.sessions, session))
      throw new OperationError('INVALID_ARGUMENT', `There is no session ${session}; \`signalbox ls\` shows them.`);
    return { items: await readOlderItems(toTranscriptPath(parts.paths.sessionsFolder, session), before) };
  },
  'session.cancel': async ({ sessions }, { session }) => {
    await sessions.find(session).cancel();
    return {};
  },
  'session.rename': async ({ sessions, externals }, { session, title }) => {
    if (externals.has(session)) externals.rename(session, title);
    else (await sessions.wake(session)).rename(title);
    return {};
  },
  'session.kill': async ({ sessions, externals }, { session }) => {
    if (externals.has(session)) await externals.end(session);
    else await sessions.kill(session);
    return {};
  },
  'session.setMode': async ({ sessions }, { session, mode }) => {
    await sessions.find(session).desk.setMode(mode);
    return {};
  },
  'session.setOption': async ({ sessions }, { session, option, value }) => {
    await sessions.find(session).desk.setOption(option, value);
    return {};
  },
  'session.answerForm': ({ sessions }, { session, form, answer }) => {
    sessions.find(session).desk.answerForm(form, answer);
    return {};
  },
  'session.answerLocal': ({ sessions }, { session, card, allow }) => {
    sessions.find(session).desk.answerLocal(card, allow);
    return {};
  },
  'operation.perform': async ({ parts }, { operation, input }, call) => {
    const envelope = await parts.gate.perform({
      operation,
      input,
      caller: {
        ...{ origin: 'operator', door: call.client, session: null, agent: null },
        ...{ servers: 'all', workspace: call.workspace, readonly: false },
      },
      signal: call.signal,
      onProgress: (progress) => call.notify({ progress }),
      isBehind: () => call.waitingBytes() > bounds.screenLagBytes,
      onOutput: (stream, chunk) => call.notify({ stream, bytes: Buffer.from(chunk).toString('base64') }),
    });
    return { envelope: { ...envelope, execution: { ...envelope.execution } } };
  },
  'operation.stop': ({ parts }, { id }, { client }) => {
    parts.gate.stop(id, `operator@${client}`);
    return {};
  },
  'approval.answer': ({ parts, store }, params, { client }) => answerCard(parts, store, params, client),
  'policy.propose': async ({ rules }, { approval }, { client }) => {
    checkScreen(client);
    return await rules.propose(approval);
  },
  'policy.add': async ({ rules }, { digest, because }, { client }) => {
    checkScreen(client);
    return { message: await rules.add(digest, because) };
  },
  'login.answer': async ({ parts }, { id, answers }) => {
    if (answers === null) parts.logins.decline(id);
    else await parts.logins.answer(id, answers);
    return {};
  },
  'openItem.acknowledge': async ({ parts, store }, { auditId }, { client }) => {
    await acknowledge(parts.audit, store, auditId, client);
    return {};
  },
  'snapshots.purge': ({ parts }, params, { client }) => purgeSnapshots(parts, params, client),
  'recordings.purge': async ({ recordingKeeper }, params, { client }) => {
    if (recordingKeeper === null) throw new OperationError('UNSUPPORTED', 'This host keeps no recordings.');
    return await recordingKeeper.purge(params, client);
  },
  'openItem.storeImage': async ({ parts, store }, { auditId }, call) => ({
    message: await storeImage(parts, store, auditId, call),
  }),
  'audit.page': async ({ parts }, { filter, ...query }) => {
    const more = filter === undefined ? {} : { filter: parseAuditFilter(filter, parts.clock.nowMs()) };
    const { rows, total } = await parts.audit.page({ ...query, ...more });
    return { rows, total };
  },
  'audit.timeline': async ({ parts }, { filter, buckets }) => {
    const more = filter === undefined ? {} : { filter: parseAuditFilter(filter, parts.clock.nowMs()) };
    return await readTimeline(parts.audit, { ...more, buckets });
  },
  'audit.history': ({ parts }, { id }) => readFileHistory(parts.audit, id),
  'audit.detail': ({ parts }, { id }) => readDetail(parts, id),
  'audit.recording': ({ parts }, { id, offset }) => readRecordingPage(parts, id, offset),
  'rollback.preview': ({ parts }, params, { workspace, signal }) =>
    previewRollback(toRollbackRequest(params), { workspace, signal }, parts),
  'session.changes': async ({ parts }, { session, look }, { workspace, signal }) => ({
    files: await describeChanges(session, look, { workspace, signal }, parts),
  }),
  'audit.verify': async ({ parts }) => {
    const verdict = await parts.audit.verify();
    if (verdict.ok)
      return { ok: true, message: [`${verdict.records} records are intact.`, ...verdict.notes].join(' ') };
    return { ok: false, message: `${verdict.problem} (${verdict.file}, line ${verdict.line})` };
  },
  'server.test': async ({ parts }, { server }, { workspace, signal }) => {
    const target = await parts.registry.resolve(server, workspace, 'asked');
    return { steps: await parts.servers.test(target, signal) };
  },
  'server.facts': async ({ parts }, { server, refresh }, { workspace, signal }) => {
    if (!parts.facts) throw new OperationError('UNSUPPORTED', 'This host does not look what servers are.');
    const when = refresh ? 'now' : 'when old';
    return { facts: await parts.facts.read({ server, workspace, ...person, refresh: when, signal }) };
  },
  'server.known': async ({ parts }, { server }, { workspace }) =>
    (await parts.facts?.peek(server, workspace)) ?? { facts: null, line: null },
  'server.retry': ({ parts }, { server }) => {
    parts.servers.retryNow(server);
    return {};
  },
  'server.trustKey': async ({ parts }, { server, fingerprint }, { workspace }) => {
    const target = await parts.registry.resolve(server, workspace, 'asked');
    return { message: await parts.trustHostKey(target, fingerprint) };
  },
  'servers.reload': async ({ board, parts }) => {
    await parts.servers.endRevoked();
    parts.toolDoor.announceServers?.(await board.reload());
    return {};
  },
  'agents.reload': async ({ reloadAgents }) => {
    await reloadAgents();
    return {};
  },
  'agent.probe': async ({ parts, reloadAgents }, { agent }) => {
    const known = await parts.agents.list();
    if (!known.some(({ id }) => id === agent))
      throw new OperationError('INVALID_ARGUMENT', `There is no agent ${agent}; \`signalbox agent list\` shows them.`);
    await parts.agents.probe(agent);
    await reloadAgents();
    return {};
  },
  ...shellHandlers,
  ...vaultHandlers,
  'host.stop': ({ stop }) => {
    stop('a client asked for it');
    return {};
  },
};

function toRollbackRequest(params: Params<'rollback.preview'>): RollbackRequest {
  if ('id' in params) return { kind: 'operation', id: params.id };
  const { session } = params;
  if (!('path' in params)) return { kind: 'session', session, to: params.to ?? null };
  return { kind: 'session', session, to: null, only: { server: params.server, path: params.path } };
}

function checkScreen(client: Call['client']): void {
  if (client === 'screen') return;
  throw new OperationError('POLICY_REJECTED', 'Rules are made of a card on a screen; elsewhere, edit policy.json.');
}
