/** What `server test` found, for a person: a line a step with its time, what else was seen below it, and one sentence at the end. Pure. */
import { escapeProse } from '../base/display/escape.ts';
import { toMs } from '../base/display/milliseconds.ts';
import { textWidth } from '../base/display/width.ts';
import type { Result } from '../protocol/methods.ts';

export type TestSteps = Result<'server.test'>['steps'];

export interface TestReportOptions {
  readonly server: string;
  readonly address: string;
  readonly environment: string;
  readonly steps: TestSteps;
  /** Cells of a line. */
  readonly columns: number;
  readonly isUtf8: boolean;
  readonly isColoured: boolean;
  /** All that was seen, not only what was found. */
  readonly isVerbose: boolean;
}

/** Safe to write to a terminal as they are. */
export function toTestReport(options: TestReportOptions): readonly string[] {
  const { server, address, environment, steps } = options;
  const paint = toPaint(options);
  return [
    `${paint('bold', escapeProse(server))}  ${escapeProse(address)}  ${paint('muted', escapeProse(environment))}`,
    '',
    ...steps.flatMap((step) => toStepLines(step, options)),
    ...toEnding(steps, paint),
  ];
}

/** What to run next stands alone and whole, so that it can be copied. */
function toEnding(steps: TestSteps, paint: Paint): readonly string[] {
  const failed = steps.find(({ ok }) => !ok);
  if (!failed) return ['', `  ${paint('good', toSuccess(steps))}`];
  const command = commandIn(failed.detail);
  return command === null ? [] : ['', paint('bold', escapeProse(command))];
}

/** One that is too long to stand in a sentence. */
function commandIn(detail: string): string | null {
  return /`(signalbox [^`]{24,})`/.exec(detail)?.[1] ?? null;
}

type Step = TestSteps[number];
type Tone = 'good' | 'bad' | 'muted' | 'bold';

type Paint = (tone: Tone, text: string) => string;

function toPaint({ isColoured }: TestReportOptions): Paint {
  const codes: Readonly<Record<Tone, number>> = { good: 32, bad: 31, muted: 2, bold: 1 };
  return (tone, text) => (isColoured ? `\x1b[${codes[tone]}m${text}\x1b[0m` : text);
}

function toStepLines(step: Step, options: TestReportOptions): readonly string[] {
  const { isUtf8, columns, isVerbose } = options;
  const paint = toPaint(options);
  const mark = step.ok ? (isUtf8 ? '✓' : 'ok    ') : isUtf8 ? '✗' : 'failed';
  const name = escapeProse(step.name).padEnd(nameCells);
  const indent = ' '.repeat(2 + textWidth(mark) + 1 + nameCells + 2);
  const time = typeof step.ms === 'number' ? toMs(step.ms) : '';
  const room = Math.max(roomMin, columns - indent.length);
  const command = step.ok ? null : commandIn(step.detail);
  const detail = command === null ? step.detail : step.detail.replace(`run \`${command}\``, 'run the command below');
  const [first = '', ...rest] = wrap(escapeProse(detail), room, time === '' ? 0 : timeCells);
  const gap = ' '.repeat(Math.max(1, room - textWidth(first) - time.length));
  const notes = isVerbose || !step.ok ? (step.notes ?? []) : [];
  return [
    `  ${paint(step.ok ? 'good' : 'bad', mark)} ${name}  ${first}${time === '' ? '' : gap + paint('muted', time)}`,
    ...rest.map((line) => indent + line),
    ...notes.flatMap((note) =>
      wrap(escapeProse(note), room - 2, 0).map((line, at) => indent + paint('muted', at === 0 ? line : `  ${line}`)),
    ),
  ];
}

function toSuccess(steps: TestSteps): string {
  // Whose login was not timed (the system's ssh tells no times), of that the rest says nothing.
  const isTimed = steps.some(({ name, ms }) => name === 'Login' && typeof ms === 'number');
  const readyMs = steps.flatMap(({ name, ms }) => (connecting.has(name) && typeof ms === 'number' ? ms : []));
  const line = steps.flatMap(({ notes }) => notes ?? []).find((note) => note.startsWith('a round trip takes '));
  const times = !isTimed ? '' : `: connected in ${toMs(readyMs.reduce((sum, ms) => sum + ms, 0))}`;
  return `Everything works${times}${line === undefined ? '' : `, ${escapeProse(line)}`}.`;
}

/** Between words; the first `reserved` cells less on the first line, where a time stands at its end. */
function wrap(text: string, room: number, reserved: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  // A command between backticks is one word.
  for (const [word] of text.matchAll(/(?:`[^`]*`|[^ ])+/g)) {
    const width = room - (lines.length === 0 ? reserved : 0);
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const connecting = new Set(['Jump host', 'Network', 'Login']);
const nameCells = 'Jump host'.length;
const timeCells = '9999 ms'.length + 2;
const roomMin = 30;
