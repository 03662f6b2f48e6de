/** The audit commands that filter, verify with a key, export, and ask before they purge, on a real signed log. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { createAuditLog } from '../../../src/runtime/audit/create-audit-log.ts';
import { toPaths } from '../../../src/runtime/paths.ts';
import { type CliRun, runInProcess } from '../run.ts';

let home: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-cli-keeping-'));
  env = { ...process.env, SIGNALBOX_HOME: home };
  const paths = toPaths(env);
  const log = await createAuditLog({
    ...{ folder: paths.auditFolder, redactor: createRedactor({ key: new Uint8Array(32) }) },
    signing: { keyFile: paths.auditKeyFile, secondPlace: join(home, 'second.jsonl') },
  });
  await log.append([
    {
      type: 'intent',
      id: 'exec-1',
      session: 's1',
      agent: 'demo',
      tool: 'remote_exec',
      server: 'web-1',
      argv: ['df', '-h'],
    },
    { type: 'permit', id: 'exec-1', decision: 'auto-allow', rule: 'df', approver: 'policy' },
    { type: 'result', id: 'exec-1', status: 'ok', exitCode: 0 },
    {
      type: 'intent',
      id: 'exec-2',
      session: 's2',
      tool: 'remote_exec',
      server: 'db-1',
      argv: ['reboot', 'now please'],
    },
    { type: 'refused', id: 'exec-2', code: 'APPROVAL_DENIED' },
    { type: 'intent', id: 'write-1', session: 's1', tool: 'remote_write_file', server: 'web-1', path: '/etc/a' },
    { type: 'permit', id: 'write-1', beforeSha256: 'a'.repeat(64) },
    { type: 'result', id: 'write-1', status: 'ok', changedPath: '/etc/a', afterSha256: 'b'.repeat(64) },
  ]);
  await log.close();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const signalbox = (...argv: string[]): Promise<CliRun> => runInProcess(['audit', ...argv], { env, cwd: home });
const keyOf = async (): Promise<string> =>
  (JSON.parse((await runInProcess(['info', '--json'], { env, cwd: home })).stdout) as { auditKey: string }).auditKey;

describe('audit list with a filter', () => {
  it.each<[string[], string[]]>([
    [['server:web-1'], ['write-1', 'exec-1']],
    [['server:web-1', 'tool:exec'], ['exec-1']],
    [['outcome:denied'], ['exec-2']],
    [['now please'], ['exec-2']],
    [['since:1h', 'df'], ['exec-1']],
    [['until:1h'], []],
    [['--', '-server:web-1'], ['exec-2']],
    [['--open', 'server:web-1'], []],
    [['--server', 'web-1', 'outcome:denied'], []],
  ])('%j', async (argv, ids) => {
    const { stdout } = await signalbox('list', '--json', ...argv);
    expect((JSON.parse(stdout) as { rows: { id: string }[] }).rows.map((row) => row.id)).toEqual(ids);
  });

  it.each([['outcome:great'], ['since:soon'], ['server:'], ['until:2026-99-01']])('refuses %s', async (word) => {
    expect(await signalbox('list', word)).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('audit verify with a key', () => {
  it('is content with the key of the log and its second place', async () => {
    const { code, stdout } = await signalbox('verify', '--key', await keyOf(), '--second', 'second.jsonl');
    expect(code).toBe(0);
    expect(stdout).toContain(`by ${await keyOf()}`);
  });

  it('takes the second place from the configuration', async () => {
    mkdirSync(join(home, 'config'), { recursive: true, mode: 0o700 });
    writeFileSync(
      join(home, 'config', 'config.json'),
      JSON.stringify({ audit: { secondPlace: join(home, 'second.jsonl') } }),
    );
    expect((await signalbox('verify')).stdout).toContain('compared with');
    writeFileSync(join(home, 'config', 'config.json'), JSON.stringify({ audit: { secondPlace: 'second.jsonl' } }));
    expect(await signalbox('verify')).toMatchObject({ code: 2 });
  });

  it.each<[string, string[], number]>([
    ['another key', ['--key', `SHA256:${'A'.repeat(43)}`], 8],
    ['what is no fingerprint', ['--key', 'hello'], 2],
    ['a second place that is not there', ['--second', 'none.jsonl'], 2],
  ])('refuses %s', async (_what, argv, code) => {
    const run = await signalbox('verify', ...argv);
    expect(run.code === 0 ? run : 'refused').toBe('refused');
    if (code === 8) expect(run.code).toBe(8);
  });
});

describe('audit export', () => {
  it('writes a bundle that its own program verifies, and refuses a folder that holds something', async () => {
    const { code, stdout } = await signalbox('export', 'out');
    expect(code).toBe(0);
    expect(stdout).toContain(`--key ${await keyOf()}`);
    const { status } = spawnSync(process.execPath, ['verify.mjs', '--key', await keyOf()], { cwd: join(home, 'out') });
    expect(status).toBe(0);
    expect(await signalbox('export', 'out')).toMatchObject({ code: 2 });
  });

  it('of one server holds nothing of others', async () => {
    await signalbox('export', 'out', '--server', 'web-1', '--since', '1h');
    expect(readFileSync(join(home, 'out', 'records.jsonl'), 'utf8')).not.toContain('reboot');
  });

  it('of a log that is not intact is written, unlike one that is, with status 8', async () => {
    const folder = toPaths(env).auditFolder;
    const name = join(
      folder,
      readdirSync(folder).find((one) => one.endsWith('.jsonl') && one.startsWith('segment')) ?? '',
    );
    writeFileSync(name, readFileSync(name, 'utf8').replace('"df"', '"rm"'));
    expect((await signalbox('export', 'out')).code).toBe(8);
    expect(spawnSync(process.execPath, ['verify.mjs'], { cwd: join(home, 'out') }).status).toBe(1);
  });
});

describe('audit history and purge', () => {
  it('history tells the changes of one file', async () => {
    const { stdout } = await signalbox('history', 'web-1', '/etc/a', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      steps: [{ id: 'write-1', before: 'a'.repeat(64), after: 'b'.repeat(64) }],
    });
    expect((await signalbox('history', 'web-1', 'etc/a')).code).toBe(2);
    expect((await signalbox('history', 'db-1', '/etc/a', '--json')).stdout).toContain('[]');
  });

  it.each([
    [['/etc/a', '--server', 'web-1']],
    [['--before', '90d']],
    [['/etc/a', '--yes']],
    [['--server', 'web-1', '--yes']],
    [['etc/a', '--server', 'web-1', '--yes']],
    [['/etc/a', '--server', 'web-1', '--before', '1d', '--yes']],
    [['--before', 'soon', '--yes']],
    [['--yes']],
    [['--recordings', '--yes']],
    [['--recordings', '--before', '90d']],
    [['--recordings', '/etc/a', '--server', 'web-1', '--yes']],
    [['--recordings', '--server', 'web-1', '--before', '90d', '--yes']],
  ])('purge without a terminal refuses %j', async (argv) => {
    expect(await signalbox('purge', ...argv)).toMatchObject({ code: 2, stdout: '' });
  });
});
