/** What a connection learns of its line and server: the shortest round trip of today, and of earlier connections only what is the same machine's. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LineFacts } from '../../../src/core/facts/line-facts.ts';
import { ChannelQueue } from '../../../src/runtime/ssh/channel-queue.ts';
import { LineRecord } from '../../../src/runtime/ssh/line-record.ts';
import { farLine } from '../../fixtures/line-facts.ts';
import { sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type Lab, memoryLines, never, textOf, until, withLab } from './lab.ts';

function open(options: Partial<ConstructorParameters<typeof LineRecord>[0]> = {}) {
  const record = new LineRecord({
    hostKey: 'SHA256:one',
    authority: null,
    software: 'OpenSSH_9.3',
    systemSsh: null,
    known: farLine,
    farFromMs: 10,
    ...options,
  });
  const told: LineFacts[] = [];
  record.onChanged((facts) => told.push(facts));
  return { record, told };
}

describe('the record of a line', () => {
  it('begins with what earlier connections have learned, so that a far server is far at once', () => {
    const { record } = open();
    expect(record.isFar).toBe(true);
    expect(record.facts).toEqual({ ...farLine, software: 'OpenSSH_9.3' });
  });

  it('begins with nothing behind another host key', () => {
    const { record } = open({ hostKey: 'SHA256:two' });
    expect(record.isFar).toBe(false);
    expect(record.facts).toMatchObject({ hostKey: 'SHA256:two', roundTripMs: null, sessionsMax: null, files: null });
  });

  it.each([
    ['nearer', 2, false],
    ['farther', 200, true],
  ])('believes the first round trip of today where the line has become %s', (_how, firstMs, isFar) => {
    const { record, told } = open();
    record.noteRoundTrip(firstMs);
    expect(record.roundTripMs).toBe(firstMs);
    expect(told.at(-1)).toMatchObject({ roundTripMs: firstMs, isFar });
  });

  it.each([
    ['of a new server, that is near after all', null, [40, 2], ['again', 'enough'], false],
    ['of one that was near', { ...farLine, roundTripMs: 2, isFar: false }, [40, 2], ['again', 'enough'], false],
    ['until it was measured three times', null, [40, 50, 45, 41], ['again', 'again', 'enough', 'enough'], true],
    ['but of one that was far', farLine, [40], ['enough'], true],
    ['but of one that is near', null, [2, 40], ['enough', 'enough'], false],
  ] as const)('does not believe one long round trip alone: %s', (_which, known, measured, wanted, isFar) => {
    const { record, told } = open({ known, hostKey: farLine.hostKey });
    expect(measured.map((ms) => record.noteRoundTrip(ms))).toEqual(wanted);
    expect([record.isFar, record.facts.isFar]).toEqual([isFar, isFar]);
    // Nothing is kept of it while it is in doubt.
    expect(told.some((facts) => facts.isFar) && !isFar).toBe(false);
  });

  it('takes the shortest, and tells only what is news', () => {
    const { record, told } = open({ known: null });
    for (const roundTripMs of [40, 90, 39, 41, 20]) record.noteRoundTrip(roundTripMs);
    expect(told.map(({ roundTripMs }) => roundTripMs)).toEqual([39, 20]);
    expect(record.roundTripMs).toBe(20);
    for (let count = 0; count < 3; count += 1) record.noteCommand('ours', true);
    for (let count = 0; count < 3; count += 1) record.noteFiles({ posixRename: false, fsync: true, statvfs: true });
    expect(told).toHaveLength(4);
  });

  it('has no quirk left when it is learned anew, and goes on with the round trip of this connection', () => {
    const { record, told } = open();
    record.noteRoundTrip(30);
    record.noteRefusal();
    record.forget();
    expect(told.at(-1)).toMatchObject({ hostKey: 'SHA256:one', roundTripMs: 30, sessionsMax: null, commands: null });
    expect(record.isFar).toBe(true);
  });
});

describe('the sessions of a line', () => {
  it('are counted whatever they are for, and those that have ended are not', () => {
    const { record } = open({ known: null });
    const closing: (() => void)[] = [];
    const begin = (): void => record.noteSession((call) => closing.push(call));
    begin();
    begin();
    closing[0]?.();
    begin();
    record.noteRefusal();
    expect([record.openMost, record.facts.sessionsMax]).toEqual([2, 2]);
    begin();
    expect(record.facts.sessionsMax).toBe(3);
  });

  it('that wait for no slot take one where slots are few, and none else', async () => {
    const queue = new ChannelQueue(8);
    const beside = queue.standBeside();
    const slots = await Promise.all(Array.from({ length: 8 }, () => queue.acquire(null)));
    expect([queue.isFree, queue.others]).toEqual([false, 1]);
    for (const slot of slots) slot.dispose();
    queue.reduceTo(2);
    const [first] = [await queue.acquire(null)];
    expect(queue.isFree).toBe(false);
    // Once it has gone, its place is free for the next that waits.
    const next = queue.acquire(null);
    beside.dispose();
    (await next).dispose();
    first?.dispose();
    expect([queue.live, queue.others]).toEqual([0, 0]);
  });
});

describe.runIf(sshdRuns())('a server that allows few sessions', () => {
  it('has each command wait for its turn, and is asked for no more at once by the next connection', async () => {
    const sshd = await startSshd({ config: ['MaxSessions 2', 'LogLevel DEBUG2'] });
    const lines = memoryLines();
    const on = targetOf(sshd);
    const go = join(sshd.folder, 'go');
    const refused = (): number => sshd.log().match(/no more sessions/g)?.length ?? 0;
    /** How often it refused one while so many of them ran as it takes. */
    const runSix = async (lab: Lab, atOnce = 2): Promise<number> => {
      const before = refused();
      let running = 0;
      const line = `echo begun; until [ -e ${go} ]; do sleep 0.05; done`;
      const sink = { onOutput: () => void (running += 1) };
      const all = Promise.all(Array.from({ length: 6 }, () => lab.exec(on, line, { sink })));
      await until(() => running === atOnce);
      const refusals = refused() - before;
      writeFileSync(go, '');
      expect((await all).map(({ stdout }) => textOf(stdout))).toEqual(Array.from({ length: 6 }, () => 'begun\n'));
      rmSync(go);
      return refusals;
    };
    try {
      await withLab(sshd, { lines }, async (lab) => expect(await runSix(lab)).toBeGreaterThan(0));
      expect([...lines.kept.values()]).toMatchObject([{ hostKey: sshd.hostKeyFingerprint, sessionsMax: 2 }]);
      await withLab(sshd, { lines }, async (lab) => {
        // The file service has one of both.
        await lab.servers.realPath(on, sshd.folder, never());
        expect(await runSix(lab, 1)).toBe(0);
      });
      await withLab(sshd, { lines }, async (lab) => {
        expect(await runSix(lab)).toBe(0);
        // What a person asks for anew may have been put right.
        await lab.servers.learnAnew(on);
        expect(await lab.servers.line(on)).toMatchObject({ sessionsMax: null });
        expect([...lines.kept.values()]).toMatchObject([{ sessionsMax: null }]);
      });
    } finally {
      await sshd.stop();
    }
  });
});
