/** Laws of the policy: total, deterministic, never fooled about words, and only ever stricter when more is known. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import { lexLine } from '../../../src/core/policy/lexer.ts';
import type { PolicyQuestion } from '../../../src/core/policy/policy.ts';
import {
  sensitiveFileNames,
  sensitiveFolderNames,
  sensitiveFolders,
} from '../../../src/core/policy/sensitive-paths.ts';
import { awkwardText } from '../../base/display/awkward-text.ts';
import { allowedLines, lookAlikeLines, refusedLines } from './lines.ts';
import { decideLine, target } from './set-up.ts';

const policy = createPolicy();
const outcomes = ['auto-allow', 'approval-required', 'reject'];

/** Lines made of what shells treat specially and of what is known here. */
const shellLine = fc
  .array(
    fc.constantFrom(
      ...[
        'cat',
        'ls',
        'grep',
        'find',
        'rm',
        'sudo',
        'env',
        'sh',
        '-c',
        '-r',
        '-exec',
        '--',
        '-n',
        '/srv/a',
        '/etc/shadow',
        'x=1',
      ],
      ...[
        ' ',
        ' ',
        ' ',
        ' ',
        ';',
        '|',
        '&',
        '>',
        '<',
        '(',
        ')',
        '{',
        '}',
        '$',
        '`',
        "'",
        '"',
        '\\',
        '#',
        '~',
        '*',
        '?',
        '!',
        '%',
      ],
      ...['=', '^', '@', '\n', '\u00e9', '$(', '${', '<(', '<<', '1', 'a'],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

const cwd = fc.constantFrom(null, '/srv', '/etc', '/', 'relative', '/srv/\x1b');
const question: fc.Arbitrary<PolicyQuestion> = fc.oneof(
  fc.record({
    kind: fc.constant('line' as const),
    line: fc.oneof(shellLine, awkwardText),
    cwd,
    hasStdin: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('argv' as const),
    argv: fc.array(fc.oneof(shellLine, awkwardText), { maxLength: 5 }),
    cwd,
    hasStdin: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('read' as const),
    path: awkwardText,
    realPath: fc.option(awkwardText),
    recursive: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('write' as const), path: awkwardText, realPath: fc.option(awkwardText) }),
);
const anyTarget = fc.constantFrom(
  null,
  target(),
  target({ readonly: true }),
  target({ roots: ['/srv'] }),
  target({ sensitive: ['/srv/a'] }),
);

describe('deciding', () => {
  it('answers everything, and the same thing twice', () => {
    fc.assert(
      fc.property(question, anyTarget, (asked, on) => {
        const decision = policy.decide(asked, on);
        expect(outcomes).toContain(decision.outcome);
        expect(decision.reason).toMatch(/\S/);
        expect(policy.decide(asked, on)).toEqual(decision);
      }),
      { numRuns: 3000 },
    );
  });

  it('never allows a write, nor anything but a read on a read-only server', () => {
    fc.assert(
      fc.property(question, (asked) => {
        if (asked.kind === 'write') expect(policy.decide(asked, target()).outcome).not.toBe('auto-allow');
        const plain = policy.decide(asked, target());
        const limited = policy.decide(asked, target({ readonly: true }));
        expect(outcomes.indexOf(limited.outcome)).toBeGreaterThanOrEqual(outcomes.indexOf(plain.outcome));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers nonsense with a question', () => {
    const odd = { kind: 'line', line: null } as unknown as PolicyQuestion;
    expect(policy.decide(odd, null)).toMatchObject({ outcome: 'approval-required', rule: 'policy.error', floor: true });
    expect(policy.decide(odd, target({ readonly: true })).outcome).toBe('reject');
  });

  it('looks inside of deep nesting without giving up', () => {
    expect(decideLine('('.repeat(2000)).outcome).toBe('approval-required');
    expect(decideLine('$('.repeat(2000)).outcome).toBe('approval-required');
    expect(decideLine(`${'sudo '.repeat(500)}ls`).outcome).toBe('approval-required');
    expect(decideLine(`echo ${'`'.repeat(4000)}`).outcome).toBe('approval-required');
  });

  it.each(lookAlikeLines)('does not allow what only looks harmless: %j', (line) => {
    expect(decideLine(line).outcome).not.toBe('auto-allow');
  });

  it('does not allow any refused line with a command before or after it', () => {
    for (const [line] of refusedLines) {
      for (const joint of [' ; ', ' && ', ' | ', '\n', ' & ']) {
        expect([line, decideLine(`uptime${joint}${line}`).outcome]).not.toContain('auto-allow');
        expect([line, decideLine(`${line}${joint}uptime`).outcome]).not.toContain('auto-allow');
      }
    }
  });
});

describe('words of an allowed line', () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abXY019_@%+:,./^=-'), minLength: 1, maxLength: 8 }),
    fc.string({ maxLength: 12 }).map((text) => `'${text}'`),
    fc.string({ maxLength: 12 }).map((text) => `"${text}"`),
    shellLine,
  );
  const candidate = fc
    .tuple(
      fc.constantFrom('cat', 'grep x', 'ls', 'find /srv -name', 'head -n 1', 'date'),
      fc.array(word, { maxLength: 4 }),
    )
    .map(([command, words]) => [command, ...words].join(' '));

  it.each(['bash', 'dash', 'busybox'].filter((shell) => existsSync(`/bin/${shell}`)))(
    'are the words %s reads',
    (shell) => {
      const lines = [...allowedLines, ...fc.sample(candidate, { numRuns: 6000, seed: 20_26 })];
      const allowed = lines.filter((line) => decideLine(line, { cwd: '/srv' }).outcome === 'auto-allow');
      expect(allowed.length).toBeGreaterThan(200);
      const read = readWithShell(shell, allowed);
      allowed.forEach((line, index) => {
        // What policy adds is not in the line: the words as lexed are the argv of the same line judged without additions.
        expect([line, read[index]]).toEqual([line, lexed(line)]);
      });
    },
  );
});

/** One shell for all lines; each line's words come back NUL-ended, the lines apart by an empty record. */
function readWithShell(shell: string, lines: readonly string[]): readonly (readonly string[])[] {
  const script = lines.map((line) => `printf '%s\\0' ${line}; printf '\\001\\0'`).join('\n');
  const argv = shell === 'busybox' ? ['sh', '-s'] : ['-s'];
  const run = spawnSync(`/bin/${shell}`, argv, {
    input: script,
    encoding: 'latin1',
    cwd: '/',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(run.stderr).toBe('');
  const records: string[][] = [[]];
  for (const field of run.stdout.split('\0').slice(0, -1)) {
    if (field === '\x01') records.push([]);
    else records.at(-1)?.push(field);
  }
  return records.slice(0, -1);
}

function lexed(line: string): readonly string[] {
  const result = lexLine(line);
  return result.kind === 'simple' ? result.argv : [];
}

describe('real paths', () => {
  it.each([
    ['cat /srv/link', '/etc/shadow', 'approval-required', 'floor.sensitive-path'],
    ['cat /srv/link', '/proc/1/environ', 'approval-required', 'floor.sensitive-path'],
    ['cat /srv/link', '/dev/zero', 'approval-required', 'path.device'],
    ['grep -r a /srv/link', '/', 'approval-required', 'path.broad-recursion'],
    ['find /srv/link', '/etc', 'approval-required', 'path.broad-recursion'],
    ['stat /srv/link', '/etc', 'auto-allow', 'command.stat'],
    ['cat /srv/link', '/srv/other', 'auto-allow', 'command.cat'],
    ['rm /srv/link', '/etc/shadow', 'approval-required', 'floor.write'],
  ])('%s, really %s', (line, real, outcome, rule) => {
    const decision = decideLine(line);
    const judged = policy.decideRealPaths(decision, new Map([['/srv/link', real]]), null);
    expect([judged.outcome, judged.rule]).toEqual([outcome, rule]);
    expect(judged.argv).toEqual(decision.argv);
  });

  it('are asked about when one is missing', () => {
    const decision = decideLine('cat /srv/a /srv/b');
    expect(decision.paths).toEqual(['/srv/a', '/srv/b']);
    const judged = policy.decideRealPaths(decision, new Map([['/srv/a', '/srv/a']]), null);
    expect([judged.outcome, judged.rule]).toEqual(['approval-required', 'path.unresolved']);
  });

  it('keep the way through a link: .. is not resolved as text', () => {
    expect(decideLine('cat /srv/link/../a').paths).toEqual(['/srv/link/../a']);
    expect(decideLine('cat link/../a', { cwd: '/srv' }).paths).toEqual(['/srv/link/../a']);
  });

  it('stay within the roots of the server', () => {
    const on = target({ roots: ['/srv'] });
    const decision = decideLine('cat /srv/link', { on });
    const judged = policy.decideRealPaths(decision, new Map([['/srv/link', '/opt/a']]), on);
    expect([judged.outcome, judged.rule]).toEqual(['approval-required', 'roots']);
  });

  it('only ever make a decision stricter', () => {
    const paths = fc.constantFrom('/etc/shadow', '/srv/a', '/', '/dev/zero', 'odd', '/srv/.env');
    fc.assert(
      fc.property(question, anyTarget, paths, (asked, on, real) => {
        const decision = policy.decide(asked, on);
        const judged = policy.decideRealPaths(decision, new Map(decision.paths.map((path) => [path, real])), on);
        expect(outcomes.indexOf(judged.outcome)).toBeGreaterThanOrEqual(outcomes.indexOf(decision.outcome));
        if (decision.floor) expect(judged.floor).toBe(true);
      }),
    );
  });
});

describe('file tools', () => {
  const read = (path: string, realPath: string | null = null, recursive = false) =>
    policy.decide({ kind: 'read', path, realPath, recursive }, target({ sensitive: ['/srv/vault'] }));

  it.each([
    ['/srv/a', null, false, 'auto-allow', 'file.read'],
    ['/var/log', null, true, 'auto-allow', 'file.list'],
    ['/srv/a', '/srv/b', false, 'auto-allow', 'file.read'],
    ['/etc/shadow', null, false, 'approval-required', 'floor.sensitive-path'],
    ['/srv/a', '/etc/shadow', false, 'approval-required', 'floor.sensitive-path'],
    ['/srv/vault/a', null, false, 'approval-required', 'floor.sensitive-path'],
    ['/srv/../srv/vault', null, false, 'approval-required', 'floor.sensitive-path'],
    ['/', null, true, 'approval-required', 'path.broad-recursion'],
    ['/etc', null, true, 'approval-required', 'path.broad-recursion'],
    ['/dev/zero', null, false, 'approval-required', 'path.device'],
    ['/srv/\u202ea', null, false, 'approval-required', 'bytes.unusual'],
    ['/srv/\x1b', null, false, 'approval-required', 'bytes.unusual'],
    ['srv/a', null, false, 'reject', 'malformed.path'],
    ['/srv/\0', null, false, 'reject', 'malformed.path'],
    ['/srv/\ud800', null, false, 'reject', 'malformed.path'],
  ])('read %j (really %j, recursive %j)', (path, real, recursive, outcome, rule) => {
    const decision = read(path, real, recursive);
    expect([decision.outcome, decision.rule]).toEqual([outcome, rule]);
  });

  it.each([
    ['/srv/a', '/srv/a', 'floor.write'],
    ['/srv/a', '/etc/shadow', 'floor.sensitive-path'],
    ['/root/.ssh/authorized_keys', null, 'floor.sensitive-path'],
  ])('write %s (really %s) always waits', (path, realPath, rule) => {
    const decision = policy.decide({ kind: 'write', path, realPath }, target());
    expect(decision).toMatchObject({ outcome: 'approval-required', rule, floor: true });
  });
});

describe('the excludes of a recursive search', () => {
  it('cover every name that is sensitive', () => {
    const argv = decideLine('grep -r a /srv').argv ?? [];
    for (const name of sensitiveFileNames) expect(argv).toContain(`--exclude=${name}`);
    for (const name of sensitiveFolderNames) expect(argv).toContain(`--exclude-dir=${name}`);
    for (const [, name] of sensitiveFolders) expect(argv).toContain(`--exclude-dir=${name}`);
  });

  it('are not enough for what a server adds', () => {
    const on = target({ sensitive: ['/srv/app/vault'] });
    expect(decideLine('grep -r a /srv', { on }).rule).toBe('floor.sensitive-path');
    expect(decideLine('grep -r a /srv/web', { on }).outcome).toBe('auto-allow');
  });
});
