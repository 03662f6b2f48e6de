/** Parses what clients send: the frame and the parameters of each method. Beyond this file the host handles typed values only. */
import { z } from 'zod';
import { bounds } from '../bounds.ts';
import type { MethodName, Methods, Params } from '../methods.ts';

const id = z.string().min(1).max(200);
const none = z.strictObject({});
const title = z.string().trim().min(1).max(bounds.titleCharactersMax);
const prompt = z.string().min(1).max(bounds.promptCharactersMax);
const reason = z.string().max(4_096);
const side = z.int().min(1).max(bounds.shellSideMax);
const words = z.array(z.string().max(32_768)).min(1).max(1_024);

const mediaType = z.string().regex(/^[\w.+-]+\/[\w.+-]+$/);
const attachment = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    name: id,
    mediaType,
    text: z.string().max(bounds.attachmentCharactersMax),
  }),
  z.strictObject({
    kind: z.literal('image'),
    name: id,
    mediaType,
    base64: z.base64().max(bounds.attachmentCharactersMax),
  }),
]);
const formValue = z.union([z.string().max(65_536), z.number(), z.boolean(), z.array(z.string().max(4_096)).max(1_024)]);
const formAnswer = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('accept'), values: z.record(id, formValue) }),
  z.strictObject({ action: z.literal('decline') }),
  z.strictObject({ action: z.literal('cancel') }),
]);
const agentChoice = z.union([z.strictObject({ id }), z.strictObject({ command: words })]);

const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('approve'), grant: z.enum(['once', 'session']), confirmation: id.optional() }),
  z.strictObject({ kind: z.literal('deny'), reason: reason.nullable() }),
  z.strictObject({ kind: z.literal('edit'), text: z.string().min(1) }),
]);

/** One schema a method; the types of protocol/methods are what they must yield. */
export const requestSchemas = {
  hello: z.strictObject({
    protocol: z.int(),
    version: z.string().max(100),
    client: z.enum(['screen', 'cli']),
    cwd: z.string().startsWith('/').max(4_096),
  }),
  'view.attach': none,
  'session.new': z.strictObject({
    agent: agentChoice,
    servers: z.array(id).min(1).max(256),
    prompt: prompt.optional(),
    title: title.optional(),
    readonly: z.boolean().optional(),
  }),
  'session.external': z.strictObject({
    servers: z.array(id).min(1).max(256),
    title: title.optional(),
    readonly: z.boolean().optional(),
  }),
  'session.prompt': z.strictObject({
    session: id,
    text: prompt,
    attachments: z.array(attachment).max(bounds.attachmentsMax).optional(),
  }),
  'session.unqueue': z.strictObject({ session: id, index: z.int().nonnegative(), text: prompt }),
  'session.resend': z.strictObject({ session: id, how: z.enum(['send', 'drop']) }),
  'sessions.flush': none,
  'session.switchAgent': z.strictObject({ session: id, agent: agentChoice }),
  'session.confirmServers': z.strictObject({ session: id, servers: z.array(id).min(1).max(256) }),
  'session.start': z.strictObject({ session: id }),
  'session.items': z.strictObject({ session: id, before: z.int().positive() }),
  'session.seen': z.strictObject({ session: id, item: z.int().nonnegative() }),
  'session.cancel': z.strictObject({ session: id }),
  'session.rename': z.strictObject({ session: id, title }),
  'session.kill': z.strictObject({ session: id }),
  'session.setMode': z.strictObject({ session: id, mode: id }),
  'session.setOption': z.strictObject({
    session: id,
    option: id,
    value: z.union([z.string().max(4_096), z.boolean()]),
  }),
  'session.answerForm': z.strictObject({ session: id, form: id, answer: formAnswer }),
  'session.answerLocal': z.strictObject({ session: id, card: id, allow: z.boolean() }),
  'operation.perform': z.strictObject({ operation: id, input: z.unknown() }),
  'operation.stop': z.strictObject({ id }),
  'shell.open': z.strictObject({ server: id, columns: side, rows: side, term: id, env: z.record(id, id).optional() }),
  'shell.attach': z.strictObject({ shell: id }),
  'shell.type': z.strictObject({ shell: id, bytes: z.base64().min(1).max(bounds.shellTypedCharactersMax) }),
  'shell.resize': z.strictObject({ shell: id, columns: side, rows: side }),
  'shell.close': z.strictObject({ shell: id }),
  cancel: z.strictObject({ request: z.int() }),
  'approval.answer': z.strictObject({
    id,
    answer,
    via: z.enum(['screen', 'cli']),
    interactive: z.boolean().optional(),
  }),
  'policy.propose': z.strictObject({ approval: id }),
  'policy.add': z.strictObject({ digest: id, because: z.string().trim().min(1).max(500) }),
  'openItem.acknowledge': z.strictObject({ auditId: id }),
  'snapshots.purge': z.union([
    z.strictObject({ server: id, path: z.string().min(1).max(4_096).startsWith('/') }),
    z.strictObject({ before: z.iso.datetime({ offset: true }) }),
  ]),
  'recordings.purge': z.strictObject({ before: z.iso.datetime({ offset: true }) }),
  'openItem.storeImage': z.strictObject({ auditId: id }),
  'audit.page': z.strictObject({
    offset: z.int().min(0),
    limit: z.int().min(0).max(1_000),
    text: z.string().max(1_024).optional(),
    server: id.optional(),
    session: id.optional(),
    filter: z.string().max(1_024).optional(),
  }),
  'audit.timeline': z.strictObject({
    filter: z.string().max(1_024).optional(),
    buckets: z.int().min(1).max(bounds.timelineBucketsMax),
  }),
  'audit.history': z.strictObject({ id }),
  'audit.detail': z.strictObject({ id }),
  'audit.recording': z.strictObject({ id, offset: z.int().min(0) }),
  'rollback.preview': z.union([
    z.strictObject({ id }),
    z.strictObject({ session: id, to: id.optional() }),
    z.strictObject({ session: id, server: id, path: z.string().min(1).max(4_096) }),
  ]),
  'session.changes': z.strictObject({ session: id, look: z.enum(['log', 'server']) }),
  'audit.verify': none,
  'server.test': z.strictObject({ server: id }),
  'server.retry': z.strictObject({ server: id }),
  'server.known': z.strictObject({ server: id }),
  'server.facts': z.strictObject({ server: id, refresh: z.boolean() }),
  'login.answer': z.strictObject({
    id,
    answers: z.array(z.string().max(bounds.loginAnswerCharactersMax)).max(bounds.loginPromptsMax).nullable(),
  }),
  'vault.state': none,
  'vault.unlock': none,
  'vault.lock': none,
  'vault.set': z.strictObject({ name: id, value: z.string().min(1).max(bounds.loginAnswerCharactersMax) }),
  'vault.remove': z.strictObject({ name: id }),
  'server.trustKey': z.strictObject({ server: id, fingerprint: id }),
  'servers.reload': none,
  'agents.reload': none,
  'agent.probe': z.strictObject({ agent: id }),
  'host.stop': none,
} satisfies { [Name in MethodName]: z.ZodType };

const frameSchema = z.strictObject({ id: z.int().min(0), method: z.string().max(100), params: z.unknown() });

export type Request = {
  [Name in MethodName]: { readonly id: number; readonly method: Name; readonly params: Params<Name> };
}[MethodName];

export type ParsedRequest =
  | { readonly ok: true; readonly request: Request }
  /** `id` is null when even that could not be read: then no answer can reach its sender by number. */
  | { readonly ok: false; readonly id: number | null; readonly message: string };

/** Reads one line of a client. Never throws; what does not fit is answered with one sentence. */
export function parseRequest(line: string): ParsedRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, id: null, message: 'The request is not JSON; send one JSON object a line.' };
  }
  const frame = frameSchema.safeParse(value);
  if (!frame.success)
    return { ok: false, id: idOf(value), message: `The request is not a frame: ${toSentence(frame.error)}.` };
  const { method, params } = frame.data;
  if (!isMethodName(method))
    return { ok: false, id: frame.data.id, message: `There is no method ${JSON.stringify(method)}.` };
  const parsed = requestSchemas[method].safeParse(params);
  if (!parsed.success) {
    return { ok: false, id: frame.data.id, message: `Bad parameters for ${method}: ${toSentence(parsed.error)}.` };
  }
  return { ok: true, request: { id: frame.data.id, method, params: parsed.data } as Request };
}

export function isMethodName(name: string): name is keyof Methods {
  return Object.hasOwn(requestSchemas, name);
}

function toSentence(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'unknown problem';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function idOf(value: unknown): number | null {
  const found = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : null;
  return Number.isSafeInteger(found) ? (found as number) : null;
}
