/** `exec`: output and status of the remote command passed on, and the card at the terminal where the command was typed. */
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { OperationError } from '../../../src/core/codes.ts';
import { cliHost, typist } from '../cli-host.ts';

describe('exec', () => {
  it('passes output and status on', async () => {
    const { cli, world } = await cliHost();
    world.servers.run = async () => ({ stdout: Buffer.from('out\n'), stderr: Buffer.from(''), exitCode: 3 });
    expect(await cli(['exec', 'web-1', '--', 'ok', 'go'])).toEqual({ code: 3, stdout: 'out\n', stderr: '' });
  });

  describe('on a server whose host key nobody trusts yet', () => {
    const key = `SHA256:${'a'.repeat(39)}WXYZ`;
    const refused = (rest: string) =>
      new OperationError('HOST_KEY_UNKNOWN', `The host key of web-1 (10.0.0.1:22), ssh-ed25519 ${key}, ${rest}`);
    const unknown = refused(
      `is not known yet; compare it with what its owner says, then run \`signalbox server trust-key web-1 ${key}\`.`,
    );
    const known = refused(
      `is not known here yet, but your ssh knows it (~/.ssh/known_hosts line 3); to trust it here too, run \`signalbox server trust-key web-1 ${key}\`.`,
    );
    const changed = new OperationError('HOST_KEY_CHANGED', `The host key of web-1 has changed: it shows ${key}.`);
    const pinned = refused(
      `is not the confirmed SHA256:b; nothing was trusted: ask its owner which of the two is right.`,
    );

    it.each([
      ['asks, and runs once its end was typed', unknown, ['no', 'wxyz', 'WXYZ'], 0],
      ['asks, and runs nothing after Enter alone', unknown, [''], 247],
      ['asks three times', unknown, ['a', 'b', 'c'], 247],
      ['asks for a yes where ssh knows the key', known, ['y'], 0],
      ['takes a no', known, ['n'], 247],
      ['has no question without a terminal', unknown, undefined, 247],
      ['never offers to trust a key that has changed', changed, [], 247],
      ['never offers to trust another key than the confirmed one', pinned, [], 247],
    ] as const)('%s', async (_name, error, answers, code) => {
      const { cli, world } = await cliHost();
      let runs = 0;
      world.servers.run = async () => {
        runs += 1;
        if (runs === 1) throw error;
        return { stdout: Buffer.from('out\n') };
      };
      const run = await cli(['exec', 'web-1', '--', 'ok'], answers ? typist(answers) : {});
      expect([run.code, runs]).toEqual([code, code === 0 ? 2 : 1]);
      if (code === 0) expect(run.stderr).toContain(`  ssh-ed25519 ${key}\n`);
      expect(run.stderr.includes(`web-1 is trusted with ${key}.`)).toBe(code === 0);
      expect(run.stderr.includes('host key of web-1 (10.0.0.1:22) is not known here yet')).toBe(
        answers !== undefined && answers.length > 0,
      );
    });
  });

  it('takes one word as a shell line and several as an argv, options of the command included', async () => {
    const { cli, screen } = await cliHost();
    const { mirror } = await screen();
    await cli(['exec', 'web-1', '--', 'ok a b']);
    await cli(['exec', 'web-1', '--', 'ok', '--json', '-x']);
    await cli(['exec', 'web-1', 'ok', '--json', '-x']);
    expect(mirror.view.panes['web-1']?.blocks.map(({ summary }) => summary)).toEqual([
      'ok a b',
      'ok --json -x',
      'ok --json -x',
    ]);
  });

  it.each([
    [['exec', 'web-1', '--', 'never', 'this'], 243, 'Never.'],
    [['exec', 'nope', '--', 'uptime'], 242, 'no server "nope"'],
    [['exec', '--cwd', 'relative', 'web-1', '--', 'ok'], 242, 'absolute path'],
    [['exec', '--timeout', '0', 'web-1', '--', 'ok'], 2, 'from 0.1 to 3600'],
    [['exec', 'web-1', '--', ''], 242, 'The command must not be empty.'],
    [['exec', 'web-1'], 2, 'missing required argument'],
    [['exec', 'web-1', '--timeout', '1', '--', 'ok'], 2, 'Put --timeout before the server'],
    [['exec', 'web-1', '-x'], 2, 'Put -x before the server'],
    [['exec'], 2, 'missing required argument'],
    [['exec', 'web-1', '--'], 2, 'no command after'],
  ])('%j ends with %i and a sentence', async (argv, code, words) => {
    const { cli } = await cliHost();
    const run = await cli(argv);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(words);
  });

  it('prints the envelope with --json, and the same status', async () => {
    const { cli, world } = await cliHost();
    world.servers.run = async () => ({ stdout: Buffer.from('out\n'), exitCode: 7 });
    const run = await cli(['exec', '--json', 'web-1', '--', 'ok']);
    expect(run.code).toBe(7);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'error', code: 'NON_ZERO_EXIT', data: { stdout: 'out\n' } });
  });

  it.each([[['exec']], [['exec', '--json']]])('shows what a server said as an escape: %j', async (command) => {
    const { cli, world } = await cliHost();
    world.servers.run = async () => {
      throw new OperationError('UNSUPPORTED', 'The login shell said: \x1b]0;mine\x07\x9b31m\u202e');
    };
    const run = await cli([...command, 'web-1', '--', 'ok']);
    expect(run.stderr).toContain('said: \\x1b]0;mine\\x07\\x9b31m\\u202e');
    expect(run.stdout + run.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('without a terminal waits and says which card; a denial is told with its reason', async () => {
    const { cli, screen } = await cliHost();
    const { connection, until } = await screen();
    const running = cli(['exec', 'web-1', '--', 'reboot']);
    const { id } = await until((view) => view.approvals[0]);
    const answer = { kind: 'deny', reason: 'not today' } as const;
    await connection.call('approval.answer', { id, via: 'screen', answer });
    const run = await running;
    expect(run.code).toBe(244);
    expect(run.stderr).toContain(`Waits for an approval: ${id}`);
    expect(run.stderr).toContain('not today');
  });

  it('on a terminal shows the card and takes a denial with its reason', async () => {
    const { cli, world } = await cliHost();
    const run = await cli(['exec', 'web-1', '--', 'reboot', 'now'], typist(['x', 'r', 'use systemctl']));
    expect(run.code).toBe(244);
    expect(run.stderr).toContain('Run a command on web-1');
    expect(run.stderr).toContain('reboot now');
    expect(run.stderr).toContain('use systemctl');
    expect(world.journal).not.toContain('perform exec');
  });

  it('on a terminal approves only with the code below the card', async () => {
    const { cli, world } = await cliHost();
    const run = await cli(['exec', 'web-1', '--', 'reboot'], typist(['a', 'wrong', 'a', '<code>']));
    expect(run.stderr).toContain('That was not the code');
    expect(run).toMatchObject({ code: 0, stdout: 'reboot\n' });
    expect(world.journal.filter((entry) => entry === 'perform exec')).toHaveLength(1);
  });

  it('on a terminal asks for the id of a production server', async () => {
    const { cli, world } = await cliHost();
    const run = await cli(['exec', 'db-1', '--', 'reboot'], typist(['a', '<code>', 'web-1', 'a', '<code>', 'db-1']));
    expect(run.stderr).toContain('That was not its id');
    expect(run.code).toBe(0);
    expect(world.audit.last('permit')).toMatchObject({ approver: 'operator@cli' });
  });

  it('gives up the card when the terminal ends', async () => {
    const { cli, world, host } = await cliHost();
    const run = await cli(['exec', 'web-1', '--', 'reboot'], typist([]));
    expect(run.code).toBe(130);
    expect(host.view.approvals).toEqual([]);
    expect(world.journal).not.toContain('perform exec');
  });

  it('cancels what waits on Ctrl-C', async () => {
    const { cli, screen, world } = await cliHost();
    const { until } = await screen();
    const running = cli(['exec', 'web-1', '--', 'reboot']);
    await until((view) => view.approvals[0]);
    process.emit('SIGINT');
    expect(await running).toMatchObject({ code: 130 });
    await until((view) => view.approvals.length === 0);
    expect(world.journal).not.toContain('perform exec');
  });

  it('drops its question when a screen was faster', async () => {
    const { cli, screen } = await cliHost();
    const { connection, until } = await screen();
    const asked = promiseWithResolvers<string>();
    const running = cli(['exec', 'web-1', '--', 'reboot'], { ...typist(['<wait>']), onQuestion: asked.resolve });
    await asked.promise;
    const { id } = await until((view) => view.approvals[0]);
    await connection.call('approval.answer', { id, via: 'screen', answer: { kind: 'approve', grant: 'once' } });
    const run = await running;
    expect(run).toMatchObject({ code: 0, stdout: 'reboot\n' });
    expect(run.stderr).toContain('approved by operator@screen');
  });

  it('shows remote bytes on a terminal as text that cannot do anything there', async () => {
    const { cli, world } = await cliHost();
    const evil = Buffer.from('\x1b[2Jgone\r\nüber\tx\u202e\n');
    world.servers.run = async () => ({ stdout: evil });
    const onTerminal = await cli(['exec', 'web-1', '--', 'ok'], { ...typist([]), stdoutIsTerminal: true });
    expect(onTerminal.stdout).toBe('\\x1b[2Jgone\nüber\tx\\u202e\n');
    const inPipe = await cli(['exec', 'web-1', '--', 'ok']);
    expect(inPipe.stdout).toBe(evil.toString());
  });
});
