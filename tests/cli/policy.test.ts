/** `signalbox policy check` as a person and as a script use it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestLines } from '../../src/cli/policy/request-lines.ts';
import { type CliRun, runInProcess } from './run.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-policy-'));
  const added = await check([
    'server',
    'add',
    'web-1',
    '--host',
    '10.0.0.5',
    '--user',
    'deploy',
    '--agent',
    '--readonly',
    '--environment',
    'staging',
    '--root',
    '/srv',
  ]);
  expect(added).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function check(argv: readonly string[], stdin?: string): Promise<CliRun> {
  const env = { SIGNALBOX_HOME: folder, PATH: process.env.PATH, HOME: folder };
  return runInProcess(argv, { env, cwd: folder, ...(stdin === undefined ? {} : { stdin }) });
}

const policyCheck = (...words: string[]) => check(['policy', 'check', ...words]);

describe('one command', () => {
  it('is explained with the lines of a card', async () => {
    const { code, stdout } = await policyCheck('rm -rf /srv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^approval-required \(floor\.write\)\n/);
    expect(stdout).toContain('Command     rm -rf /srv\n');
    expect(stdout).toMatch(/\nLinks are not looked at here; .*\n$/);
    expect(stdout).toContain('Commands cannot be undone.');
    expect(stdout).toContain('any server (none was named, so it is judged as production)');
    expect(stdout).not.toContain('names no environment');
    expect((await policyCheck('uptime')).stdout).not.toContain('undone');
  });

  it.each([
    [['uptime'], 0, 'auto-allow'],
    [['ls; id'], 0, 'approval-required'],
    [['vim /srv/a'], 3, 'reject'],
    [['ls\x1b[2J'], 3, 'reject'],
    [[''], 3, 'reject'],
    [['--', 'cat', '/srv/$x'], 0, 'auto-allow'],
    [['--', 'ls -la'], 0, 'approval-required'],
    [['--', 'ls', '--', '-la'], 0, 'approval-required'],
    [['--cwd', '/srv', '--', 'ls', '--', '-la'], 0, 'auto-allow'],
    [['--cwd', '/srv', 'cat a'], 0, 'auto-allow'],
    [['cat a'], 0, 'approval-required'],
    [['--server', 'web-1', 'rm /srv/a'], 3, 'reject'],
    [['--server', 'web-1', 'cat /opt/a'], 0, 'approval-required'],
  ])('%j ends with %i and says %s', async (words, status, decision) => {
    const { code, stdout, stderr } = await policyCheck('--json', ...words);
    expect(stderr).toBe('');
    expect(code).toBe(status);
    expect(JSON.parse(stdout)).toMatchObject({ decision });
  });

  it.each([
    [[], 'Name a command to check'],
    [['ls', '/srv'], 'one quoted argument'],
    [['--server', 'web-9', 'uptime'], 'web-9'],
    [['--stdin', 'uptime'], 'leave the argument out'],
    [['--nonsense', 'uptime'], 'There is no option --nonsense'],
    [['ls', '-l'], 'put -- before its words: signalbox policy check -- ls -l'],
  ])('%j is a usage error that says what to do', async (words, part) => {
    const { code, stderr } = await policyCheck(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(part);
  });
});

describe('a stream of requests', () => {
  it('is answered line by line, in order, whatever the lines are', async () => {
    const requests = [
      '{"command":"uptime"}',
      'nonsense',
      '{"command":"cat a","cwd":"/srv"}',
      '{"command":"uptime","server":"web-9"}',
      '',
      '{"command":"rm /srv/a","server":"web-1"}',
      '{"command":1}',
      '{"command":"ls","extra":1}',
      '[]',
      '{"command":"cat /srv/\\ud800"}',
      '{"command":"ls\\u2028rm"}',
      '{"command":"grep -r x /srv"}',
    ];
    const { code, stdout } = await check(['policy', 'check', '--stdin'], requests.join('\n'));
    expect(code).toBe(0);
    const answers = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(answers.map(({ decision, rule }) => [decision, rule])).toEqual([
      ['auto-allow', 'command.uptime'],
      ['reject', 'request.malformed'],
      ['auto-allow', 'command.cat'],
      ['reject', 'request.server'],
      ['reject', 'request.malformed'],
      ['reject', 'readonly'],
      ['reject', 'request.malformed'],
      ['reject', 'request.malformed'],
      ['reject', 'request.malformed'],
      ['reject', 'malformed.bytes'],
      ['approval-required', 'bytes.unusual'],
      ['auto-allow', 'command.grep'],
    ]);
    for (const answer of answers) {
      expect(Object.keys(answer)).toEqual(['decision', 'rule', 'reason', 'argv', 'display']);
      for (const line of answer.display) expect(line.length).toBeLessThanOrEqual(80);
    }
    expect(answers[0]).toMatchObject({ argv: ['uptime'] });
    expect(answers[0].display).toContain('Command     uptime');
    expect(answers[10].argv).toBeNull();
    expect(answers[10].display).toContain('Shell line  ls\\u2028rm');
    expect(answers[11].argv).toContain('--exclude=.[eE][nN][vV]');
  });

  it('is answered by an empty stream when it is empty', async () => {
    expect(await check(['policy', 'check', '--stdin'], '')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('lines of a stream', () => {
  it('survive any cut, even inside of a character', async () => {
    const bytes = Buffer.from('a\u20ac\n\n\u2028b\nc');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await collect([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['a\u20ac', '', '\u2028b', 'c']);
    }
  });

  it('that are too long are told, and the next one is read', async () => {
    const long = Buffer.alloc(300 * 1024, 'a');
    expect(await collect([long, Buffer.from('bc\nok\n')])).toEqual([null, 'ok']);
  });
});

async function collect(chunks: readonly Uint8Array[]): Promise<readonly (string | null)[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const lines: (string | null)[] = [];
  for await (const line of requestLines(stream())) lines.push(line);
  return lines;
}
