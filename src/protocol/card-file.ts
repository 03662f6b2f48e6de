/** The part of a card that shows a file: its path and real path, the diff against what is on the server now, and what can be undone. */
import type { CardPage } from './card-page.ts';
import type { CardSubject } from './view.ts';

type WriteSubject = Extract<CardSubject, { kind: 'write' }>;

export function addRead(page: CardPage, subject: Extract<CardSubject, { kind: 'read' }>): void {
  addPath(page, subject.path, subject.realPath);
}

export function addWrite(page: CardPage, subject: WriteSubject): void {
  addPath(page, subject.path, subject.realPath);
  for (const folder of subject.createFolders) page.exact('New folder', folder, 'warn');
  const before = subject.beforeBytes === null ? 'absent' : `${subject.beforeBytes} bytes`;
  page.exact('Size', `${before} -> ${subject.afterBytes} bytes`);
  page.exact('Mode', subject.mode ?? 'stays as it is');
  page.exact('Now', subject.beforeSha256 ?? 'absent', 'muted');
  page.exact('Then', subject.afterSha256, 'muted');
  if (subject.replace === 'in-place') {
    page.prose('Not atomic', subject.inPlaceReason ?? 'the file is overwritten in place', 'warn');
  }
  for (const offset of subject.offsets) page.prose('Moved', offset, 'warn');
  addDiff(page, subject.diff);
  if (subject.snapshot === 'written') page.note('This can be rolled back from the audit browser.', 'muted');
  else page.note('This cannot be rolled back: only the hash of the file is kept.', 'danger');
}

function addPath(page: CardPage, path: string, realPath: string): void {
  page.exact('Path', path);
  if (realPath !== path) page.exact('Real path', realPath, 'warn');
}

function addDiff(page: CardPage, diff: string | null): void {
  if (diff === null) {
    page.note('No diff: one side is not text. Compare the sizes and hashes above.', 'warn');
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
