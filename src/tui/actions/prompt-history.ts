/**
 * The search backwards through what was written before, as a shell has it: the newest that holds the words first, Enter puts it into the prompt.
 */
import { keyWord } from '../key-words.ts';
import type { Stage } from '../pane.ts';
import { SearchListOverlay } from '../panes/search-list-overlay.ts';
import { toMarked } from '../present/palette.ts';
import { clip, exactLines, plain, readable } from '../present/text.ts';

const rowsWanted = 12;
/** A row shows the beginning of a prompt. */
const shownMax = 400;

export function openPromptHistory(stage: Stage, history: readonly string[], take: (text: string) => void): void {
  const newest = [...history].reverse();
  let last = { text: '', found: newest as readonly string[] };
  const find = (text: string): readonly string[] => {
    if (text === last.text) return last.found;
    last = { text, found: newest.filter((prompt) => hasWords(prompt, text)) };
    return last.found;
  };
  const overlay = new SearchListOverlay<string>(stage, {
    ...{ scope: 'history', sign: '/', placeholder: 'type words of a prompt', rowsWanted, find },
    ...{
      title: 'Prompts you wrote',
      note: `${keyWord('history', 'submit')} takes it, ${keyWord('history', 'nextChoice')} goes back, ${keyWord('history', 'close')} cancels`,
    },
    isChoosable: () => true,
    toLine: (prompt, page) => {
      const shown = readable(prompt.slice(0, shownMax).replace(/\s*\n\s*/g, ' '));
      return clip(toMarked(shown, toPlaces(shown, last.text), 'text'), page.columns, page.glyphs.ellipsis);
    },
    toDetails: (prompt, page) =>
      exactLines(prompt.slice(0, shownMax)).map((line) =>
        clip(plain(line, 'muted'), page.columns, page.glyphs.ellipsis),
      ),
    emptyText: (text) => (text === '' ? 'You have written no prompt yet.' : 'No prompt has these words.'),
    submit: (prompt) => {
      if (prompt === null) return stage.say('No prompt has these words.', 'warn');
      stage.close(overlay);
      take(prompt);
    },
  });
  stage.open(overlay);
}

function toWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function hasWords(prompt: string, text: string): boolean {
  const lower = prompt.toLowerCase();
  return toWords(text).every((word) => lower.includes(word));
}

function toPlaces(shown: string, text: string): readonly number[] {
  const lower = shown.toLowerCase();
  return toWords(text).flatMap((word) => {
    const at = lower.indexOf(word);
    return at === -1 ? [] : Array.from(word, (_, index) => at + index);
  });
}
