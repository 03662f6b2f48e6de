/** The table of `npm run agents`: what was seen of each agent, on the terminal and as Markdown. It runs nothing. */
import { readFileSync, writeFileSync } from 'node:fs';

const begin = '<!-- npm run agents -->';
const end = '<!-- end of npm run agents -->';
const columns = ['agent', 'version', 'reads', 'commands', 'writes', 'denied, cancelled, killed', 'contained'];

/** Not on npm, so nothing of it was seen: what its source says. A fixture that behaves so is in our tests. */
const goose = [
  'goose',
  '1.50, from its source, not run',
  'our tools; ACP `fs` with its developer extension',
  'our tools; whole shell lines to ACP `terminal` with its developer extension',
  'our tools; ACP `fs` with its developer extension',
  'not run',
  'not run; none of its extensions is asked for',
];

/** Started by hand in November 2026 with what npm had then; the checks above do not know them. */
const startedOnly = [
  [
    'Cline',
    '3.0.65, started only',
    'no session without an account of its own (a model key is not enough)',
    'not tried',
    'not tried',
    'not tried',
    'started isolated',
  ],
  [
    'Auggie',
    '0.36.0, started only',
    'no session without an account of its own',
    'not tried',
    'not tried',
    'not tried',
    'started isolated',
  ],
];

export function printTable(seen) {
  if (seen.length === 0) return console.log('No agent was tried yet.');
  console.log(`\n${toMarkdown(seen)}`);
}

/** Ends the process when the file has no place for the table. */
export function writeTable(file, seen) {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) {
    console.error(`${file} has no lines ${begin} and ${end}; add them where the table belongs.`);
    process.exit(2);
  }
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n${toMarkdown(seen)}\n${text.slice(to)}`);
}

function toMarkdown(seen) {
  const rows = [...seen.map(toRow), goose, ...startedOnly];
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function toRow({ agent, version, isolation, checks }) {
  const ends = [checks.denials, checks.cancels, checks.death];
  const offered = `its model is offered ${checks.offered ?? 'nobody knows what'}`;
  const contained = [isolation ?? 'not known', offered, `its own tools: ${checks.ownTools ?? 'not tried'}`];
  return [
    agent,
    version ?? 'not known',
    checks.reads ?? 'not tried',
    checks.commands ?? 'not tried',
    checks.writes ?? 'not tried',
    ends.map((one) => one ?? 'not tried').join('; '),
    contained.join('; '),
  ];
}
