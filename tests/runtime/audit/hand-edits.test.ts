/** Somebody edits the files of the log by hand, while the host writes it or between two runs: what verify says then, and after the next start. */
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { intent, permit, redactor, result } from './log-bench.ts';
import { linesOf, openSignedLog, setLines } from './signed-log.ts';

let log: ReturnType<typeof openSignedLog>;
beforeEach(() => {
  log = openSignedLog();
});
afterEach(() => log.dispose());

const segments = (): string[] =>
  readdirSync(log.folder).filter((name) => name.endsWith('.jsonl') && name !== checkpoints);
const checkpoints = 'checkpoints.jsonl';
const newest = (): string => log.path(present(segments().sort().at(-1), 'A log has a segment.'));
const oldest = (): string => log.path('segment-000001.jsonl');
const second = (): string => log.path('segment-000002.jsonl');
const edit = (path: string, change: (lines: string[]) => readonly string[]): void =>
  setLines(path, change(linesOf(path)));
const swap = (lines: string[]): string[] => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)];
const rename = (line: string): string => line.replace('"ts":"2', '"ts":"3');

type Edit = readonly [what: string, change: () => void, says: RegExp];

/** Of records and segments. Where a number is gone the words may name it as missing, or what comes next as no continuation. */
const records: readonly Edit[] = [
  [
    'a record of the oldest segment changed',
    () => edit(oldest(), (all) => all.map((line, at) => (at === 1 ? rename(line) : line))),
    /Record 2 was changed after/,
  ],
  [
    'a record of the newest segment changed',
    () => edit(newest(), (all) => all.map((line, at) => (at === 1 ? rename(line) : line))),
    /Record \d+ was changed after/,
  ],
  ['a record removed', () => edit(oldest(), (all) => all.toSpliced(3, 1)), /Record 4 is missing before record 5/],
  [
    'a record of the newest segment removed',
    () => edit(newest(), (all) => all.toSpliced(1, 1)),
    /Record \d+ is missing before|was signed/,
  ],
  [
    'a record inserted',
    () => edit(oldest(), (all) => all.toSpliced(3, 0, all[1] ?? '')),
    /Record 2 was inserted or repeated after record 3/,
  ],
  ['a line inserted that is none', () => edit(newest(), (all) => all.toSpliced(1, 0, 'hello')), /not an audit record/],
  ['records reordered', () => edit(oldest(), swap), /Records were reordered: record 2 stands at segment-000001/],
  ['the oldest segment truncated in a line', () => truncateSync(oldest(), 700), /cut off|is missing|are missing/],
  [
    'the oldest segment truncated behind a line',
    () => edit(oldest(), (all) => all.slice(0, 2)),
    /Records? 3.* missing/,
  ],
  ['the oldest segment deleted', () => rmSync(oldest()), /Records 1 to \d+ are missing/],
  ['a segment in the middle deleted', () => rmSync(second()), /Records \d+ to \d+ are missing/],
  ['the newest segment deleted', () => rmSync(newest()), /was signed|the end was cut off|missing/],
  ['the newest segment emptied', () => truncateSync(newest(), 0), /was signed|the end was cut off|missing/],
  [
    'the newest segment truncated behind a line',
    () => edit(newest(), (all) => all.slice(0, 1)),
    /was signed|the end was cut off|missing/,
  ],
  [
    'two segments exchanged',
    () => {
      const kept = readFileSync(oldest());
      cpSync(second(), oldest());
      writeFileSync(second(), kept);
    },
    /missing before|reordered/,
  ],
];

/** Of what signs the log. */
const signatures: readonly Edit[] = [
  [
    'the checkpoints removed',
    () => rmSync(log.path(checkpoints)),
    /No checkpoint of the log is left|that checkpoint is gone/,
  ],
  [
    'the checkpoints emptied',
    () => truncateSync(log.path(checkpoints), 0),
    /No checkpoint of the log is left|that checkpoint is gone/,
  ],
  [
    'the checkpoints cut to the first',
    () => edit(log.path(checkpoints), (all) => all.slice(0, 1)),
    /says that record \d+ was signed, and that checkpoint is gone/,
  ],
  [
    'a checkpoint removed that the log speaks of',
    () => edit(log.path(checkpoints), (all) => all.toSpliced(2, 1)),
    /says that record \d+ was signed, and that checkpoint is gone/,
  ],
  [
    'a checkpoint edited',
    () =>
      edit(log.path(checkpoints), (all) =>
        all.map((line, at) => (at === 2 ? line.replace(/"seq":(\d+)/, '"seq":1$1') : line)),
      ),
    /was changed: its signature/,
  ],
];

/** What is derived, or only a hint: verify needs none of it. */
const harmless: readonly (readonly [string, () => void])[] = [
  ['an index deleted', () => rmSync(log.path('segment-000001.index'), { force: true })],
  ['an index that is garbage', () => writeFileSync(log.path('segment-000001.index'), 'garbage')],
  ['the index of another segment', () => cpSync(log.path('segment-000002.index'), log.path('segment-000001.index'))],
  ['head.json deleted', () => rmSync(log.path('head.json'))],
  ['head.json that is garbage', () => writeFileSync(log.path('head.json'), '{')],
];

async function say(): Promise<string> {
  const verdict = await log.verify();
  return verdict.ok ? `ok ${verdict.notes.join(' ')}` : verdict.problem;
}

const small = 3_000;
const runOf = (name: string, operations = 12): Promise<unknown> =>
  log.run({ operations, name, segmentBytesMax: small });

describe('between two runs', () => {
  // Written once, since every edit begins with the same log.
  let twoRuns: ReturnType<typeof openSignedLog>;
  beforeAll(async () => {
    twoRuns = openSignedLog();
    log = twoRuns;
    await runOf('a');
    await runOf('b');
  });
  afterAll(() => twoRuns.dispose());
  const startFromTwoRuns = (): void => {
    log.dispose();
    log = openSignedLog(twoRuns);
  };

  it.each([...records, ...signatures])(
    '%s: named at once, and still after the next run',
    async (_what, change, says) => {
      startFromTwoRuns();
      expect(await say()).toMatch(/^ok/);
      change();
      expect(await say()).toMatch(says);
      await runOf('c', 5);
      expect(await say()).not.toMatch(/^ok/);
    },
  );

  it.each(harmless)('%s: nothing is lost', async (_what, change) => {
    startFromTwoRuns();
    const before = await openAuditReader({ folder: log.folder }).page({ offset: 0, limit: 100 });
    change();
    expect(await say()).toMatch(/^ok/);
    expect(await openAuditReader({ folder: log.folder }).page({ offset: 0, limit: 100 })).toEqual(before);
    await runOf('c', 5);
    expect(await say()).toMatch(/^ok/);
  });

  it('a head that is garbage is kept for a person to see, and the log says so', async () => {
    await runOf('a');
    writeFileSync(log.path('head.json'), '{');
    await runOf('b');
    expect(readFileSync(log.path('head.json.damaged'), 'utf8')).toBe('{');
    expect(await say()).toMatch(/^ok .*head\.json was damaged, and is kept as head\.json\.damaged/);
  });

  it('checkpoints that are put back make the log good again', async () => {
    await runOf('a');
    const kept = readFileSync(log.path(checkpoints), 'utf8');
    rmSync(log.path(checkpoints));
    await runOf('b');
    expect(await say()).toMatch(/that checkpoint is gone/);
    writeFileSync(log.path(checkpoints), kept + readFileSync(log.path(checkpoints), 'utf8'));
    expect(await say()).toMatch(/^ok/);
  });

  it('the log rewritten without its key, and its checkpoints removed: no start makes it good', async () => {
    await log.run({ operations: 40 });
    await log.rewrite(40, 'forged');
    rmSync(log.path(checkpoints));
    await log.run({ operations: 40, name: 'next' });
    expect(await say()).toMatch(/no checkpoint of the log was left, though it had a key/);
  });

  it('the key replaced: named, until every key is named', async () => {
    await runOf('a');
    const first = log.fingerprint();
    rmSync(log.keyFile);
    await runOf('b');
    expect(await say()).toMatch(/is signed by SHA256:\S+, not by SHA256:/);
    expect(await log.verify({ trusted: [first, log.fingerprint()] })).toMatchObject({ ok: true });
    expect(await log.verify({ trusted: [first] })).toMatchObject({ ok: false });
  });
});

describe('while the host writes it', () => {
  async function withHost(change: () => void): Promise<readonly string[]> {
    const signing = { keyFile: log.keyFile, secondPlace: null };
    const own = await createAuditLog({ folder: log.folder, redactor, signing, segmentBytesMax: small });
    const work = async (name: string): Promise<void> => {
      for (let index = 0; index < 12; index += 1) {
        const id = `${name}-${index}`;
        await own.append([intent(id), permit(id)]);
        await own.append([result(id)]);
        // What it is asked for it still knows, whatever others did to the files.
        expect((await own.records(id)).map((record) => record.type)).toEqual(['intent', 'permit', 'result']);
      }
    };
    await work('before');
    for (let more = 0; linesOf(newest()).length < 4; more += 1)
      await own.append([intent(`more-${more}`), permit(`more-${more}`)]);
    change();
    const atOnce = await say();
    await work('after');
    const later = await say();
    await own.close();
    return [atOnce, later, await say()];
  }

  it.each([...records, ...signatures])(
    '%s: named at once, later, and when it has ended',
    async (what, change, says) => {
      const [atOnce, ...later] = await withHost(change);
      // A cut behind what was signed last shows as soon as the host writes on, since it writes no further in a file that is not as it left it.
      if (what !== 'the newest segment truncated behind a line') expect(atOnce).toMatch(says);
      for (const one of later) expect(one).not.toMatch(/^ok/);
    },
  );

  it.each(harmless)('%s: nothing is lost', async (_what, change) => {
    for (const one of await withHost(change)) expect(one).toMatch(/^ok/);
  });

  it('the key replaced: the host goes on with the one it has read, and verify names the difference', async () => {
    const other = join(log.base, 'other.pem');
    await log.run({ operations: 1, into: join(log.base, 'other'), key: other });
    const [atOnce, later] = await withHost(() => cpSync(other, log.keyFile));
    for (const one of [atOnce, later]) expect(one).toMatch(/is signed by SHA256:\S+, not by SHA256:/);
  });
});
