/** The plan of a change to a file: what is there now, what will be there, the diff between, and how the file is replaced. */
import { createHash } from 'node:crypto';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { assert } from '../../base/assert.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { FileImage, PathState, Survey } from '../ports.ts';
import { applyOnePatch, parseOnePatch } from './apply-patch.ts';
import { toEditNews } from './edit-news.ts';
import { type Finding, type Look, noExecution, type Plan, type Prepared } from './plan.ts';
import { toOctal } from './plan-look.ts';
import { prepareRefusal } from './prepare-refusal.ts';
import { toText } from './text.ts';

/** The new content, computed from the current one (null: the file is absent). */
type Compute = (current: Uint8Array | null, look: Look) => { content: Uint8Array; offsets: readonly string[] };

interface WriteFacts {
  readonly tool: 'remote_write_file' | 'remote_patch_file';
  readonly path: string;
  readonly mode: number | null;
  /** What the caller sent to be in the file, as text: it may hold no placeholder. */
  readonly sent: string;
  /** The patch as it was sent; null for a whole content. */
  readonly patch: string | null;
  /** More of the envelope's data: how many hunks. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export function planWriteFile(input: OperationInput<'remote_write_file'>): Plan {
  const content = Buffer.from(input.content, input.encoding === 'base64' ? 'base64' : 'utf8');
  const mode = input.mode === undefined ? null : Number.parseInt(input.mode, 8);
  return planChange(
    {
      tool: 'remote_write_file',
      path: input.path,
      mode,
      // What would be written counts, however it was sent.
      sent: new TextDecoder().decode(content),
      patch: null,
      extra: {},
    },
    `write ${input.path}`,
    () => ({ content, offsets: [] }),
  );
}

export function planPatchFile(input: OperationInput<'remote_patch_file'>): Plan {
  const parsed = parseOnePatch(input.patch, input.path);
  const facts: WriteFacts = {
    tool: 'remote_patch_file',
    path: input.path,
    mode: null,
    sent: parsed.patch.hunks.flatMap((hunk) => hunk.lines.filter((line) => line.startsWith('+'))).join('\n'),
    patch: input.patch,
    extra: { hunks: parsed.hunks },
  };
  return planChange(facts, `patch ${input.path}`, (current, look) => {
    if (current === null)
      throw new OperationError(
        'FILE_NOT_FOUND',
        `${input.path} does not exist on ${look.target.id}; create it with remote_write_file.`,
      );
    const before = toText(current);
    if (before === null)
      throw new OperationError('PATCH_FAILED', `${input.path} is not UTF-8 text, so a patch cannot be applied to it.`);
    const { text, offsets } = applyOnePatch(
      before,
      parsed,
      (real, patched) => look.redactor.hasPlaceholder(patched) && look.redactor.redact(real).text === patched,
    );
    return { content: Buffer.from(text), offsets };
  });
}

function planChange(facts: WriteFacts, summary: string, compute: Compute): Plan {
  const question = { kind: 'write', path: facts.path, realPath: null } as const;
  return {
    tool: facts.tool,
    summary,
    cwd: null,
    entry: { path: facts.path },
    question,
    looksAtServer: true,
    prepare: async (look) => {
      refusePlaceholder(facts.sent, look);
      const survey = await look.servers.survey({
        target: look.target,
        path: facts.path,
        contentBytesMax: limits.writeBytesMax,
        signal: look.signal,
      });
      try {
        const current = toCurrent(survey.state, facts.path, look.target.id);
        const { content, offsets } = compute(current, look);
        return prepareChange(facts, summary, survey, { current, content, offsets }, look);
      } catch (error) {
        if (!(error instanceof OperationError) || isReadable(facts.path, survey.realPath, look)) throw error;
        return prepareRefusal(facts, summary, survey, error);
      }
    },
  };
}

interface Sides {
  readonly current: Uint8Array | null;
  readonly content: Uint8Array;
  readonly offsets: readonly string[];
  /** What the caller's request came to, when the operator has put another text in its place. */
  readonly proposed?: Uint8Array;
}

function prepareChange(facts: WriteFacts, summary: string, survey: Survey, sides: Sides, look: Look): Prepared {
  const { state } = survey;
  assert(state.kind === 'file' || state.kind === 'absent', 'Only a file or its absence is changed.');
  if (sides.content.byteLength > limits.writeBytesMax) {
    throw new OperationError(
      'TOO_LARGE',
      `The new content of ${facts.path} is larger than ${limits.writeBytesMax} bytes; copy files of that size by other means.`,
    );
  }
  const mode = facts.mode ?? (state.kind === 'absent' ? 0o644 : null);
  const afterSha256 = sha256(sides.content);
  if (state.kind === 'file' && state.sha256 === afterSha256 && (mode === null || mode === state.mode)) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${facts.path} on ${look.target.id} already has exactly this content; nothing needs to be done.`,
    );
  }
  const question = { kind: 'write', path: facts.path, realPath: survey.realPath } as const;
  const owner = state.kind === 'file' ? state.owner : look.target.username;
  const keep = (content: Uint8Array, hash: string, bits: number): FileImage =>
    toKeptImage(look, question, { content, sha256: hash, mode: bits, owner });
  const before: FileImage =
    state.kind === 'absent' ? { kind: 'absent' } : keep(sides.current ?? new Uint8Array(), state.sha256, state.mode);
  const after = keep(sides.content, afterSha256, mode ?? (state.kind === 'file' ? state.mode : 0o644));
  const createFolders = state.kind === 'absent' ? state.missingFolders : [];
  return {
    summary,
    entry: { path: facts.path },
    question,
    hostKey: survey.hostKey,
    change: { realPath: survey.realPath, before, after },
    subject: () => ({
      kind: 'write',
      path: facts.path,
      realPath: survey.realPath,
      diff: toChangeDiff(sides.current, sides.content, facts.path),
      beforeSha256: state.kind === 'file' ? state.sha256 : null,
      afterSha256,
      beforeBytes: state.kind === 'file' ? state.size : null,
      afterBytes: sides.content.byteLength,
      mode: mode !== null ? toOctal(mode) : keptMode(state),
      replace: survey.replace,
      inPlaceReason: survey.inPlaceReason,
      createFolders,
      snapshot: before.kind === 'hash-only' || after.kind === 'hash-only' ? 'hash_only' : 'written',
      offsets: sides.offsets,
      afterText: toText(sides.content),
    }),
    action: () => ({
      kind: 'write-file',
      path: survey.realPath,
      content: sides.content,
      expectedSha256: state.kind === 'file' ? state.sha256 : null,
      mode,
      replace: survey.replace,
      createFolders,
    }),
    edit: (text) => {
      refusePlaceholder(text, look);
      const { current, proposed = sides.content } = sides;
      const told = sides.proposed ? summary : `${summary} with the operator's text`;
      return prepareChange(facts, told, survey, { current, content: Buffer.from(text), offsets: [], proposed }, look);
    },
    finding: (outcome, reader) => {
      assert(outcome.kind === 'write-file', 'A write ends as a write.');
      const { proposed, content: written } = sides;
      const isOwn = proposed === undefined || Buffer.from(written).equals(proposed);
      // The hunks of a patch are none of a text that took its place.
      const extra = facts.tool === 'remote_write_file' ? { created: outcome.created } : isOwn ? facts.extra : {};
      const data = { sha256: outcome.verifiedSha256, ...extra };
      if (isOwn) return { data, execution: noExecution } satisfies Finding;
      const { path } = facts;
      const news = toEditNews({ path, proposed, written, isReadable: isReadable(path, survey.realPath, look) }, reader);
      return { ...news, data: { ...data, ...news.data }, execution: noExecution } satisfies Finding;
    },
  };
}

/** The bytes there now; throws when what is there cannot be replaced by a file or was not readable as a whole. */
function toCurrent(state: PathState, path: string, server: string): Uint8Array | null {
  switch (state.kind) {
    case 'absent':
      return null;
    case 'directory':
      throw new OperationError('NOT_A_FILE', `${path} on ${server} is a folder; name a file in it.`);
    case 'special':
      throw new OperationError(
        'NOT_A_FILE',
        `${path} on ${server} is a ${state.type}, not a regular file; it is not written.`,
      );
    case 'file':
      if (state.content === null) {
        throw new OperationError(
          'TOO_LARGE',
          `${path} on ${server} has ${state.size} bytes; files above ${limits.writeBytesMax} bytes are not changed here.`,
        );
      }
      return state.content;
  }
}

/** What is kept of a file in the snapshots: of sensitive and of large ones only the hash. */
export function toKeptImage(
  look: Pick<Look, 'policy' | 'target'>,
  { path, realPath }: { readonly path: string; readonly realPath: string | null },
  image: { readonly content: Uint8Array; readonly sha256: string; readonly mode: number; readonly owner: string },
): FileImage {
  const { content, sha256: hash, mode, owner } = image;
  return !isReadable(path, realPath, look) || content.byteLength > limits.snapshotBytesMax
    ? { kind: 'hash-only', sha256: hash, size: content.byteLength, mode, owner }
    : { kind: 'content', content, sha256: hash, mode, owner };
}

function isReadable(
  path: string,
  realPath: string | null,
  { policy, target }: Pick<Look, 'policy' | 'target'>,
): boolean {
  const { outcome, rule } = policy.decide({ kind: 'read', path, realPath, recursive: false }, target);
  // A device is asked about because reading it does something, not because it keeps a secret.
  return outcome === 'auto-allow' || rule === 'path.device';
}

/** A unified diff with three lines of context; null when either side is not text. A side that is null is an absent file. */
export function toChangeDiff(current: Uint8Array | null, content: Uint8Array | null, path: string): string | null {
  const before = current === null ? '' : toText(current);
  const after = content === null ? '' : toText(content);
  if (before === null || after === null) return null;
  const names = [current === null ? '/dev/null' : path, content === null ? '/dev/null' : path] as const;
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(names[0], names[1], before, after, undefined, undefined, {
    ...options,
    timeout: limits.diffTimeoutMs,
  });
  if (patch !== undefined) return patch;
  // Two large texts with little in common take minutes to compare: then every line goes and every line comes, which is as true.
  const [gone, come] = [
    createTwoFilesPatch(names[0], names[1], before, '', undefined, undefined, options),
    createTwoFilesPatch(names[0], names[1], '', after, undefined, undefined, options),
  ].map((text) => text.split('\n').slice(3).join('\n'));
  return `--- ${names[0]}\n+++ ${names[1]}\n@@ -1,${countLines(before)} +1,${countLines(after)} @@\n${gone}${come}`;
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** The mode of a file that runs with another's rights, which new content would get, too; other modes are kept without a word. */
function keptMode(state: PathState): string | null {
  return state.kind === 'file' && (state.mode & 0o6000) !== 0 ? toOctal(state.mode) : null;
}

function refusePlaceholder(text: string, look: Look): void {
  if (!look.redactor.hasPlaceholder(text)) return;
  throw new OperationError(
    'INVALID_ARGUMENT',
    'The text holds a «redacted:…» placeholder in place of a secret; patch the other lines and leave that one as context.',
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
