/** `audit rollback`, `audit changes` and `audit replay` against a host with real parts and a real server: what is printed, and how each ends. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assembleHost, type Engine } from '../../../src/assemble.ts';
import { type Host, startHost } from '../../../src/host/host.ts';
import { toPaths } from '../../../src/runtime/paths.ts';
import { agent, yes } from '../../fixtures/engine-world.ts';
import { toRecord } from '../../fixtures/program-world.ts';
import { type Sshd, sshdRuns, startSshd } from '../../fixtures/sshd.ts';
import { type CliRun, type CliRunOptions, runInProcess } from '../run.ts';

describe.runIf(sshdRuns())('taking changes back at the command line', () => {
  let web: Sshd;
  let home: string;
  let engine: Engine;
  let host: Host;
  let folder: string;
  let session = '';
  let count = 0;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    web = await startSshd();
    home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-cli-rollback-')));
    env = { PATH: process.env['PATH'], HOME: home, SIGNALBOX_HOME: home };
    const paths = toPaths(env);
    for (const each of [paths.config, paths.data]) mkdirSync(each, { mode: 0o700 });
    const records = [toRecord('web-1', web, 'development'), toRecord('prod-1', web, 'production')];
    writeFileSync(paths.serversFile, JSON.stringify(records), { mode: 0o600 });
    writeFileSync(paths.knownHostsFile, web.knownHostsLine, { mode: 0o600 });
    const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
    const assembled = await assembleHost({
      paths,
      env,
      version,
      demo: false,
      program: ['/bin/false'],
      log: () => undefined,
    });
    engine = assembled.engine;
    host = await startHost(assembled.parts);
  });
  afterAll(async () => {
    await host?.stop('the test is over');
    await web?.stop();
    if (home) rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    count += 1;
    session = `s${count}`;
    folder = join(web.folder, `cli-${count}`);
    mkdirSync(folder);
  });

  const audit = (argv: readonly string[], options: Partial<CliRunOptions> = {}): Promise<CliRun> =>
    runInProcess(['audit', ...argv], { env, cwd: '/', ...options });
  /** As an agent of the session; the card is answered by the test. */
  const perform = async (operation: string, input: object, server = 'web-1'): Promise<string> => {
    const approve = engine.approvals.onAdded(({ id }) => engine.approvals.answer(id, { ...yes, confirmation: server }));
    const envelope = await engine.gate.perform({
      ...{ operation, input: { server, ...input }, caller: { ...agent, session } },
      signal: new AbortController().signal,
    });
    approve.dispose();
    expect(envelope.status).toBe('ok');
    return envelope.audit.id;
  };
  const write = (path: string, content: string, server?: string): Promise<string> =>
    perform('remote_write_file', { path, content }, server);
  const text = (path: string): string => readFileSync(path, 'utf8');

  it('shows the difference once, in the card, and restores the file once the code was typed', async () => {
    const path = join(folder, 'motd');
    writeFileSync(path, 'person\n');
    const id = await write(path, 'agent\n');
    const ended = await audit(['rollback', id.slice(0, -2)], { answers: ['a', '<code>'] });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`restored ${path} on web-1`) });
    expect(ended.stderr).toContain(`restores ${path} on web-1 (takes back ${id})`);
    expect(ended.stderr.match(/\+person/g)).toHaveLength(1);
    expect(ended.stderr).toContain('Roll a file back on web-1');
    expect(text(path)).toBe('person\n');
  });

  it('takes a session back file by file, as JSON, and lists its changes before and after', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    writeFileSync(one, '1\n');
    const ids = [await write(one, '2\n'), await write(two, 'new\n'), await write(one, '3\n')];
    const listed = await audit(['changes', '--session', session]);
    expect(listed.stdout).toMatch(/as the session left it .*\/one\n.* 1 +as the session left it .*\/two\n/s);
    expect((await audit(['changes', '--session', session, '--diff'])).stdout).toContain('-1\n+3\n');
    const preview = await audit(['rollback', '--session', session, '--preview', '--json']);
    expect(JSON.parse(preview.stdout)).toMatchObject({
      preview: {
        steps: [
          { path: one, ids: [ids[2], ids[0]] },
          { path: two, effect: 'delete' },
        ],
        stop: null,
      },
      results: [],
    });
    expect(text(one)).toBe('3\n');
    const ended = await audit(['rollback', '--session', session, '--json'], {
      answers: ['a', '<code>', 'a', '<code>'],
    });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ results: [{ status: 'ok' }, { data: { deleted: true } }] });
    expect([text(one), existsSync(two)]).toEqual(['1\n', false]);
    const offline = await audit(['changes', '--session', session, '--offline', '--json']);
    expect(JSON.parse(offline.stdout)).toMatchObject({ files: [{ state: 'rolled back' }, { state: 'rolled back' }] });
  });

  it('ends with the status of what went wrong, and touches nothing then', async () => {
    const path = join(folder, 'motd');
    const secret = join(folder, '.env');
    writeFileSync(path, 'person\n');
    writeFileSync(secret, 'A=1\n');
    const id = await write(path, 'agent\n');
    const hashed = await write(secret, 'A=2\n');
    const read = await perform('remote_read_file', { path });
    const refused: readonly (readonly [
      argv: readonly string[],
      code: number,
      says: string,
      answers?: readonly string[],
    ])[] = [
      [[], 2, 'Name either'],
      [[id, '--session', session], 2, 'Name either'],
      [[id, '--to', id], 2, '--to belongs to --session'],
      [['nothing-like-it'], 2, 'holds no operation'],
      [[read], 2, 'No change of a file is known of'],
      [[hashed], 2, 'Only the hash'],
      [['--session', 'nobody'], 2, 'has changed no file'],
      [['--session', session, '--to', read], 2, 'has no change'],
      [[id], 4, 'denied', ['d']],
      [[id], 130, '', []],
    ];
    for (const [argv, code, says, answers] of refused) {
      const ended = await audit(['rollback', ...argv], answers ? { answers } : {});
      expect([argv, ended.code], ended.stderr).toEqual([argv, code]);
      expect(ended.stderr).toContain(says);
    }
    writeFileSync(path, 'somebody\n');
    const drifted = await audit(['rollback', id]);
    expect(drifted).toMatchObject({ code: 9, stderr: expect.stringContaining('its content is another one') });
    expect([text(path), text(secret)]).toEqual(['somebody\n', 'A=2\n']);
  });

  it('takes back what it can before it stops, and ends with the reason', async () => {
    const [old, young] = [join(folder, 'old'), join(folder, 'young')];
    await write(old, 'a\n');
    await write(young, 'b\n');
    writeFileSync(old, 'person\n');
    const ended = await audit(['rollback', '--session', session], { answers: ['a', '<code>'] });
    expect(ended).toMatchObject({ code: 9, stdout: expect.stringContaining(`deleted ${young}`) });
    expect(ended.stderr).toContain('Stops before');
    expect([text(old), existsSync(young)]).toEqual(['person\n', false]);
  });

  it('asks for the id on production', async () => {
    const path = join(folder, 'motd');
    writeFileSync(path, 'person\n');
    const id = await write(path, 'agent\n', 'prod-1');
    const wrong = await audit(['rollback', id], { answers: ['a', '<code>', 'web-1', 'd'] });
    expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining('That was not its id') });
    expect(text(path)).toBe('agent\n');
    expect((await audit(['rollback', id], { answers: ['a', '<code>', 'prod-1'] })).code).toBe(0);
    expect(text(path)).toBe('person\n');
  });

  it('replays what a command printed, names its file, and notices a changed one', async () => {
    const path = join(folder, 'log');
    writeFileSync(path, 'one\n\x1b[31mred\x1b[0m\n');
    const id = await perform('remote_exec', { argv: ['cat', path] });
    const raw = await audit(['replay', id]);
    expect(raw).toMatchObject({ code: 0, stdout: 'one\r\n\x1b[31mred\x1b[0m\r\n' });
    const shown = await audit(['replay', id, '--speed', '100'], { stdoutIsTerminal: true });
    expect(shown).toMatchObject({ code: 0, stdout: 'one\n\\x1b[31mred\\x1b[0m\n' });
    const named = (await audit(['replay', id, '--file'])).stdout.trim();
    expect(named).toBe(join(toPaths(env).recordingsFolder, `${id}.cast`));
    expect(statSync(named).mode & 0o777).toBe(0o600);
    writeFileSync(named, readFileSync(named, 'utf8').replace('one', 'two'));
    expect(await audit(['replay', id])).toMatchObject({ code: 8, stdout: expect.stringContaining('two') });
    writeFileSync(named, 'no recording\n');
    expect((await audit(['replay', id])).code).toBe(2);
    rmSync(named);
    expect(await audit(['replay', id])).toMatchObject({
      code: 9,
      stderr: expect.stringContaining('There is no recording'),
    });
    const silent = await perform('remote_read_file', { path });
    expect(await audit(['replay', silent])).toMatchObject({ code: 2, stderr: expect.stringContaining('no recording') });
    for (const speed of ['0', '-1', 'fast', '1001'])
      expect((await audit(['replay', id, '--speed', speed])).code, speed).toBe(2);
  });
});
