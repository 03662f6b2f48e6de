/** Every operation through the assembled engine on two real OpenSSH servers: what runs at once, what waits, and what is on disk afterwards. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { operationNames } from '../../src/core/operations/table.ts';
import { agent, type EngineWorld, no, openEngineWorld, operator, yes } from '../fixtures/engine-world.ts';
import { isRunning, toRecord } from '../fixtures/program-world.ts';
import { type Sshd, sshdRuns, startSshd } from '../fixtures/sshd.ts';
import { until } from '../runtime/ssh/lab.ts';

describe.runIf(sshdRuns())('the engine on two servers', () => {
  let web: Sshd;
  let database: Sshd;
  let world: EngineWorld;
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    [web, database] = await Promise.all([startSshd(), startSshd()]);
    world = await openEngineWorld({
      servers: [toRecord('web-1', web, 'development'), toRecord('db-1', database, 'production')],
      knownHosts: web.knownHostsLine + database.knownHostsLine,
    });
  });
  afterAll(async () => {
    expect(await world?.engine.audit.verify()).toMatchObject({ ok: true });
    await world?.dispose();
    await Promise.all([web?.stop(), database?.stop()]);
  });
  beforeEach(() => {
    world.answer(() => null);
    count += 1;
    folder = join(web.folder, `${count}`);
    mkdirSync(folder);
  });

  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('reads at once: lists, reads, looks, descends and searches, without a card', async () => {
    const path = file('nginx.conf', 'one\nworker_connections 256;\nthree\n');
    mkdirSync(join(folder, 'sites'));
    file('sites/shop.conf', 'listen 80;\n');
    const at = { server: 'web-1', path: folder };
    const before = world.cards.length;
    expect((await world.ask('list_servers', {})).data).toMatchObject({
      servers: [
        { id: 'db-1', environment: 'production' },
        { id: 'web-1', environment: 'development' },
      ],
    });
    expect((await world.ask('remote_exec', { server: 'web-1', argv: ['cat', path] })).data).toMatchObject({
      stdout: 'one\nworker_connections 256;\nthree\n',
    });
    expect((await world.ask('remote_read_file', { ...at, path, line: 2, limit: 1 })).data).toMatchObject({
      content: 'worker_connections 256;\n',
      truncated: true,
    });
    expect((await world.ask('remote_stat', { ...at, path })).data).toMatchObject({ type: 'file', size: 34 });
    const flat = await world.ask('remote_list_dir', at);
    expect(namesOf(flat.data?.['entries'])).toEqual(['nginx.conf', 'sites']);
    const deep = await world.ask('remote_list_dir', { ...at, recursive: true });
    expect(namesOf(deep.data?.['entries'])).toEqual(expect.arrayContaining([expect.stringContaining('shop.conf')]));
    expect((await world.ask('remote_find', { ...at, pattern: 'worker_[a-z]+' })).data).toMatchObject({
      matches: [{ path, line: 2, text: 'worker_connections 256;' }],
    });
    expect((await world.ask('remote_find', { ...at, glob: '*.conf' })).data).toMatchObject({
      matches: expect.arrayContaining([{ path }, { path: join(folder, 'sites/shop.conf') }]),
    });
    expect(world.cards).toHaveLength(before);
  });

  it('puts a write and a patch before a person with their diff, and keeps both sides of each', async () => {
    const path = file('app.conf', 'a\nb\nc\n');
    world.answer(() => yes);
    const written = await world.ask('remote_write_file', { server: 'web-1', path, content: 'a\nB\nc\n' });
    expect(written).toMatchObject({ status: 'ok', audit: { logWritten: true, snapshotStatus: 'written' } });
    expect(world.cards.at(-1)?.subject).toMatchObject({ kind: 'write', diff: expect.stringContaining('-b\n+B\n') });
    expect(readFileSync(path, 'utf8')).toBe('a\nB\nc\n');

    const patch = `--- a${path}\n+++ b${path}\n@@ -1,3 +1,3 @@\n a\n-B\n+beta\n c\n`;
    expect(await world.ask('remote_patch_file', { server: 'web-1', path, patch })).toMatchObject({
      status: 'ok',
      data: { hunks: 1 },
    });
    expect(readFileSync(path, 'utf8')).toBe('a\nbeta\nc\n');

    const records = await world.engine.audit.records(written.audit.id);
    expect(records.map(({ type }) => type)).toEqual(['intent', 'permit', 'result']);
    const { commitBefore } = present(records[1], 'There is a permit.');
    const { commit } = present(records[2], 'There is a result.');
    const kept = [commitBefore, commit].map((one) =>
      world.engine.snapshots.read(present(one, 'Both sides are kept.'), 'web-1', path),
    );
    expect(
      (await Promise.all(kept)).map((image) => image?.kind === 'content' && Buffer.from(image.content).toString()),
    ).toEqual(['a\nb\nc\n', 'a\nB\nc\n']);
  });

  it('does nothing after a no, and says why to whoever asked', async () => {
    const path = join(folder, 'never');
    world.answer(() => no);
    for (const [operation, input] of [
      ['remote_exec', { argv: ['touch', path] }],
      ['remote_write_file', { path, content: 'x' }],
    ] as const) {
      expect(await world.ask(operation, { server: 'web-1', ...input })).toMatchObject({
        status: 'error',
        code: 'APPROVAL_DENIED',
        message: expect.stringContaining('not today'),
        execution: { attempted: false },
      });
    }
    expect(() => readFileSync(path)).toThrow('ENOENT');
    expect(await world.lastRow()).toMatchObject({ outcome: 'denied', approver: 'operator@cli' });
  });

  it('asks no more for exactly what was granted to a session, and for everything else', async () => {
    world.answer(() => ({ ...yes, grant: 'session' }));
    const granted = { server: 'web-1', argv: ['true', 'granted'] };
    expect((await world.ask('remote_exec', granted)).status).toBe('ok');
    const before = world.cards.length;
    world.answer(() => no);
    expect((await world.ask('remote_exec', granted)).status).toBe('ok');
    expect(await world.lastRow()).toMatchObject({ approver: 'session grant' });
    expect(world.cards).toHaveLength(before);
    for (const [input, caller] of [
      [{ ...granted, argv: ['true', 'granted2'] }, agent],
      [{ ...granted, cwd: folder }, agent],
      [granted, { ...agent, session: 's2' }],
    ] as const)
      expect(await world.ask('remote_exec', input, { caller })).toMatchObject({ code: 'APPROVAL_DENIED' });
    world.engine.gate.endSession('s1');
    expect(await world.ask('remote_exec', granted)).toMatchObject({ code: 'APPROVAL_DENIED' });
  });

  it.each([
    ['touch', ['touch', '/tmp/x']],
    ['sed -i', ['sed', '-i', 's/a/b/', '/tmp/x']],
    ['a wrapped rm', ['timeout', '5', 'rm', '/tmp/x']],
    ['uniq with an output', ['uniq', '/tmp/x', '/tmp/y']],
    ['a program in the words', ['python3', '-c', 'open("/tmp/x", "w")']],
    ['a redirection in a shell', ['sh', '-c', 'echo a > /tmp/x']],
    ['a change behind another question in a shell', ['sh', '-c', 'docker ps; rm /tmp/x']],
  ])('grants no session %s, which changes files', async (_title, argv) => {
    const asked = world.ask('remote_exec', { server: 'web-1', argv });
    await until(() => world.engine.approvals.list().length === 1);
    const card = present(world.engine.approvals.list()[0], 'One card waits.');
    expect(card.sessionGrantPossible).toBe(false);
    expect(() => world.engine.approvals.answer(card.id, { ...yes, grant: 'session' })).toThrow('change files');
    world.engine.approvals.answer(card.id, no);
    expect(await asked).toMatchObject({ code: 'APPROVAL_DENIED' });
  });

  it('grants nothing on production, where a yes without the id of the server does not count', async () => {
    const argv = ['touch', join(database.folder, 'production')];
    const asked = world.ask('remote_exec', { server: 'db-1', argv });
    await until(() => world.engine.approvals.list().length === 1);
    const card = present(world.engine.approvals.list()[0], 'One card waits.');
    expect(() => world.engine.approvals.answer(card.id, yes)).toThrow('type its id');
    expect(() => world.engine.approvals.answer(card.id, { ...yes, grant: 'session', confirmation: 'db-1' })).toThrow(
      'not production',
    );
    world.engine.approvals.answer(card.id, { ...yes, confirmation: 'db-1' });
    expect((await asked).status).toBe('ok');
  });

  it('replaces secrets in what an agent sees of production, and nowhere in what the operator sees', async () => {
    const path = join(database.folder, 'app.ini');
    writeFileSync(path, 'user = app\npassword = Tr0ub4dor-and-3\n');
    const input = { server: 'db-1', path };
    const seen = await world.ask('remote_read_file', input);
    expect(seen.data).toMatchObject({
      content: expect.stringMatching(/^user = app\npassword = «redacted:/),
      redacted: 1,
    });
    const printed = await world.ask('remote_exec', { server: 'db-1', argv: ['cat', path] });
    expect(printed.data).toMatchObject({ stdout: expect.not.stringContaining('Tr0ub4dor') });
    const own = await world.ask('remote_read_file', input, { caller: operator });
    expect(own.data).toMatchObject({ content: expect.stringContaining('Tr0ub4dor-and-3'), redacted: 0 });
    writeFileSync(join(folder, 'app.ini'), readFileSync(path));
    const development = await world.ask('remote_read_file', { server: 'web-1', path: join(folder, 'app.ini') });
    expect(development.data).toMatchObject({ content: expect.stringContaining('Tr0ub4dor-and-3') });
  });

  it.each([
    ['reads a secret', 'remote_read_file', (path: string) => ({ path })],
    ['prints a secret', 'remote_exec', (path: string) => ({ argv: ['cat', path] })],
    ['prints a secret by a line', 'remote_exec', (path: string) => ({ command: `tail -n 1 ${path}` })],
  ] as const)(
    'what %s by its own name waits; by the name of a link it is withheld, then waits',
    async (_what, operation, toInput) => {
      const secret = file('.env', 'KEY=do-not-show\n');
      const link = join(folder, 'innocent.txt');
      symlinkSync(secret, link);
      world.answer(() => no);
      for (const path of [secret, link]) {
        const output: string[] = [];
        const envelope = await world.ask(
          operation,
          { server: 'web-1', ...toInput(path) },
          {
            onOutput: (_stream, chunk) => output.push(Buffer.from(chunk).toString()),
          },
        );
        expect(envelope).toMatchObject({ status: 'error', code: 'APPROVAL_DENIED' });
        expect(JSON.stringify(envelope) + output.join('')).not.toContain('do-not-show');
      }
      world.answer(() => yes);
      const envelope = await world.ask(operation, { server: 'web-1', ...toInput(link) });
      expect(JSON.stringify(envelope.data)).toContain('do-not-show');
    },
  );

  it('a search leaves out what is sensitive', async () => {
    file('.env', 'KEY=do-not-show\n');
    file('plain', 'KEY=show\n');
    const found = await world.ask('remote_find', { server: 'web-1', path: folder, pattern: 'KEY=' });
    expect(found.data).toMatchObject({ matches: [{ path: join(folder, 'plain') }] });
  });

  it('a running command that is cancelled leaves no process on the server', async () => {
    const pidFile = join(folder, 'pid');
    world.answer(() => yes);
    const controller = new AbortController();
    const running = world.ask(
      'remote_exec',
      { server: 'web-1', command: `echo $$ > ${pidFile}; sleep 600 & wait` },
      { signal: controller.signal },
    );
    let pid = 0;
    await until(() => (pid = readPid(pidFile)) > 0);
    controller.abort();
    expect(await running).toMatchObject({ status: 'error', code: 'CANCELLED', execution: { attempted: true } });
    await until(() => !isRunning(pid));
    expect(world.engine.servers.status('web-1')).toMatchObject({ state: 'connected' });
  });

  it('a card that its caller no longer waits for cannot be approved, and nothing runs', async () => {
    const path = join(folder, 'withdrawn');
    const controller = new AbortController();
    const asked = world.ask('remote_exec', { server: 'web-1', argv: ['touch', path] }, { signal: controller.signal });
    await until(() => world.engine.approvals.list().length === 1);
    const [card] = world.engine.approvals.list();
    controller.abort();
    expect(await asked).toMatchObject({ code: 'CANCELLED', execution: { attempted: false } });
    expect(world.engine.approvals.answer(present(card, 'It waited.').id, yes)).toMatchObject({ accepted: false });
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });

  it('a file that changes between approval and write is a conflict, and stays as it is', async () => {
    const path = file('contested', 'before\n');
    world.answer(() => {
      writeFileSync(path, 'theirs\n');
      return yes;
    });
    expect(await world.ask('remote_write_file', { server: 'web-1', path, content: 'ours\n' })).toMatchObject({
      status: 'error',
      code: 'CONFLICT',
    });
    expect(readFileSync(path, 'utf8')).toBe('theirs\n');
    expect(await world.lastRow()).toMatchObject({ outcome: 'failed', code: 'CONFLICT' });
  });

  it('works on both servers at once, each answer from its own server', async () => {
    const places = { 'web-1': web.folder, 'db-1': database.folder } as const;
    for (const [server, place] of Object.entries(places)) writeFileSync(join(place, 'name'), server);
    const servers = Array.from({ length: 12 }, () => ['web-1', 'db-1'] as const).flat();
    const asked = servers.map((server) =>
      world.ask('remote_exec', { server, argv: ['cat', join(places[server], 'name')] }),
    );
    expect((await Promise.all(asked)).map(({ data }) => data?.['stdout'])).toEqual(servers);
  });

  it('has tried every operation there is', async () => {
    const { rows } = await world.engine.audit.page({ offset: 0, limit: 1_000 });
    expect([...new Set(rows.map(({ tool }) => tool))].sort()).toEqual([...operationNames].sort());
  });
});

function namesOf(entries: unknown): readonly string[] {
  return (entries as readonly { name: string }[]).map(({ name }) => name);
}

/** 0 until the command has written it. */
function readPid(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').trim());
  } catch {
    return 0;
  }
}
