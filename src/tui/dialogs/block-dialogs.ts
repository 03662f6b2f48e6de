/**
 * The questions about a block: whether it is to be run again or stopped, with exactly what runs, and what of a long output is to be copied.
 * They ask; they send nothing.
 */

import type { BlockView, RanCommandView, ServerView } from '../../protocol/view.ts';
import type { FormSpec } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { toShellLine } from '../present/shell-words.ts';
import { exactLines, foreign, plain, span } from '../present/text.ts';
import { toBytes, toEnvironmentToken, toEnvironmentWord } from '../present/words.ts';
import type { StyledLine } from '../styled.ts';

/** What ran, as a shell would be given it. */
export function toCommandText(ran: RanCommandView): string {
  return ran.argv === null ? (ran.line ?? '') : toShellLine(ran.argv);
}

/** `run` starts it and answers at once. */
export function toRunAgainForm(server: ServerView, ran: RanCommandView, run: () => void): FormSpec {
  return {
    title: 'Run it again',
    intro: [
      toServerLine(server),
      ...exactLines(toCommandText(ran)).map((line): StyledLine => [span('$ ', 'accent'), span(line, 'code')]),
      ...(ran.cwd === null ? [] : [[span('in ', 'muted'), span(foreign(ran.cwd), 'code')]]),
      [],
      plain(
        'It runs as yours, through the gate: policy may put a card before you. It ends when you leave this screen.',
        'muted',
      ),
    ],
    fields: [],
    verb: 'runs it',
    submit() {
      run();
      return null;
    },
  };
}

/** `stop` answers null when it was told to end, else why not. */
export function toStopForm(server: ServerView, block: BlockView, stop: () => Promise<string | null>): FormSpec {
  const command = block.ran === undefined ? block.summary : toCommandText(block.ran);
  return {
    title: 'Stop it',
    intro: [
      toServerLine(server),
      ...exactLines(command).map((line): StyledLine => [span('$ ', 'accent'), span(line, 'code')]),
      [span('asked for by ', 'muted'), span(foreign(block.who))],
      [],
      plain(
        'It is ended in the middle; what it has done by then stays done. Whoever asked for it is told that you stopped it.',
      ),
    ],
    fields: [],
    verb: 'stops it',
    submit: () => stop(),
  };
}

export type CopyChoice = 'end' | 'beginning' | 'recording';

/** The output is longer than what terminals take. */
export function toCopyForm(bytes: number, bytesMax: number, choose: (choice: CopyChoice) => void): FormSpec {
  const option = (id: CopyChoice, text: string): { id: string; label: StyledLine; disabled: null } => ({
    ...{ id, label: plain(text), disabled: null },
  });
  return {
    title: 'Too long for the clipboard',
    intro: [plain(`The output has ${toBytes(bytes)}; the clipboard of a terminal takes ${toBytes(bytesMax)}.`)],
    fields: [
      {
        ...{ kind: 'one', name: 'what', label: '', chosen: ['end'] },
        options: [
          option('end', 'Copy its end, as much as fits'),
          option('beginning', 'Copy its beginning, as much as fits'),
          option('recording', 'Play the recording'),
        ],
      },
    ],
    verb: 'does it',
    submit(values) {
      const [chosen] = values.chosen('what');
      if (chosen !== 'end' && chosen !== 'beginning' && chosen !== 'recording')
        return `Choose one with ${keyWord('form', 'toggleChoice')}.`;
      choose(chosen);
      return null;
    },
  };
}

function toServerLine(server: ServerView): StyledLine {
  const isProduction = server.environment === 'production';
  const word = toEnvironmentWord(server);
  return [
    span(foreign(server.id), 'title', { bold: true }),
    span('  '),
    span(
      isProduction ? ` ${word} ` : word,
      toEnvironmentToken(server.environment),
      isProduction ? { inverse: true } : {},
    ),
  ];
}
