/** What the caller is told of a file that the operator changed before it was written: that it is another text than proposed, and what differs. Pure. */
import { limits } from '../limits.ts';
import { toTextDiff } from '../text-diff.ts';
import type { Finding, Reader } from './plan.ts';
import { toText } from './text.ts';

export interface EditedContent {
  readonly path: string;
  /** What the caller's request would have made of the file. */
  readonly proposed: Uint8Array;
  readonly written: Uint8Array;
  /** The caller may read this file without a question; of others nothing is shown. */
  readonly isReadable: boolean;
}

/** Both texts are redacted before they are compared: a secret that spans lines is none any more with a sign before each. */
export function toEditNews(
  edited: EditedContent,
  { redact, redactor }: Reader,
): Required<Pick<Finding, 'data' | 'message'>> {
  const proposed = toText(edited.proposed);
  const written = toText(edited.written);
  const says = 'The operator changed your text before it was written: the file does not hold what you proposed';
  const isShown = edited.isReadable && proposed !== null && written !== null;
  const clean = (text: string): string => (redact === 'nothing' ? text : redactor.redact(text).text);
  const isSmall = edited.proposed.byteLength + edited.written.byteLength <= limits.editDiffCharactersMax;
  const diff = isShown && isSmall ? toDiff(edited.path, clean(proposed), clean(written)) : null;
  if (diff === null)
    return { data: {}, message: `${says}. Read ${edited.path} again before you say what is in it or change it.` };
  return {
    data: { operatorDiff: diff },
    message: `${says}. The diff leads from your text to what is in ${edited.path} now; patch that.`,
  };
}

/** Null as well when only a secret differs. */
function toDiff(path: string, proposed: string, written: string): string | null {
  return proposed === written ? null : toTextDiff(path, proposed, written, limits.editDiffCharactersMax);
}
