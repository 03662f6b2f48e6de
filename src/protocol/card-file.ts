/** The part of a card that shows a file: its path and real path, the diff against what is on the server now, and what can be undone. */
import type { CardPage } from './card-page.ts';
import type { CardSubject } from './view.ts';

type WriteSubject = Extract<CardSubject, { kind: 'write' }>;

export function addRead(page: CardPage, subject: Extract<CardSubject, { kind: 'read' }>): void {
  addPath(page, subject.path, subject.realPath);
}

/** What changes: paths, everything out of the ordinary, and the diff. */
export function addWrite(page: CardPage, subject: WriteSubject): void {
  addPath(page, subject.path, subject.realPath);
  for (const id of subject.rollsBack ?? []) page.exact('Takes back', id, 'warn');
  if (subject.afterSha256 === null) page.note('The file did not exist before, so it is deleted again.', 'danger');
  for (const folder of subject.createFolders) page.exact('New folder', folder, 'warn');
  const { removeFolders = [] } = subject;
  if (removeFolders.length > 0) page.note('The folders that were made for it go too, when they are empty.', 'warn');
  for (const folder of removeFolders) page.exact('Removes', folder, 'warn');
  if (subject.mode !== null) page.exact('Mode', subject.mode);
  if (subject.replace === 'in-place') {
    page.sentence('Not atomic', subject.inPlaceReason ?? 'the file is overwritten in place', 'warn');
  }
  for (const offset of subject.offsets) page.sentence('Moved', offset, 'warn');
  addDiff(page, subject.diff);
  if (subject.snapshot === 'written')
    page.note(
      'The file as it is now is kept in signalbox\'s snapshots. To undo: roll it back in the audit log, or "signalbox audit rollback ID".',
      'muted',
    );
  else page.note('Only the hash of the file as it is now is kept: this cannot be rolled back.', 'danger');
}

/** What the approval binds: both sides by size and hash. */
export function addSides(page: CardPage, subject: WriteSubject): void {
  const before = subject.beforeBytes === null ? 'absent' : `${subject.beforeBytes} bytes`;
  page.own(
    'Size',
    `${before} ${page.arrow} ${subject.afterSha256 === null ? 'absent' : `${subject.afterBytes} bytes`}`,
    'muted',
  );
  page.exact('Now', subject.beforeSha256 ?? 'absent', 'muted');
  page.exact('Then', subject.afterSha256 ?? 'absent', 'muted');
}

function addPath(page: CardPage, path: string, realPath: string): void {
  page.exact('Path', path);
  if (realPath !== path) page.exact('Real path', realPath, 'warn');
}

function addDiff(page: CardPage, diff: string | null): void {
  if (diff === null) {
    page.note('No diff: one side is not text. Compare the sizes and hashes below.', 'warn');
    return;
  }
  page.label('Diff against the file as it is on the server now');
  let isHeader = true;
  const lines = diff.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    if (line.startsWith('@@')) isHeader = false;
    const hasSign = !isHeader && /^[+ -]/.test(line);
    page.content(hasSign ? line.slice(0, 1) : '', hasSign ? line.slice(1) : line, isHeader ? 'muted' : roleOf(line));
  }
}

function roleOf(line: string): 'diff-add' | 'diff-remove' | 'diff-hunk' | 'diff-context' | 'muted' {
  switch (line[0]) {
    case '+':
      return 'diff-add';
    case '-':
      return 'diff-remove';
    case '@':
      return 'diff-hunk';
    case '\\':
      return 'muted';
    default:
      return 'diff-context';
  }
}
