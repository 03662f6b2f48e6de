/** The audit commands on a real log and a real snapshot store, with and without a host that writes them. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tailAudit } from '../../../src/cli/audit/tail-audit.ts';
import { processIo } from '../../../src/cli/output.ts';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { FileImage } from '../../../src/core/ports.ts';
import { createAuditLog, type OpenAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { toPaths } from '../../../src/runtime/paths.ts';
import { createSnapshots } from '../../../src/runtime/snapshots/create-snapshots.ts';
import { type CliRun, runInProcess } from '../run.ts';

let home: string;
let log: OpenAuditLog;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-cli-audit-'));
  env = { ...process.env, SIGNALBOX_HOME: home };
  log = await createAuditLog({
    folder: toPaths(env).auditFolder,
    redactor: createRedactor({ key: new Uint8Array(32) }),
  });
});
afterEach(async () => {
  await log.close();
  rmSync(home, { recursive: true, force: true });
});

const signalbox = (...argv: string[]): Promise<CliRun> => runInProcess(['audit', ...argv], { env, cwd: home });
const image = (text: string): FileImage => {
  const content = Uint8Array.from(Buffer.from(text));
  return {
    kind: 'content',
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
    mode: 0o644,
    owner: 'root',
  };
};

async function fill(): Promise<void> {
  await log.append([
    {
      type: 'intent',
      id: 'exec-1',
      session: 's1',
      agent: 'demo',
      origin: 'agent',
      tool: 'remote_exec',
      server: 'web-1',
      argv: ['printf', 'a\u001b[31m b'],
    },
    { type: 'permit', id: 'exec-1', decision: 'approval-required', rule: 'r1', approver: 'operator@screen' },
    { type: 'result', id: 'exec-1', status: 'ok', exitCode: 0 },
    {
      type: 'intent',
      id: 'exec-2',
      session: 's2',
      origin: 'operator',
      tool: 'remote_exec',
      server: 'db-1',
      argv: ['uptime'],
    },
    { type: 'refused', id: 'exec-2', code: 'APPROVAL_DENIED', reason: 'not now' },
  ]);
  const snapshots = createSnapshots({ repository: toPaths(env).snapshotsRepository });
  const note = { server: 'web-1', realPath: '/etc/app.conf', auditId: 'write-1', session: 's1', agent: 'demo' };
  const commitBefore = await snapshots.commit(image('one\ntwo\n'), { ...note, moment: 'before' });
  const commit = await snapshots.commit(image('one\nthree\n'), { ...note, moment: 'after' });
  await log.append([
    { type: 'intent', id: 'write-1', tool: 'remote_write_file', server: 'web-1', path: '/etc/app.conf' },
    { type: 'permit', id: 'write-1', commitBefore },
    { type: 'result', id: 'write-1', status: 'ok', changedPath: '/etc/app.conf', commit },
  ]);
}

describe('audit list', () => {
  it('lists newest first and escapes foreign text', async () => {
    await fill();
    const { code, stdout } = await signalbox('list');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ +/)[2])).toEqual([
      'SERVER',
      'write-1',
      'exec-2',
      'exec-1',
      undefined,
    ]);
    expect(stdout).toContain('\\x1b[31m');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('denied APPROVAL_DENIED');
  });

  it.each([
    [['--server', 'db-1'], ['exec-2']],
    [['--session', 's1'], ['exec-1']],
    [['--tool', 'remote_write_file'], ['write-1']],
    [['--outcome', 'denied'], ['exec-2']],
    [['--text', 'UPTIME'], ['exec-2']],
    [['--limit', '1'], ['write-1']],
    [['--limit', '1', '--offset', '2'], ['exec-1']],
    [['--open'], []],
  ])('filters by %j', async (argv, ids) => {
    await fill();
    const { stdout } = await signalbox('list', '--json', ...argv);
    expect((JSON.parse(stdout) as { rows: { id: string }[] }).rows.map((row) => row.id)).toEqual(ids);
  });

  it.each([[['--outcome', 'great']], [['--limit', 'many']], [['--nothing']]])('refuses %j', async (argv) => {
    expect((await signalbox('list', ...argv)).code).toBe(2);
  });

  it('shows what a host that was killed left open', async () => {
    await log.append([
      { type: 'intent', id: 'x', tool: 'remote_exec', argv: ['reboot'] },
      { type: 'permit', id: 'x' },
    ]);
    expect((await signalbox('list')).stdout).toContain('running');
    await log.close();
    expect((await signalbox('list', '--open')).stdout).toContain('unknown-outcome');
  });

  it('reads a home without a log as empty', async () => {
    const empty = await runInProcess(['audit', 'list', '--json'], {
      env: { ...env, SIGNALBOX_HOME: join(home, 'none') },
      cwd: home,
    });
    expect(empty).toMatchObject({ code: 0, stdout: '{"rows":[],"total":0}\n' });
  });
});

describe('audit show and diff', () => {
  it('shows every record, found by the beginning of its id, one word of an argv a line', async () => {
    await fill();
    const { stdout } = await signalbox('show', 'exec-1');
    expect(stdout).toMatch(/^exec-1 {2}ok\n/);
    expect(stdout).toContain('  argv          printf\n                a\\x1b[31m b\n');
    expect((await signalbox('show', 'wri')).stdout).toContain('changedPath');
    expect(JSON.parse((await signalbox('show', 'exec-2', '--json')).stdout)).toMatchObject({
      row: { outcome: 'denied' },
      records: [{}, {}],
    });
  });

  it('prints the diff of a write, and says why another operation has none', async () => {
    await fill();
    expect((await signalbox('diff', 'write-1')).stdout).toBe(
      '--- a/etc/app.conf\n+++ b/etc/app.conf\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n',
    );
    expect(await signalbox('diff', 'exec-1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no snapshots'),
    });
  });

  it.each([
    ['show', 'exec-', 'Several operations begin with exec-'],
    ['show', 'nobody', 'holds no operation nobody'],
    ['diff', 'nobody', 'holds no operation nobody'],
    ['show', '', 'holds no operation'],
  ])('refuses %s %j', async (command, id, message) => {
    await fill();
    expect(await signalbox(command, id)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('audit tail and verify', () => {
  it('prints the last records and follows what is added', async () => {
    await fill();
    expect(
      (await signalbox('tail', '-n', '2', '--json')).stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual(['permit', 'result']);
    const stdout = new PassThrough();
    const ending = new AbortController();
    const done = tailAudit({ ...processIo, env, stdout, exitCode: 0 }, { lines: 1, follow: true }, ending.signal);
    let seen = '';
    const until = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (seen.includes(text)) resolve();
          else stdout.once('data', look);
        };
        look();
      });
    stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    await until('write-1');
    await log.append([{ type: 'intent', id: 'late', server: 'web-1', argv: ['uptime'] }]);
    await until('late');
    ending.abort();
    await done;
    expect(seen.match(/write-1/g)?.length).toBe(1);
  });

  it('says that the log is intact while it is written', async () => {
    await fill();
    expect(await signalbox('verify')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The log is intact: 9 records'),
    });
    expect(JSON.parse((await signalbox('verify', '--json')).stdout)).toMatchObject({ ok: true, records: 9 });
  });

  it('names the changed record and ends with status 8', async () => {
    await fill();
    await log.close();
    const { auditFolder } = toPaths(env);
    const name = readdirSync(auditFolder).find((one) => one.endsWith('.jsonl')) ?? '';
    const path = join(auditFolder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('not now', 'yes, do'));
    expect(await signalbox('verify')).toMatchObject({
      code: 8,
      stdout: expect.stringContaining(`${name}:6: Record 6 was changed`),
    });
    expect(JSON.parse((await signalbox('verify', '--json')).stdout)).toMatchObject({
      ok: false,
      file: name,
      line: 6,
      seq: 6,
    });
  });
});
