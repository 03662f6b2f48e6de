/**
 * Writes the conversation to a file that the operator names: the program's own `session export` does it, with the whole transcript, redacted,
 * and leaves a file alone that is there already.
 */
import { homedir } from 'node:os';
import type { SessionView } from '../../protocol/view.ts';
import { completePath } from '../local-files.ts';
import type { Stage } from '../pane.ts';
import { LineOverlay } from '../panes/line-overlay.ts';
import { foreign } from '../present/text.ts';

/** With a path at once; without one it is asked for. */
export function exportConversation(stage: Stage, path: string): void {
  if (path.trim() !== '') return void write(stage, path.trim());
  const { session } = stage.model;
  if (session) openPathLine(stage, toFileName(session));
}

/** A letter has four bytes at most, a file's name 255. */
const titleCharactersMax = 60;

/** In the folder where the screen was started: the words of the title, and the day on which the session began here. */
function toFileName({ title, id, createdAtMs }: SessionView): string {
  const words = title.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const name = [...words.join('-')].slice(0, titleCharactersMax).join('').replace(/-$/, '');
  const began = new Date(createdAtMs);
  const day = [began.getFullYear(), began.getMonth() + 1, began.getDate()].map((part) => `${part}`.padStart(2, '0'));
  return `${name === '' ? id : name}-${day.join('-')}.md`;
}

function openPathLine(stage: Stage, text: string): void {
  let found: readonly string[] = [];
  const look = async (typed: string): Promise<void> => {
    found = (await completePath(typed)).map(({ word }) => word);
    stage.invalidate();
  };
  stage.open(
    new LineOverlay(stage, {
      ...{ scope: 'export', sign: 'write it to: ', text, unit: 'line', emptyText: ' a new file' },
      complete: (typed) => found.filter((word) => word.startsWith(typed)),
      handleChange: (typed) => void look(typed),
      submit: (typed) => exportConversation(stage, typed),
      cancel: () => undefined,
    }),
  );
}

async function write(stage: Stage, path: string): Promise<void> {
  const { session } = stage.model;
  const { programs } = stage;
  if (!session) return stage.say('No session is open, so there is nothing to export.', 'warn');
  if (!programs) return stage.say(`This screen starts no programs: signalbox session export ${session.id}`, 'warn');
  stage.say(`Writing the conversation to ${foreign(path)}.`, 'muted');
  // The path is one word, whatever is in it.
  const argv = [...programs.self, 'session', 'export', session.id, `--output=${toHomePath(path)}`];
  const { status, words } = await programs.runQuietly(argv);
  stage.say(words === '' ? `The export ended with status ${status}.` : words, status === 0 ? 'ok' : 'danger');
}

function toHomePath(path: string): string {
  return path === '~' || path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
}
