/** Recordings on a real disk: what is in the file, its bounds, and what happens when it cannot be written. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEventLine, parseHeaderLine } from '../../../src/core/recording/asciicast.ts';
import { createRecordings } from '../../../src/runtime/recordings/create-recordings.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

const note = { auditId: 'a1', title: 'tail -f log', source: 'output' } as const;
let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'signalbox-recordings-')), 'recordings');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const lines = (name: string): string[] => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
const textOf = (name: string): string =>
  lines(name)
    .slice(1)
    .map(parseEventLine)
    .map((event) => (event?.kind === 'output' ? event.text : ''))
    .join('');
const open = (more: { bytesMax?: number } = {}, clock = new HandClock()) =>
  createRecordings({ folder, clock, ...more });

describe('a recording', () => {
  it('holds what came, when it came, and is named by size and hash', async () => {
    const clock = new HandClock();
    const recording = open({}, clock).begin(note);
    recording.write('stdout', Buffer.from('one\ntwo\r\n'));
    clock.advance(1_500);
    recording.write('stderr', Buffer.from('\x1b[31mred\x1b[0m'));
    const before = recording.facts();
    const facts = await recording.end();
    const bytes = readFileSync(join(folder, 'a1.cast'));
    expect(facts).toEqual({
      name: 'a1.cast',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      problem: null,
    });
    expect(before.sha256).toBe(facts.sha256);
    expect(parseHeaderLine(lines('a1.cast')[0] ?? '')).toMatchObject({ title: 'tail -f log', columns: 120 });
    expect(lines('a1.cast').slice(1)).toEqual(['[0,"o","one\\r\\ntwo\\r\\n"]', '[1.5,"o","\\u001b[31mred\\u001b[0m"]']);
    expect(await recording.end()).toEqual(facts);
  });

  it('is readable by its owner alone, and leaves no file when nothing was begun', async () => {
    const recordings = open();
    expect(existsSync(folder)).toBe(false);
    await recordings.begin(note).end();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'a1.cast')).mode & 0o777).toBe(0o600);
  });

  it('joins characters that come in pieces, on each stream by itself', async () => {
    const recording = open().begin(note);
    const [first, second] = [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)];
    recording.write('stdout', first);
    recording.write('stderr', Buffer.from('x'));
    recording.write('stdout', second);
    recording.write('stdout', Buffer.from([0xff]));
    await recording.end();
    expect(textOf('a1.cast')).toBe('xä�');
  });

  it('goes on with a character whose rest comes behind plain text that cuts it off', async () => {
    const recording = open().begin(note);
    for (const piece of [Buffer.from('€').subarray(0, 2), Buffer.from('x\n'), Buffer.from('€'), Buffer.from('"y"\n')])
      recording.write('stdout', piece);
    await recording.end();
    expect(textOf('a1.cast')).toBe('\ufffdx\r\n€"y"\r\n');
  });

  it('keeps the line ends and the sizes of a real terminal', async () => {
    const recording = open().begin({ ...note, source: 'terminal', size: { columns: 80, rows: 24 } });
    recording.write('stdout', Buffer.from('a\nb\r\n'));
    recording.resize(100, 30);
    await recording.end();
    expect(lines('a1.cast').slice(1)).toEqual(['[0,"o","a\\nb\\r\\n"]', '[0,"r","100x30"]']);
  });

  it('ends at its bound and says so, in the file and in the facts', async () => {
    const recording = open({ bytesMax: 2_000 }).begin(note);
    for (let at = 0; at < 500; at += 1) recording.write('stdout', Buffer.from(`line ${at}\n`));
    const facts = await recording.end();
    expect(facts.bytes).toBeLessThanOrEqual(2_000);
    expect(facts.problem).toContain('ends at 2000 bytes');
    expect(textOf('a1.cast')).toContain('the recording ends here');
    expect(statSync(join(folder, 'a1.cast')).size).toBe(facts.bytes);
  });

  it('holds a flood whole', async () => {
    const recording = open().begin(note);
    let expected = '';
    for (let at = 0; at < 5_000; at += 1) {
      const line = `${at} ${'x'.repeat(1_000)}`;
      expected += `${line}\r\n`;
      recording.write('stdout', Buffer.from(`${line}\n`));
      // Some of it is written while more comes.
      if (at % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const facts = await recording.end();
    const bytes = readFileSync(join(folder, 'a1.cast'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(facts.sha256);
    expect(textOf('a1.cast') === expected).toBe(true);
  });

  it.each([
    ['a file is in the place of the folder', () => writeFileSync(folder, '')],
    [
      'a recording of that name is there',
      () => {
        mkdirSync(folder);
        writeFileSync(join(folder, 'a1.cast'), 'of another');
      },
    ],
  ])('never throws when %s: the facts of a short one and of a long one say it', async (_name, spoil) => {
    spoil();
    for (const text of ['x\n', 'x'.repeat(500_000)]) {
      const recording = open().begin(note);
      recording.write('stdout', Buffer.from(text));
      expect((await recording.end()).problem).toContain('not whole');
    }
    if (statSync(folder).isDirectory()) expect(readFileSync(join(folder, 'a1.cast'), 'utf8')).toBe('of another');
  });

  it('never replaces a recording that is there', async () => {
    await open().begin(note).end();
    const before = readFileSync(join(folder, 'a1.cast'));
    const second = open().begin(note);
    second.write('stdout', Buffer.from('forged\n'));
    await second.end();
    expect(readFileSync(join(folder, 'a1.cast'))).toEqual(before);
    expect(readdirSync(folder)).toEqual(['a1.cast']);
    chmodSync(folder, 0o700);
  });
});

describe('what is no asciicast', () => {
  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"version":1,"width":80,"height":24}',
    '{"version":2}',
    '{"version":2,"width":"80","height":24}',
  ])('is no header: %s', (line) => expect(parseHeaderLine(line)).toBeNull());
  it.each([
    '',
    '{}',
    '[',
    '[1]',
    '[1,"o"]',
    '[1,"o",2]',
    '["1","o","x"]',
    '[-1,"o","x"]',
    '[1,"i","typed"]',
    '[1,"r","axb"]',
    '[1,"r","99999x1"]',
    '[null,"o","x"]',
  ])('is no event: %s', (line) => expect(parseEventLine(line)).toBeNull());
});
