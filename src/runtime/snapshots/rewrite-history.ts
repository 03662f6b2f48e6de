/**
 * Takes contents out of the history of the snapshot store: reads `git fast-export --no-data`, puts a marker where a content was and "hash only" into its
 * state, and gives the stream for `git fast-import`. Knows no processes.
 */
import { Buffer } from 'node:buffer';
import { type FileState, toMarkerText } from './file-state.ts';

export interface RewriteRules {
  /** Whether the content that a commit of this time keeps at this path has to go. */
  isPurged(contentPath: string, seconds: number): boolean;
  /** The state that is stored as this object; null when it is none. */
  stateOf(object: string): FileState | null;
  /** What a commit of an earlier part of the history is by now. */
  commitOf(original: string): string;
  /** Paths whose content is a marker by now; carried from one part of the history to the next. */
  readonly gone: Set<string>;
}

export interface Rewrite {
  readonly script: Buffer;
  /** Marks of the new commits, by the hashes of the old ones. */
  readonly marks: ReadonlyMap<string, number>;
  readonly contents: number;
}

const statePrefix = '%state/';

/** Objects that hold states, by the export: what `stateOf` will be asked about. */
export function listStateObjects(exported: string): readonly string[] {
  const objects = exported.matchAll(/^M 100644 ([0-9a-f]{40,64}) %state\//gm);
  return [...new Set([...objects].map((match) => match[1] ?? ''))];
}

/** @param exported with `--show-original-ids --no-data`, of one branch without merges or a part of it; @param branch to write */
export function rewriteHistory(exported: Buffer, branch: string, rules: RewriteRules): Rewrite {
  const parts: Buffer[] = [];
  const marks = new Map<string, number>();
  let contents = 0;
  let mark = 0;
  let seconds = 0;
  let changes: string[] = [];
  const flush = (): void => {
    for (const part of rewriteChanges(changes, seconds, rules)) {
      if (part.isContent) contents += 1;
      parts.push(part.bytes);
    }
    changes = [];
  };
  for (let at = 0; at < exported.length; ) {
    const end = exported.indexOf(0x0a, at);
    const line = exported.toString('utf8', at, end);
    at = end + 1;
    const [word = '', rest = ''] = line.split(/ (.*)/s);
    if (word === 'M' || word === 'D') {
      changes.push(line);
      continue;
    }
    if (changes.length > 0) flush();
    if (word === 'commit') parts.push(toText(`commit ${branch}\n`));
    else if (word === 'reset') continue;
    else if (word === 'data') {
      const length = Number(rest);
      parts.push(toText(`${line}\n`), exported.subarray(at, at + length), toText('\n'));
      at += length;
    } else if (word === 'original-oid') marks.set(rest, mark);
    else if (word === 'from') parts.push(toText(`from ${rest.startsWith(':') ? rest : rules.commitOf(rest)}\n`));
    else if (line !== '') {
      if (word === 'mark') mark = Number(rest.slice(1));
      if (word === 'committer') seconds = Number(/> (\d+) /.exec(line)?.[1] ?? 0);
      parts.push(toText(`${line}\n`));
    }
  }
  if (changes.length > 0) flush();
  const commits = [...marks.values()].map((one) => `get-mark :${one}\n`).join('');
  return { script: Buffer.concat([toText('feature done\n'), ...parts, toText(`\n${commits}done\n`)]), marks, contents };
}

interface Part {
  readonly bytes: Buffer;
  readonly isContent: boolean;
}

/** A later commit may change only what is said of a path whose content is a marker. */
function rewriteChanges(lines: readonly string[], seconds: number, rules: RewriteRules): Part[] {
  const { gone } = rules;
  const changes = lines.map((line) => {
    const [, object = '', path = ''] = /^M \d+ ([0-9a-f]+) (.+)$/.exec(line) ?? [];
    const isState = path.startsWith(statePrefix);
    return { line, object, path, isState, contentPath: isState ? path.slice(statePrefix.length) : path };
  });
  const kept = new Set(changes.filter((one) => one.path !== '' && !one.isState).map((one) => one.contentPath));
  const purged = new Map<string, FileState>();
  for (const { object, isState, contentPath } of changes) {
    if (!isState) continue;
    const isGone = kept.has(contentPath) ? rules.isPurged(contentPath, seconds) : gone.has(contentPath);
    const state = isGone ? rules.stateOf(object) : null;
    if (state?.kind === 'content') purged.set(contentPath, state);
    if (state?.kind === 'content') gone.add(contentPath);
    else if (kept.has(contentPath)) gone.delete(contentPath);
  }
  return changes.map(({ line, path, isState, contentPath }): Part => {
    const state = purged.get(contentPath);
    if (path === '' || state === undefined || state.kind === 'absent')
      return { bytes: toText(`${line}\n`), isContent: false };
    const marker = toMarkerText(state.sha256, state.size);
    const data = toText(isState ? `${JSON.stringify({ ...state, kind: 'hash-only' })}\n` : marker);
    const head = toText(`M 100644 inline ${path}\ndata ${data.length}\n`);
    return { bytes: Buffer.concat([head, data, toText('\n')]), isContent: !isState };
  });
}

function toText(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
