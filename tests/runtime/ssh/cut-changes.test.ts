/**
 * The line is cut at any moment of a change of a file: where the server is reached again, the change comes to its end; where not, the file is
 * the old one or the new one, what is said of it is true, and what nobody knew is looked up later.
 */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Action } from '../../../src/core/action.ts';
import { OperationError } from '../../../src/core/codes.ts';
import { Permit } from '../../../src/core/permit.ts';
import type { PerformOutcome } from '../../../src/core/ports.ts';
import type { Target } from '../../../src/core/server.ts';
import type { ChangeFound } from '../../../src/core/unfinished-writes.ts';
import { LeapClock } from '../../fixtures/leap-clock.ts';
import { type Line, openLine, type Way } from '../../fixtures/line.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { beforeRequest } from './between.ts';
import { type Lab, makeLab, never, sha256, until } from './lab.ts';

const old = 'the old content\n'.repeat(40);
const wanted = 'what was approved\n'.repeat(30);
/** Where each way of each change is cut, in sevenths of what passes: before, in and after what makes the change. */
const cuts = {
  'replaces a file': { up: [2, 6], down: [1, 5] },
  'makes a file': { up: [5], down: [3] },
  'writes into a file': { up: [1, 5], down: [5] },
  'removes a file': { up: [2], down: [6] },
} as const;

describe.runIf(sshdRuns())('a change whose line is cut', () => {
  let sshd: Sshd;
  let line: Line;
  let lab: Lab;
  let target: Target;
  let folder: string;
  const clock = new LeapClock();
  const found: ChangeFound[] = [];
  const told = new Set<string>();
  beforeAll(async () => {
    sshd = await startSshd();
    line = await openLine(sshd);
    target = targetOf(sshd, { port: line.port });
    lab = await makeLab(sshd, { clock, knownHosts: sshd.knownHostsLine.replace(`:${sshd.port}`, `:${line.port}`) });
    lab.servers.onChangeFound((each) => found.push(each));
  });
  afterAll(async () => {
    await lab?.dispose();
    await line?.close();
    await sshd?.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(sshd.folder, 'case-'));
    found.length = 0;
  });
  afterEach(() => {
    line.refuse('nothing');
    line.reset();
  });

  const changes = {
    'replaces a file': { before: old, after: wanted, replace: 'atomic' },
    'makes a file': { before: null, after: wanted, replace: 'atomic' },
    'writes into a file': { before: old, after: wanted, replace: 'in-place' },
    'removes a file': { before: old, after: null, replace: 'atomic' },
  } as const;
  type Kind = keyof typeof changes;
  let number = 0;
  const place = (kind: Kind): string => {
    number += 1;
    const path = join(folder, `file-${String(number).padStart(3, '0')}`);
    const { before } = changes[kind];
    if (before !== null) writeFileSync(path, before, { mode: 0o640 });
    return path;
  };
  const perform = (action: Action): Promise<PerformOutcome> =>
    lab.servers.perform(new Permit(`A-${number}`, target, action, null), {}, never());
  const change = (kind: Kind, path: string): Promise<PerformOutcome> => {
    const { before, after, replace } = changes[kind];
    const expectedSha256 = before === null ? null : sha256(before);
    if (after === null) return perform({ kind: 'remove-file', path, expectedSha256: sha256(old), removeFolders: [] });
    const content = new TextEncoder().encode(after);
    return perform({ kind: 'write-file', path, content, expectedSha256, mode: null, replace, createFolders: [] });
  };
  const now = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);
  const temporaries = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.signalbox-'));
  const reach = (): Promise<PerformOutcome> => perform({ kind: 'stat', path: sshd.folder });
  /** After how many bytes to cut, so that every part of the change is cut once. */
  const placesToCut = async (kind: Kind, way: Way): Promise<readonly number[]> => {
    await reach();
    const before = line.passed[way];
    await change(kind, place(kind));
    const bytes = line.passed[way] - before;
    return cuts[kind][way].map((seventh) => Math.floor((bytes * seventh) / 7));
  };
  const ways = Object.keys(changes).flatMap((kind) => [[kind, 'up'] as const, [kind, 'down'] as const]) as [
    Kind,
    Way,
  ][];

  it.each(ways)('and %s (%s) comes to its end over the next connection', async (kind, way) => {
    for (const bytes of await placesToCut(kind, way)) {
      const path = place(kind);
      await reach();
      const cut = line.cutAfter(way, bytes);
      const changing = change(kind, path);
      await cut;
      line.reset();
      const outcome = await changing;
      expect(outcome).toMatchObject({ resumed: true });
      expect(now(path)).toBe(changes[kind].after);
      if (changes[kind].before !== null && changes[kind].after !== null)
        expect(statSync(path).mode & 0o777).toBe(0o640);
    }
    expect([temporaries(), found]).toEqual([[], []]);
  });

  it.each(ways)(
    'and %s (%s) says what is known, and the rest is looked up with the next connection',
    async (kind, way) => {
      const { before, after, replace } = changes[kind];
      for (const bytes of await placesToCut(kind, way)) {
        const path = place(kind);
        found.length = 0;
        await reach();
        const cut = line.cutAfter(way, bytes);
        const changing = change(kind, path).then(
          () => null,
          (error: unknown) => error,
        );
        await cut;
        line.refuse('new connections');
        line.reset();
        const timer = setInterval(() => clock.leap(4_000), 20);
        const error = await changing.finally(() => clearInterval(timer));
        line.refuse('nothing');
        if (!(error instanceof OperationError)) throw error;
        await reach();
        const content = now(path);
        if (!error.outcomeUnknown) {
          expect([content, found]).toEqual([before, []]);
          told.add('unchanged');
          continue;
        }
        expect(error.message).toContain(`whether ${path} was`);
        const [{ state }] = found as [ChangeFound];
        expect(state?.kind === 'file' ? state.sha256 : null).toBe(content === null ? null : sha256(content));
        // Only a write in place can leave parts of both, which is said.
        if (replace === 'in-place') expect(error.message).toContain('may hold parts');
        else expect([before, after]).toContain(content);
        told.add(content === after ? 'changed' : content === before ? 'not changed' : 'parts of both');
      }
      expect(temporaries()).toEqual([]);
      expect(told).not.toEqual([]);
    },
  );

  it('and is begun again under another name, so that a rename of the lost connection that comes late moves nothing', async () => {
    await reach();
    const { up } = line.passed;
    await change('replaces a file', place('replaces a file'));
    const bytes = line.passed.up - up;
    const path = place('replaces a file');
    await reach();
    const names = new Set<string | null>();
    const watcher = watch(folder, (_event, name) => void (name?.startsWith('.signalbox-') && names.add(name)));
    const cut = line.cutAfter('up', Math.floor((bytes * 4) / 7));
    const changing = change('replaces a file', path);
    await cut;
    await until(() => names.size === 1);
    line.reset();
    expect(await changing).toMatchObject({ resumed: true });
    await until(() => names.size === 2).finally(() => watcher.close());
    expect(temporaries()).toEqual([]);
  });

  it.each([
    ['makes a file', 'rename'],
    ['removes a file', 'ext_openssh_rename'],
  ] as const)(
    'and %s is not made once more where it was made and taken back by somebody meanwhile',
    async (kind, move) => {
      const { before, after } = changes[kind];
      const path = place(kind);
      await reach();
      // Only its answer is lost.
      const cut = new Promise<void>((resolve) => {
        beforeRequest(move, 1, () => void line.cutAfter('down', 0).then(resolve));
      });
      const changing = change(kind, path).catch((error: unknown) => error);
      await cut;
      vi.restoreAllMocks();
      await until(() => now(path) === after);
      if (before === null) unlinkSync(path);
      else writeFileSync(path, before);
      line.reset();
      expect(await changing).toMatchObject({ code: 'CONFLICT', outcomeUnknown: true });
      expect([now(path), temporaries()]).toEqual([before, []]);
    },
  );

  it('and changes the mode alone comes to its end where only the answer is lost', async () => {
    const path = place('replaces a file');
    await reach();
    const cut = new Promise<void>((resolve) => {
      beforeRequest('ext_openssh_rename', 1, () => void line.cutAfter('down', 0).then(resolve));
    });
    const [content, expectedSha256] = [new TextEncoder().encode(old), sha256(old)];
    const changing = perform({
      ...{ kind: 'write-file', path, content, expectedSha256, mode: 0o600, replace: 'atomic', createFolders: [] },
    });
    await cut;
    vi.restoreAllMocks();
    await vi.waitFor(() => expect(statSync(path).mode & 0o777).toBe(0o600));
    line.reset();
    expect(await changing).toMatchObject({ resumed: true });
    expect([now(path), statSync(path).mode & 0o777, temporaries()]).toEqual([old, 0o600, []]);
  });

  it('and removes a file hits no newer one of that name, whenever what was sent arrives', async () => {
    const path = place('removes a file');
    await reach();
    const rooms = new Set<string | null>();
    const watcher = watch(folder, (_event, name) => void (name?.startsWith('.signalbox-') && rooms.add(name)));
    const cut = new Promise<void>((resolve) => {
      beforeRequest('ext_openssh_rename', 1, () => void line.cutAfter('up', 0).then(resolve));
    });
    const changing = change('removes a file', path);
    await cut;
    vi.restoreAllMocks();
    line.reset();
    expect(await changing).toMatchObject({ resumed: true });
    await until(() => rooms.size === 2).finally(() => watcher.close());
    // The move that is still on its way leads into the first of these folders: it is there no more.
    expect([now(path), temporaries()]).toEqual([null, []]);
  });

  it('was cut before, in and after what changes the file', () => {
    expect([...told]).toEqual(expect.arrayContaining(['unchanged', 'not changed', 'changed']));
  });
});
