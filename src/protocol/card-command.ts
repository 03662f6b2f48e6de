/** The part of a card that shows a command: the words that will run, where, with what input, and what is inside of a compound line. */
import type { CardPage } from './card-page.ts';
import type { CardSubject } from './view.ts';

/** Words that mean the same in every shell without quotes. */
const bareWord = /^[A-Za-z0-9_./:,+@%=-]+$/;

export function addCommand(page: CardPage, subject: Extract<CardSubject, { kind: 'command' }>): void {
  if (subject.argv !== null) addWords(page, subject.argv);
  else page.exact('Shell line', subject.line ?? '', 'danger');
  if (subject.argv === null) page.note('A shell on the server reads this line as it stands.', 'warn');
  page.exact('Folder', subject.cwd ?? 'the login folder');
  addInput(page, subject.stdin);
  if (subject.parts.length > 0) page.label('Parts, each with its own verdict');
  for (const part of subject.parts) {
    page.more(part.text, roleOf(part.outcome), `${part.outcome}: `);
    page.note(`  ${part.reason}`, 'muted');
  }
  page.note('Commands cannot be undone.', 'warn');
}

/** On one line when every word is plain, otherwise one word a line, so that no space or quote can mislead. */
function addWords(page: CardPage, argv: readonly string[]): void {
  if (argv.every((word) => bareWord.test(word))) {
    page.exact('Command', argv.join(' '));
    return;
  }
  page.exact('Command', `${argv.length} words, one a line:`, 'label');
  // A quote at both ends shows where a word begins and ends; inside it nothing is quoted.
  for (const word of argv) page.more(bareWord.test(word) ? word : `'${word}'`);
}

function addInput(page: CardPage, stdin: string | null): void {
  if (stdin === null) return;
  const lines = stdin.split('\n');
  const endsWithNewline = lines.at(-1) === '';
  if (endsWithNewline) lines.pop();
  page.exact('Input', `${stdin.length} characters, ${lines.length} lines:`, 'label');
  for (const line of lines) page.content('| ', line, 'value');
  if (!endsWithNewline) page.note('No newline at the end of the input.', 'muted');
}

function roleOf(outcome: string): 'value' | 'warn' | 'danger' {
  if (outcome === 'auto-allow') return 'value';
  return outcome === 'reject' ? 'danger' : 'warn';
}
