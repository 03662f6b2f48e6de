/**
 * A change that cannot be made to a file that may not be read without a question. Whether a guessed line is in it, or it exists at
 * all, would be an answer about its content: so the question comes first, as for a change that fits, and the error after a yes.
 */
import { assert } from '../../base/assert.ts';
import { OperationError } from '../codes.ts';
import type { Survey } from '../ports.ts';
import type { Prepared } from './plan.ts';

/** `patch`: as it was sent, to be shown; null when a whole content was. `failure` is thrown once a person has approved. */
export function prepareRefusal(
  facts: { readonly path: string; readonly patch: string | null },
  summary: string,
  survey: Survey,
  failure: OperationError,
): Prepared {
  const { state, realPath, hostKey } = survey;
  const { path } = facts;
  const sha256 = state.kind === 'file' ? state.sha256 : null;
  const bytes = state.kind === 'file' ? state.size : null;
  return {
    summary,
    entry: { path },
    question: { kind: 'write', path, realPath },
    hostKey,
    change: null,
    subject: () => ({
      kind: 'write',
      path,
      realPath,
      diff: facts.patch,
      beforeSha256: sha256,
      afterSha256: sha256 ?? 'absent',
      beforeBytes: bytes,
      afterBytes: bytes ?? 0,
      mode: null,
      replace: 'atomic',
      inPlaceReason: null,
      createFolders: [],
      snapshot: 'hash_only',
      offsets: [
        `nothing: this cannot be done, and approving it changes no byte but tells the agent why. ${failure.message}`,
      ],
      afterText: null,
    }),
    action: () => {
      throw failure;
    },
    edit: () => {
      throw new OperationError('INVALID_ARGUMENT', 'This change cannot be made, so there is nothing to edit; deny it.');
    },
    finding: () => {
      assert(false, 'A change that cannot be made has no outcome.');
      throw failure;
    },
  };
}
