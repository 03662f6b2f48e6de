/** The part of a card that shows a command: the words that will run, where, with what input, and what is inside of a compound line. */
import type { CardPage } from './card-page.ts';
import type { CardSubject } from './view.ts';

export const commandsCannotBeUndone = 'Commands cannot be undone.';

/** Words that mean the same in every shell without quotes. */
const bareWord = /^[A-Za-z0-9_./:,+@%=-]+$/;

export function addCommand(page: CardPage, subject: Extract<CardSubject, { kind: 'command' }>): void {
  if (subject.argv !== null) addWords(page, subject.argv);
  else page.exact('Shell line', subject.line ?? '', 'danger');
  if (subject.argv === null) page.note('A shell on the server reads this line as it stands.', 'warn');
  page.exact('Folder', subject.cwd ?? 'the login folder');
  if (subject.durable)
    page.note(
      'Durable: it goes on without us on the server, also when the connection or signalbox ends. `signalbox commands stop` ends it.',
      'warn',
    );
  if (subject.sudo) page.note("sudo is given the password of this server's record; the command itself is not.", 'warn');
  addInput(page, subject.stdin);
  if (subject.parts.length > 0) page.label('Parts, each with its own verdict');
  for (const part of subject.parts) {
    page.more(part.text, roleOf(part.outcome), `${part.outcome}: `);
    page.note(part.reason, 'muted', 2);
  }
  page.note(commandsCannotBeUndone, 'warn');
}

/** On one line when every word is plain, otherwise one word a line, so that no space or quote can mislead. */
function addWords(page: CardPage, argv: readonly string[]): void {
  if (argv.every((word) => bareWord.test(word))) {
    page.exact('Command', argv.join(' '));
    return;
  }
  page.exact('Command', `${argv.length} words, one a line:`, 'label');
  // A quote at both ends shows where a word begins and ends; inside it nothing is quoted.
  for (let at = 0; at < argv.length; ) {
    const names = namesInAnyCase(argv, at);
    if (names.length > 1) page.more(names.join(' '), 'muted', `${prefixOf(argv[at] ?? '')}, each in any case: `);
    else page.more(toShown(argv[at] ?? ''));
    at += Math.max(1, names.length);
  }
}

function toShown(word: string): string {
  return bareWord.test(word) ? word : `'${word}'`;
}

/** The names of an option that comes many times over, each letter written as `[aA]`: read back as they are, and told apart by spaces. */
function namesInAnyCase(argv: readonly string[], from: number): readonly string[] {
  const prefix = prefixOf(argv[from] ?? '');
  const names: string[] = [];
  for (const word of prefix === '' ? [] : argv.slice(from)) {
    const pattern = word.slice(prefix.length);
    const name = pattern.replace(/\[([a-z])([A-Z])\]/g, '$1');
    // Only what is written exactly so and in no other way may be shown shorter.
    if (!word.startsWith(prefix) || !/^[a-z0-9_.*~+[\]-]+$/.test(name) || toAnyCase(name) !== pattern) break;
    names.push(name);
  }
  return names;
}

function prefixOf(word: string): string {
  return /^--exclude(?:-dir)?=/.exec(word)?.[0] ?? '';
}

function toAnyCase(name: string): string {
  return name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
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
