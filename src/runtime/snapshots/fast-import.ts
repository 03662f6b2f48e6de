/** Writes one commit in the language of `git fast-import`: one process a commit, and nothing of it passes through a shell or an index. */
import { Buffer } from 'node:buffer';
import { unreachable } from '../../base/assert.ts';
import type { FileImage, SnapshotNote } from '../../core/ports.ts';
import { toMarkerText } from './file-state.ts';

export interface SnapshotCommit {
  readonly branch: string;
  /** Hash of the commit before; git refuses when the branch has moved on. */
  readonly parent: string | null;
  readonly statePath: string;
  readonly stateText: string;
  readonly contentPath: string;
  readonly image: FileImage;
  /** Git's name of the content where the store has it already. */
  readonly contentName: string | null;
  readonly note: SnapshotNote;
  readonly seconds: number;
  readonly redact: (text: string) => string;
}

export function toFastImport(commit: SnapshotCommit): Buffer {
  return Buffer.concat([
    toText(
      `feature done\ncommit ${commit.branch}\nmark :1\ncommitter signalbox <signalbox@localhost> ${commit.seconds} +0000\n`,
    ),
    toData(toText(toMessage(commit))),
    toText(commit.parent === null ? '' : `from ${commit.parent}\n`),
    toText(`M 100644 inline ${commit.statePath}\n`),
    toData(toText(commit.stateText)),
    ...toChange(commit),
    toText('get-mark :1\ndone\n'),
  ]);
}

/** Git knows two modes of a file only; the real one is in the state. */
function toChange({ image, contentPath: path, contentName }: SnapshotCommit): Buffer[] {
  switch (image.kind) {
    case 'absent':
      return [toText(`D ${path}\n`)];
    case 'content': {
      const content = Buffer.from(image.content.buffer, image.content.byteOffset, image.content.byteLength);
      const mode = (image.mode & 0o111) === 0 ? '100644' : '100755';
      if (contentName !== null) return [toText(`M ${mode} ${contentName} ${path}\n`)];
      return [toText(`M ${mode} inline ${path}\n`), toData(content)];
    }
    case 'hash-only':
      return [toText(`M 100644 inline ${path}\n`), toData(toText(toMarkerText(image.sha256, image.size)))];
    default:
      return unreachable(image);
  }
}

function toMessage({ image, note, redact }: SnapshotCommit): string {
  const trailers: [string, string][] = [
    ['Audit-Id', note.auditId],
    ['Session', note.session ?? '-'],
    ['Agent', note.agent ?? '-'],
    ['Moment', note.moment],
    ['Server', note.server],
  ];
  if (image.kind === 'absent') trailers.push(['State', 'absent']);
  else
    trailers.push(
      ['Mode', (image.mode & 0o7777).toString(8).padStart(4, '0')],
      ['Owner', image.owner],
      ['Sha256', image.sha256],
    );
  trailers.push(['Real-Path', note.realPath]);
  const lines = trailers.map(([name, value]) => `${name}: ${toOneLine(redact(value))}`);
  return `${note.moment} ${note.server}:${toOneLine(redact(note.realPath))}\n\n${lines.join('\n')}\n`;
}

/** A line end in a path or a name may not begin a trailer of its own. */
function toOneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[\p{Cc}\p{Zl}\p{Zp}\\]/gu,
      (character) => `\\x${character.codePointAt(0)?.toString(16).padStart(2, '0')}`,
    );
}

function toText(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function toData(bytes: Buffer): Buffer {
  return Buffer.concat([toText(`data ${bytes.length}\n`), bytes, toText('\n')]);
}
