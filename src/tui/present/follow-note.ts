/** What the frame of the conversation says while it is scrolled back: what came below meanwhile, and the key that goes there from here. Pure. */
import { keyWord } from '../key-words.ts';
import type { StyledLine } from '../styled.ts';
import { plain } from './text.ts';

/** @param below items that are new since the end was last in sight, or words that were added to the last one. */
export function toFollowNote(
  below: { readonly items: number; readonly isWriting: boolean },
  focus: 'conversation' | 'prompt' | 'elsewhere',
): StyledLine {
  const key = toKeyBelow(focus);
  const shows = key === null ? '' : `, ${key} shows them`;
  if (below.items > 0) return plain(` ${below.items} new below${shows} `, 'accent', { bold: true });
  if (below.isWriting) return plain(` new words below${shows} `, 'accent', { bold: true });
  return plain(
    ` scrolled back${key === null ? '' : `, ${key} ${focus === 'prompt' ? 'goes on' : 'follows'}`} `,
    'muted',
  );
}

/** Letters are text in the prompt, and keys of something else elsewhere. */
function toKeyBelow(focus: 'conversation' | 'prompt' | 'elsewhere'): string | null {
  if (focus === 'elsewhere') return null;
  return focus === 'prompt' ? keyWord('prompt', 'pageDown') : keyWord('conversation', 'toEnd');
}
