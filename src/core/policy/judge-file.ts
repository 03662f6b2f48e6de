/** Judges what the file tools ask for: ordinary paths are read without a question, every write is one. */
import { checkBytes } from './bytes.ts';
import { judgePath } from './path-rules.ts';
import type { PolicyQuestion, PolicyTarget } from './policy.ts';
import { normalisePath } from './remote-path.ts';
import { ask, rejected, type Verdict } from './verdict.ts';

export function judgeRead(question: Extract<PolicyQuestion, { kind: 'read' }>, target: PolicyTarget): Verdict {
  const malformed = malformedPath(question.path) ?? malformedRealPath(question.realPath);
  if (malformed !== null) return malformed;
  const use = { path: question.path, use: question.recursive ? ('walk' as const) : ('read' as const) };
  const shared = { uses: [use], isRead: true };
  const finding = judgePath(use, question.realPath, target);
  if (finding !== null) return ask(finding.rule, finding.reason, { ...shared, floor: finding.floor });
  const bytes = checkBytes(question.path);
  if (bytes.kind !== 'plain') return ask('bytes.unusual', `Look at the path: ${bytes.reason}`, shared);
  const rule = question.recursive ? 'file.list' : 'file.read';
  return {
    outcome: 'auto-allow',
    rule,
    reason: 'Reading an ordinary path needs no approval.',
    argv: null,
    parts: [],
    floor: false,
    redactOutput: false,
    ...shared,
  };
}

export function judgeWrite(question: Extract<PolicyQuestion, { kind: 'write' }>, target: PolicyTarget): Verdict {
  const malformed = malformedPath(question.path) ?? malformedRealPath(question.realPath);
  if (malformed !== null) return malformed;
  const use = { path: question.path, use: 'name' as const };
  const finding = judgePath(use, question.realPath, target);
  const shared = { uses: [use], floor: true };
  if (finding !== null) return ask(finding.rule, `It writes a file, and ${lowerFirst(finding.reason)}`, shared);
  return ask(
    'floor.write',
    `It changes ${normalisePath(question.path)}; every change of a file needs approval.`,
    shared,
  );
}

function malformedPath(path: string): Verdict | null {
  if (!path.startsWith('/')) return rejected('malformed.path', 'The path is not absolute; begin it with a slash.');
  if (path.includes('\0')) return rejected('malformed.path', 'The path has a NUL byte in it.');
  if (!path.isWellFormed()) return rejected('malformed.path', 'The path is not valid Unicode text.');
  return null;
}

function malformedRealPath(path: string | null): Verdict | null {
  return path === null ? null : malformedPath(path);
}

/** Paths begin with a slash and stay as they are. */
function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
