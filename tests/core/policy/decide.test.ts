/** What the policy says of whole command lines: tables of what runs at once, what waits, and what is rejected. */
import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import { allowedLines, refusedLines, rejectedLines } from './lines.ts';
import { decideLine, decideWords, target } from './set-up.ts';

describe('command lines that only inspect', () => {
  it.each(allowedLines)('run at once: %s', (line) => {
    expect(decideLine(line)).toMatchObject({ outcome: 'auto-allow' });
  });
});

describe('command lines that could do more', () => {
  it.each(refusedLines)('wait for a person: %s (%s)', (line, rule) => {
    const decision = decideLine(line);
    expect([decision.outcome, decision.rule]).toEqual(['approval-required', rule]);
  });
});

describe('command lines that cannot be right', () => {
  it.each(rejectedLines)('are rejected: %j (%s)', (line, rule) => {
    const decision = decideLine(line);
    expect([decision.outcome, decision.rule]).toEqual(['reject', rule]);
  });
});

describe('words', () => {
  it('are judged as they are, without a shell', () => {
    expect(decideWords(['cat', '/srv/$HOME/a b']).outcome).toBe('auto-allow');
    expect(decideWords(['find', '/srv', '(', '-name', '*.log', '-o', '-name', '*.gz', ')', '-print']).outcome).toBe(
      'auto-allow',
    );
    expect(decideWords(['cat', '/srv/a', ';', 'rm', '/srv/a']).rule).toBe('path.relative');
  });

  it.each([
    [['cat', '/srv/a\0'], 'reject', 'malformed.bytes'],
    [['cat', '/srv/\x1b[2J'], 'reject', 'malformed.bytes'],
    [['cat', '/srv/\ud800'], 'reject', 'malformed.bytes'],
    [[''], 'reject', 'malformed.empty'],
    [[], 'reject', 'malformed.empty'],
    [['cat', `/${'a'.repeat(5000)}`], 'reject', 'malformed.too-long'],
    [['cat', '/srv/a\nb'], 'approval-required', 'bytes.unusual'],
    [['cat', '/srv/\u0441at'], 'approval-required', 'bytes.unusual'],
    [['\u0441at', '/srv/a'], 'approval-required', 'command.location'],
    [['FOO=1', 'cat'], 'approval-required', 'command.location'],
    [['/tmp/cat', '/srv/a'], 'approval-required', 'command.location'],
    [['./cat', '/srv/a'], 'approval-required', 'command.location'],
    [['/usr/bin/../../tmp/cat', '/srv/a'], 'approval-required', 'command.location'],
    [['/usr/local/bin/cat', '/srv/a'], 'approval-required', 'command.location'],
    [['/opt/bin/vim', '/srv/a'], 'reject', 'reject.interactive'],
  ] as const)('that are odd do not run at once: %j', (argv, outcome, rule) => {
    const decision = decideWords(argv);
    expect([decision.outcome, decision.rule]).toEqual([outcome, rule]);
  });
});

describe('the words that will run', () => {
  it('keep a recursive grep out of every sensitive name, after the options of the caller', () => {
    const argv = decideLine("grep -rn --include=.env 'pass word' /srv/app").argv ?? [];
    expect(argv.slice(0, 4)).toEqual(['grep', '-r', '-n', '--include=.env']);
    expect(argv).toContain('--exclude=.[eE][nN][vV]');
    expect(argv).toContain('--exclude-dir=.[sS][sS][hH]');
    expect(argv.slice(-3)).toEqual(['--', 'pass word', '/srv/app']);
  });

  it('put options that come after the operands before our excludes', () => {
    const argv = decideLine('grep foo /srv/app -r --include=.env').argv ?? [];
    expect(argv.indexOf('--include=.env')).toBeLessThan(argv.indexOf('--exclude=.[eE][nN][vV]'));
  });

  it('switch pagers off', () => {
    expect(decideLine('systemctl status nginx').argv).toEqual(['systemctl', '--no-pager', 'status', 'nginx']);
    expect(decideLine('journalctl --no-pager -n 5').argv).toEqual(['journalctl', '--no-pager', '-n', '5']);
  });

  it('are the words of the request while it waits for a person', () => {
    expect(decideLine('grep -r foo /etc').rule).toBe('path.broad-recursion');
    expect(decideLine('systemctl restart nginx').argv).toEqual(['systemctl', 'restart', 'nginx']);
    expect(decideLine('ls | wc').argv).toBeNull();
  });

  it('ask for redaction of process and unit listings', () => {
    expect(decideLine('ps aux').redactOutput).toBe(true);
    expect(decideLine('systemctl status nginx').redactOutput).toBe(true);
    expect(decideLine('cat /srv/a').redactOutput).toBe(false);
  });
});

describe('parts of a compound line', () => {
  it('each show their own verdict', () => {
    const { parts } = decideLine('ls /srv | grep a && rm -rf /srv/a');
    expect(parts.map(({ text, outcome }) => [text, outcome])).toEqual([
      ['ls /srv', 'auto-allow'],
      ['grep a', 'auto-allow'],
      ['rm -rf /srv/a', 'approval-required'],
    ]);
  });

  it('show what is inside of substitutions and backquotes', () => {
    const texts = decideLine('echo $(id -u) `rm \\`cat /srv/a\\`` <(uptime)').parts.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['id -u', 'uptime', 'cat /srv/a']));
    expect(texts.some((text) => text.startsWith('rm '))).toBe(true);
  });

  it('count their redirections', () => {
    const { parts, floor } = decideLine('uptime > /srv/a');
    expect(parts).toEqual([{ text: 'uptime > /srv/a', outcome: 'approval-required', reason: 'It writes to /srv/a.' }]);
    expect(decideLine('echo hi > x; cat x').parts[0]?.reason).toBe('It writes to x.');
    expect(decideLine('rm a > x; cat x').parts[0]?.reason).toMatch(/^rm changes files/);
    expect(decideLine('vim a > x; cat x').parts[0]?.outcome).toBe('reject');
    expect(floor).toBe(true);
    expect(decideLine('uptime 2>/dev/null').rule).toBe('floor.composition');
  });
});

describe('the hash', () => {
  it('is the same for every policy of the same tables', () => {
    expect(createPolicy().hash).toMatch(/^[0-9a-f]{64}$/);
    expect(createPolicy().hash).toBe(createPolicy().hash);
  });
});

describe('a read-only server', () => {
  const readonly = target({ readonly: true });
  it.each([
    ['rm /srv/a', 'reject', 'readonly'],
    ['systemctl restart nginx', 'reject', 'readonly'],
    ['unknown-tool', 'reject', 'readonly'],
    ['uptime; uptime', 'reject', 'readonly'],
    ['sudo cat /srv/a', 'reject', 'readonly'],
    ['docker ps', 'reject', 'readonly'],
    ['cat /etc/shadow', 'approval-required', 'floor.sensitive-path'],
    ['cat /srv/a', 'auto-allow', 'command.cat'],
    ['uptime', 'auto-allow', 'command.uptime'],
  ])('answers %s with %s', (line, outcome, rule) => {
    const decision = decideLine(line, { on: readonly });
    expect([decision.outcome, decision.rule]).toEqual([outcome, rule]);
  });

  it('refuses every write of a file', () => {
    const decision = createPolicy().decide({ kind: 'write', path: '/srv/a', realPath: '/srv/a' }, readonly);
    expect([decision.outcome, decision.rule]).toEqual(['reject', 'readonly']);
  });
});

describe('the working folder', () => {
  it.each([
    ['srv', 'malformed.cwd'],
    ['/srv/\x1b', 'malformed.cwd'],
    ['/srv/current/..', 'malformed.cwd'],
    ['/srv/current/../etc', 'malformed.cwd'],
    ['/..', 'malformed.cwd'],
  ])('must mean one folder to everybody: %j', (cwd, rule) => {
    const decision = decideLine('cat a', { cwd });
    expect([decision.outcome, decision.rule]).toEqual(['reject', rule]);
  });

  it('may have dots in its names', () => {
    expect(decideLine('cat a', { cwd: '/srv/..a/b..' }).outcome).toBe('auto-allow');
  });
});

describe('roots of a server', () => {
  const rooted = target({ roots: ['/srv/app'] });
  it.each([
    ['cat /srv/app/a', null, 'auto-allow', 'command.cat'],
    ['cat /srv/application', null, 'approval-required', 'roots'],
    ['cat /srv/app/../b', null, 'approval-required', 'roots'],
    ['ls', null, 'approval-required', 'path.relative'],
    ['ls', '/srv/app', 'auto-allow', 'command.ls'],
    ['ls', '/srv', 'approval-required', 'roots'],
    ['uptime', '/srv', 'approval-required', 'roots'],
    ['uptime', null, 'auto-allow', 'command.uptime'],
  ])('judge %s in %s', (line, cwd, outcome, rule) => {
    const decision = decideLine(line, { on: rooted, cwd });
    expect([decision.outcome, decision.rule]).toEqual([outcome, rule]);
  });
});
