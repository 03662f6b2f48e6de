/** Bundles of a log, checked by the program inside them: as exported, and tampered with in every way. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAuditFilter } from '../../../src/core/audit/audit-filter.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { exportBundle } from '../../../src/runtime/audit/export-bundle.ts';
import { openAuditReader } from '../../../src/runtime/audit/open-audit-reader.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { writeGitBundle } from '../../../src/runtime/snapshots/write-git-bundle.ts';
import { intent, permit, redactor, result } from './log-bench.ts';

let base: string;
let whole: string;
let chosen: string;
let copy: string;
let fingerprint: string;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'signalbox-bundle-'));
  const folder = join(base, 'audit');
  const repository = join(base, 'snapshots.git');
  const signing = { keyFile: join(base, 'key.pem'), secondPlace: null };
  mkdirSync(join(base, 'casts'));
  writeFileSync(join(base, 'casts', 'a.cast'), 'hello');
  const snapshots = createSnapshots({ repository });
  const keep = (text: string, moment: 'before' | 'after'): Promise<string> =>
    snapshots.commit(
      { kind: 'content', content: Buffer.from(text), sha256: hash(text), mode: 0o644, owner: 'root' },
      { server: 'web-1', realPath: '/etc/app.conf', auditId: 'write', session: 's1', agent: 'demo', moment },
    );
  const log = await createAuditLog({ folder, redactor, signing, segmentBytesMax: 60_000 });
  for (let index = 0; index < 200; index += 1)
    await log.append(
      [intent(`op-${index}`, { server: `web-${index % 2}` }), permit(`op-${index}`), result(`op-${index}`)],
      { durable: false },
    );
  await log.append([
    { type: 'intent', id: 'write', tool: 'remote_write_file', server: 'web-1', path: '/etc/app.conf' },
    { type: 'permit', id: 'write', commitBefore: await keep('one\n', 'before'), beforeSha256: hash('one\n') },
    {
      ...{
        type: 'result',
        id: 'write',
        status: 'ok',
        changedPath: '/etc/app.conf',
        commit: await keep('two\n', 'after'),
      },
      ...{ afterSha256: hash('two\n'), recording: 'a.cast', recordingBytes: 5, recordingSha256: hash('hello') },
    },
  ]);
  await log.close();
  const reader = openAuditReader({ folder });
  const verdict = await reader.verify(signing);
  expect(verdict).toMatchObject({ ok: true });
  const options = {
    ...{ folder, reader, keyFile: signing.keyFile, version: '1.0.0', atMs: 0, verdict },
    readImage: (image: { commit: string; server: string; path: string }) =>
      snapshots.read(image.commit, image.server, image.path),
    writeGitBundle: (file: string) => writeGitBundle(repository, file),
    findRecording: (name: string) => join(base, 'casts', name),
  };
  whole = join(base, 'whole');
  chosen = join(base, 'chosen');
  const report = await exportBundle({ ...options, out: whole, query: null, filter: null });
  expect(report).toMatchObject({ images: 2, recordings: 1, notes: [] });
  fingerprint = report.fingerprint ?? '';
  const filter = parseAuditFilter('server:web-1', 0);
  const part = await exportBundle({ ...options, out: chosen, query: { filter }, filter: 'server:web-1' });
  expect(part.records).toBe(303);
  await expect(exportBundle({ ...options, out: whole, query: null, filter: null })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(() => {
  copy = join(base, 'copy');
  rmSync(copy, { recursive: true, force: true });
});

const check = (folder: string, ...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['verify.mjs', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {},
  });
  return { status, output: stdout + stderr };
};
const edit = (name: string, change: (text: string) => string): void => {
  const path = join(copy, name);
  writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
};
const segment = (number: number): string => join('segments', `segment-${String(number).padStart(6, '0')}.jsonl`);

/** As one would who can write a manifest, and cannot sign it. */
function agree(): void {
  const manifest = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')) as { files: Record<string, string> };
  for (const name of Object.keys(manifest.files))
    if (existsSync(join(copy, name)))
      manifest.files[name] = createHash('sha256')
        .update(readFileSync(join(copy, name)))
        .digest('hex');
  writeFileSync(join(copy, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

describe('a bundle as it was exported', () => {
  it('verifies with nothing but Node, with and without the fingerprint', () => {
    expect(check(whole)).toMatchObject({ status: 0, output: expect.stringContaining(`Signed by ${fingerprint}`) });
    const { status, output } = check(whole, '--key', fingerprint);
    expect(status).toBe(0);
    expect(output).toMatch(/2 files/);
    expect(output).not.toContain('believed');
  });

  it('of chosen records verifies too, and says what that does not prove', () => {
    expect(check(chosen, '--key', fingerprint)).toMatchObject({
      status: 0,
      output: expect.stringContaining('server:web-1'),
    });
    expect(readdirSync(chosen)).not.toContain('segments');
    expect(readFileSync(join(chosen, 'records.jsonl'), 'utf8')).not.toContain('"server":"web-0"');
  });

  it('holds kept files by hash, and a git bundle that can be cloned', () => {
    expect(readFileSync(join(whole, 'files', hash('two\n')), 'utf8')).toBe('two\n');
    execFileSync('git', ['clone', '--quiet', '--branch', 'main', join(whole, 'snapshots.bundle'), join(base, 'clone')]);
    expect(readFileSync(join(base, 'clone', 'web-1', 'etc', 'app.conf'), 'utf8')).toBe('two\n');
  });
});

describe('a bundle that was tampered with is refused', () => {
  const cases: readonly (readonly [string, () => void, RegExp])[] = [
    [
      'a changed record',
      () => edit(segment(1), (text) => text.replace('"argv":["uptime"', '"argv":["reboot"')),
      /segment-000001.jsonl was changed/,
    ],
    ['a removed segment', () => rmSync(join(copy, segment(2))), /segment-000002.jsonl is missing/],
    [
      'an added segment',
      () => cpSync(join(copy, segment(1)), join(copy, segment(9))),
      /segment-000009.jsonl was added/,
    ],
    ['a cut segment', () => edit(segment(1), (text) => text.slice(0, 3_000)), /was changed/],
    [
      'a removed last record',
      () => edit(segment(3), (text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`),
      /was changed/,
    ],
    ['a changed kept file', () => edit(join('files', hash('one\n')), () => 'three\n'), /was changed/],
    ['a removed kept file', () => rmSync(join(copy, 'files', hash('one\n'))), /is missing/],
    ['a changed recording', () => edit(join('recordings', 'a.cast'), () => 'jello'), /a.cast was changed/],
    [
      'a changed checkpoint',
      () => edit('checkpoints.jsonl', (text) => text.replace('"seq":1,', '"seq":2,')),
      /was changed/,
    ],
    ['removed checkpoints', () => rmSync(join(copy, 'checkpoints.jsonl')), /is missing/],
    [
      'a changed key',
      () => edit('public-key.pem', (text) => text.replace('MCow', 'AAAA')),
      /public-key.pem was changed/,
    ],
    ['a changed git bundle', () => edit('snapshots.bundle', (text) => `${text}x`), /snapshots.bundle was changed/],
    [
      'a manifest that agrees with the changes',
      () => {
        edit(segment(1), (text) => text.replace('"argv":["uptime"', '"argv":["reboot"'));
        agree();
      },
      /manifest.json was changed/,
    ],
    [
      'a manifest with another time',
      () => edit('manifest.json', (text) => text.replace('1970', '1980')),
      /manifest.json was changed/,
    ],
    ['a removed signature', () => rmSync(join(copy, 'manifest.sig')), /signature does not hold/],
    ['no manifest', () => rmSync(join(copy, 'manifest.json')), /cannot be read/],
    ['an empty manifest', () => edit('manifest.json', () => ''), /cannot be read/],
    [
      'a manifest of nobody',
      () => {
        edit('manifest.json', (text) => text.replace(/"publicKey": "[^"]+"/, '"publicKey": null'));
      },
      /signed by nobody/,
    ],
  ];

  it.each(cases)('%s', (_what, tamper, message) => {
    cpSync(whole, copy, { recursive: true });
    tamper();
    const { status, output } = check(copy, '--key', fingerprint);
    expect(output).toMatch(message);
    expect(status).toBe(1);
  });

  it('a whole bundle by another key, when the key is named', () => {
    expect(check(whole, '--key', `SHA256:${'A'.repeat(43)}`)).toMatchObject({
      status: 1,
      output: expect.stringContaining('not by'),
    });
  });

  it('chosen records of which one was removed', () => {
    cpSync(chosen, copy, { recursive: true });
    edit('records.jsonl', (text) => text.split('\n').slice(3).join('\n'));
    expect(check(copy)).toMatchObject({ status: 1 });
  });

  /** Without a key only the chain speaks: it still finds what was changed by hand. */
  it.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      'a changed record',
      (lines) => lines.map((line, at) => (at === 5 ? line.replace('operator@screen', 'operator@cli') : line)),
      /was changed/,
    ],
    ['a removed record', (lines) => lines.filter((_, at) => at !== 5), /Record 6 is missing/],
    [
      'swapped records',
      (lines) => [...lines.slice(0, 4), lines[5] ?? '', lines[4] ?? '', ...lines.slice(6)],
      /missing/,
    ],
    [
      'a repeated record',
      (lines) => [...lines.slice(0, 5), lines[4] ?? '', ...lines.slice(5)],
      /inserted, repeated or moved/,
    ],
    [
      'another spelling',
      (lines) => lines.map((line, at) => (at === 5 ? line.replace('{', '{ ') : line)),
      /not spelled/,
    ],
  ])('unsigned, with %s', (_what, change, message) => {
    cpSync(whole, copy, { recursive: true });
    edit('manifest.json', (text) => text.replace(/"publicKey": "[^"]+"/, '"publicKey": null'));
    edit(segment(1), (text) => `${change(text.trimEnd().split('\n')).join('\n')}\n`);
    agree();
    const { status, output } = check(copy);
    expect(output).toMatch(message);
    expect(status).toBe(1);
  });

  it('is used wrongly', () => {
    expect(check(whole, '--nothing').status).toBe(2);
  });
});
