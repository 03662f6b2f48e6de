/** What signed checkpoints say when somebody rewrites the log, the checkpoints or the key. */
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { parseCheckpoint, toCheckpointLine } from '../../../src/core/audit/checkpoint.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { readPublicKey } from '../../../src/runtime/audit/signing-key.ts';
import { intent, permit, redactor, result } from './log-bench.ts';
import { linesOf, openSignedLog, setLines } from './signed-log.ts';

let log: ReturnType<typeof openSignedLog>;
beforeEach(() => {
  log = openSignedLog();
});
afterEach(() => log.dispose());

describe('a log that is signed', () => {
  it('has a key of its owner only, and a checkpoint at the start, every 256 records, at each rotation and at the end', async () => {
    await log.run({ operations: 300, segmentBytesMax: 120_000 });
    expect(statSync(log.keyFile).mode & 0o777).toBe(0o600);
    const checkpoints = linesOf(log.path('checkpoints.jsonl')).map((line) => present(parseCheckpoint(line), line));
    expect(checkpoints[0]?.seq).toBe(0);
    const gaps = checkpoints.slice(1).map((one, index) => one.seq - (checkpoints[index]?.seq ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(256 + 153);
    const verdict = await log.verify();
    expect(verdict).toMatchObject({ ok: true, signature: { keys: [log.fingerprint()], second: null } });
    // The last record of the run is signed.
    expect(verdict.ok && verdict.signature?.signedSeq).toBe(verdict.records);
  });

  it('keeps its key over starts, and verifies with its fingerprint and the second place', async () => {
    await log.run({ operations: 3, second: log.secondPlace });
    const first = log.fingerprint();
    expect(await log.run({ operations: 3, name: 'more', second: log.secondPlace })).toEqual([]);
    expect(log.fingerprint()).toBe(first);
    expect(await log.verify({ trusted: [first], secondPlace: log.secondPlace })).toMatchObject({ ok: true, notes: [] });
    expect(linesOf(log.secondPlace)).toEqual(linesOf(log.path('checkpoints.jsonl')));
  });

  it('signs a log that was begun without a key', async () => {
    const own = await createAuditLog({ folder: log.folder, redactor });
    await own.append([intent('old'), permit('old'), result('old')]);
    await own.close();
    await log.run({ operations: 2 });
    expect(await log.verify()).toMatchObject({ ok: true, signature: { keys: [log.fingerprint()] } });
  });

  it('is not confused by a clock that goes backwards', async () => {
    let nowMs = Date.parse('2026-11-20T12:00:00Z');
    const clock: Clock = { ...systemClock, nowMs: () => (nowMs -= 3_600_000) };
    await log.run({ operations: 300, clock });
    await log.run({ operations: 5, name: 'later', clock });
    expect(await log.verify()).toMatchObject({ ok: true });
  });

  it('goes on after a checkpoint that was cut short by a kill', async () => {
    await log.run({ operations: 3 });
    const whole = readFileSync(log.path('checkpoints.jsonl'), 'utf8');
    writeFileSync(log.path('checkpoints.jsonl'), whole.slice(0, -40));
    await log.run({ operations: 3, name: 'more' });
    const verdict = await log.verify();
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.ok && verdict.notes.join(' ')).toContain('1 lines of checkpoints cannot be read');
  });

  it('goes on without its second place, says so, and gives it what it missed later', async () => {
    const away = join(log.base, 'not-mounted', 'second.jsonl');
    const own = await createAuditLog({
      folder: log.folder,
      redactor,
      signing: { keyFile: log.keyFile, secondPlace: away },
    });
    await own.append([intent('a'), permit('a'), result('a')]);
    expect(existsSync(away)).toBe(false);
    mkdirSync(join(log.base, 'not-mounted'));
    await own.close();
    expect(linesOf(away).length).toBeGreaterThan(1);
    expect(await log.verify({ secondPlace: away })).toMatchObject({ ok: true, notes: [] });
    rmSync(away);
    const verdict = await log.verify({ secondPlace: away });
    expect(verdict.ok && verdict.notes.join(' ')).toContain('does not exist');
  });
});

describe('verify names', () => {
  const forgeries: readonly (readonly [string, () => Promise<void> | void, RegExp])[] = [
    [
      'a log rewritten without the key',
      () => log.rewrite(700, 'forged'),
      /Record \d+ is not the one that was signed.*rewritten/,
    ],
    [
      'a log rewritten by a shorter one',
      () => log.rewrite(2, 'forged'),
      /Record 1 is not the one that was signed.*rewritten/,
    ],
    [
      'an end that was cut off with its note',
      () => {
        const file = log.path('segment-000001.jsonl');
        const lines = linesOf(file).slice(0, 1_000);
        setLines(file, lines);
        const { seq, hash } = JSON.parse(lines.at(-1) ?? '') as { seq: number; hash: string };
        writeFileSync(log.path('head.json'), JSON.stringify({ seq, hash }));
      },
      /ends after record 1000, but record 2102 was signed/,
    ],
    [
      'a whole log that was removed with its note',
      () => {
        rmSync(log.path('segment-000001.jsonl'));
        rmSync(log.path('head.json'));
      },
      /ends after record 0, but record 2102 was signed/,
    ],
    [
      'checkpoints that were removed with the log rewritten',
      async () => {
        await log.rewrite(700, 'forged');
        rmSync(log.path('checkpoints.jsonl'));
      },
      /No checkpoint of the log is left/,
    ],
    [
      'checkpoints that were emptied',
      () => writeFileSync(log.path('checkpoints.jsonl'), ''),
      /No checkpoint of the log is left/,
    ],
    [
      'the last checkpoints removed',
      () => setLines(log.path('checkpoints.jsonl'), linesOf(log.path('checkpoints.jsonl')).slice(0, 1)),
      /No checkpoint covers records 1 to 2102/,
    ],
    [
      'a checkpoint with another number',
      () => changeCheckpoint(2, { seq: 7 }),
      /The checkpoint of record 7 .*:3\) was changed/,
    ],
    [
      'a checkpoint with another head',
      () => changeCheckpoint(2, { head: '0'.repeat(64) }),
      /was changed: its signature/,
    ],
    ['a checkpoint with another time', () => changeCheckpoint(1, { ts: '2020-01-01T00:00:00.000Z' }), /was changed/],
    ['a checkpoint of another segment', () => changeCheckpoint(1, { segment: 'segment-000009.jsonl' }), /was changed/],
    ['a checkpoint under another key', () => changeCheckpoint(1, { key: otherKey() }), /was changed/],
    [
      'checkpoints of another key',
      async () => {
        await log.rewrite(700, 'forged');
        cpSync(join(log.base, 'forged-checkpoints.jsonl'), log.path('checkpoints.jsonl'));
      },
      /is signed by SHA256:\S+, not by SHA256:/,
    ],
  ];

  const changeCheckpoint = (index: number, change: object): void => {
    const lines = linesOf(log.path('checkpoints.jsonl'));
    const checkpoint = present(parseCheckpoint(lines[index] ?? ''), 'It is there.');
    setLines(
      log.path('checkpoints.jsonl'),
      lines.map((line, at) => (at === index ? toCheckpointLine({ ...checkpoint, ...change }) : line)),
    );
  };
  const otherKey = (): string => {
    writeFileSync(
      join(log.base, 'other.pem'),
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      { mode: 0o600 },
    );
    return present(readPublicKey(join(log.base, 'other.pem')), 'It is a key.');
  };

  // Written once, since every forgery begins with the same log.
  let long: ReturnType<typeof openSignedLog>;
  beforeAll(async () => {
    long = openSignedLog();
    await long.run({ operations: 700 });
  });
  afterAll(() => long.dispose());

  it.each(forgeries)('%s', async (_what, forge, problem) => {
    log.dispose();
    log = openSignedLog(long);
    await forge();
    const verdict = await log.verify();
    expect(verdict.ok ? 'ok' : verdict.problem).toMatch(problem);
    // The next start does not make it good: either it stays wrong, or the log says for good that its checkpoints were gone.
    await log.run({ operations: 1, name: 'next' });
    const later = await log.verify();
    expect(later.ok ? later.notes.join(' ') : 'wrong').toMatch(
      /wrong|no checkpoint was left|checkpoints were removed/i,
    );
  });

  describe('a key that was replaced with log and checkpoints', () => {
    let before: string;
    let replaced: ReturnType<typeof openSignedLog>;
    beforeAll(async () => {
      replaced = openSignedLog();
      await replaced.run({ operations: 300, second: replaced.secondPlace });
      before = replaced.fingerprint();
      await replaced.rewrite(300, 'forged');
      cpSync(join(replaced.base, 'forged-checkpoints.jsonl'), replaced.path('checkpoints.jsonl'));
      cpSync(join(replaced.base, 'forged.pem'), replaced.keyFile);
    });
    afterAll(() => replaced.dispose());
    beforeEach(() => {
      log.dispose();
      log = openSignedLog(replaced);
    });

    it('by the fingerprint', async () => {
      const verdict = await log.verify({ trusted: [before] });
      expect(verdict.ok ? 'ok' : verdict.problem).toContain(`not by ${before}`);
    });

    it('by the second place', async () => {
      const verdict = await log.verify({ secondPlace: log.secondPlace });
      expect(verdict.ok ? 'ok' : verdict.problem).toMatch(/second\.jsonl:\d+\) is signed by .*, not by/);
    });

    it('by both, and by both keys with the second place', async () => {
      for (const trusted of [[before], [before, log.fingerprint()]])
        expect((await log.verify({ trusted, secondPlace: log.secondPlace })).ok).toBe(false);
    });

    it('but not without either: whoever holds the key can sign another log', async () => {
      expect((await log.verify()).ok).toBe(true);
    });
  });

  it('a log that was cut with its checkpoints, by the second place', async () => {
    await log.run({ operations: 300, second: log.secondPlace });
    const kept = linesOf(log.path('checkpoints.jsonl')).slice(0, 3);
    const seq = parseCheckpoint(kept.at(-1) ?? '')?.seq ?? 0;
    const lines = linesOf(log.path('segment-000001.jsonl')).slice(0, seq);
    setLines(log.path('checkpoints.jsonl'), kept);
    setLines(log.path('segment-000001.jsonl'), lines);
    rmSync(log.path('head.json'));
    expect((await log.verify()).ok).toBe(true);
    const verdict = await log.verify({ secondPlace: log.secondPlace });
    expect(verdict.ok ? 'ok' : verdict.problem).toMatch(/was signed \(.*second\.jsonl:\d+\): the end was cut off/);
  });

  it('a second place with a checkpoint of another log', async () => {
    await log.run({ operations: 3, second: log.secondPlace });
    await log.run({
      operations: 3,
      into: join(log.base, 'other'),
      key: join(log.base, 'other.pem'),
      second: log.secondPlace,
    });
    const verdict = await log.verify({ secondPlace: log.secondPlace });
    expect(verdict.ok ? 'ok' : verdict.problem).toContain('is signed by');
  });

  it('a fingerprint that signed nothing', async () => {
    await log.run({ operations: 3 });
    const verdict = await log.verify({ trusted: [log.fingerprint(), `SHA256:${'A'.repeat(43)}`] });
    expect(verdict.ok ? 'ok' : verdict.problem).toContain('No checkpoint is signed by SHA256:AAA');
  });
});
