/** The Servers view: what the last test of a server puts into its row and its details. */
import { describe, expect, it } from 'vitest';
import type { LineView } from '../../../src/protocol/server-facts-view.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { type TestState, toServerColumns, toServerDetails, toServerRow } from '../../../src/tui/present/servers.ts';
import type { StyledLine } from '../../../src/tui/styled.ts';
import { makeServer } from '../../fixtures/fake-host.ts';
import { farLine } from '../../fixtures/line-facts.ts';

const page: Page = { columns: 160, nowMs: 10_000, glyphs: unicodeGlyphs };
const key = `SHA256:${'k'.repeat(43)}`;
const known = { name: 'Host key', ok: true, detail: `The key ${key} is known.` };
const refused = { name: 'Login', ok: false, detail: 'web-1 refused the key.' };

describe('the last test of a server', () => {
  it.each<[string, TestState | null, string | null, RegExp]>([
    ['none', null, null, / idle .*22$/],
    ['running', { kind: 'running' }, null, / testing .*22$/],
    ['passed', { kind: 'done', steps: [known] }, null, / tested .*22$/],
    [
      'stopped at a step',
      { kind: 'done', steps: [known, refused] },
      null,
      / test failed .*22 +Login: web-1 refused the key\.$/,
    ],
    [
      'failed as a whole',
      { kind: 'failed', message: 'The host is gone.' },
      null,
      / test failed .* The host is gone\.$/,
    ],
    ['older than a problem', { kind: 'done', steps: [known] }, 'It is unreachable.', / idle .* It is unreachable\.$/],
    [
      'newer than a problem',
      { kind: 'done', steps: [known], problemBefore: 'It is unreachable.' },
      'It is unreachable.',
      / tested .*22$/,
    ],
  ])('is in its row: %s', (_name, test, problem, expected) => {
    const row = textOf(toServerRow(makeServer('web-1', { problem, state: 'idle', latencyMs: null }), test, page));
    expect(row.trimEnd()).toMatch(expected);
  });

  it('leaves all of the address in sight on 80 columns', () => {
    const servers = [makeServer('prod-web-1', { address: 'opsweb@127.0.0.1:22501', environment: 'production' })];
    const narrow = { ...page, columns: 78 };
    const row = servers.map((server) => textOf(toServerRow(server, null, narrow, toServerColumns(servers))));
    expect(row.join()).toContain('opsweb@127.0.0.1:22501');
  });

  it('can be asked for again where nobody answered what its login needed', () => {
    const problem = 'The login to web-1 needs the password of ops, since the question was declined.';
    const details = toServerDetails(makeServer('web-1', { problem, state: 'failed' }), null, page).map(textOf);
    expect(details).toContain('t  asks you again.');
    const other = toServerDetails(makeServer('web-1', { problem: 'It is unreachable.' }), null, page).map(textOf);
    expect(other.join()).not.toContain('asks you again');
  });

  it('has the command of this machine that leads there, and the key that asks about it', () => {
    const proxyCommand = { text: 'nc web 22', isAllowed: false };
    const problem =
      'To be reached, "web-1" needs a command to run on this machine that you have not allowed; look at it with `signalbox server trust-command web-1`.';
    const details = toServerDetails(makeServer('web-1', { problem, proxyCommand }), null, page).map(textOf);
    expect(details).toContain('reached by    a command of this machine, not allowed yet:');
    expect(details).toContain('              nc web 22');
    expect(details.join()).toContain('that you have not allowed; t shows it and asks you.');
  });

  it('names the same key where even its settings need such a command', () => {
    const problem =
      'To find out where it leads, "web-1" needs a command to run on this machine that you have not allowed; look at it with `signalbox server trust-command web-1`.';
    const details = toServerDetails(makeServer('web-1', { problem, state: 'broken' }), null, page).map(textOf);
    expect(details.join()).toContain('that you have not allowed; t shows it and asks you.');
    expect(details.join()).not.toContain('trust-command');
  });

  it('has the time of a step that passed, and ends a sentence about one that failed with its full stop', () => {
    const steps = [
      { name: 'Network', ok: true, detail: 'web-1:22 answers as OpenSSH_9.2p1', ms: 2.2 },
      { ...refused, ms: 30 },
    ];
    const details = toServerDetails(makeServer('web-1'), { kind: 'done', steps }, page).map(textOf);
    expect(details.filter((line) => /Network|Login/.test(line)).map((line) => line.trimEnd())).toEqual([
      '✓ Network    web-1:22 answers as OpenSSH_9.2p1, 2.2 ms',
      '✗ Login      web-1 refused the key.',
    ]);
  });

  it('tells the host key where no connection has', () => {
    const details = toServerDetails(makeServer('web-1', { hostKey: null }), { kind: 'done', steps: [known] }, page);
    expect(details.map(textOf)).toContain(`host key      ${key}`);
    expect(
      toServerDetails(makeServer('web-1', { hostKey: null }), null, page)
        .map(textOf)
        .join(),
    ).toContain('checked when it connects');
  });

  it('names the key that trusts an unknown host key, and no command for a shell', () => {
    const detail = `The host key of web-1, ssh-ed25519 ${key}, is not known yet; compare it with what its owner says, then run \`signalbox server trust-key web-1 ${key}\`.`;
    const test: TestState = { kind: 'done', steps: [{ name: 'Host key', ok: false, detail }] };
    const details = toServerDetails(makeServer('web-1', { hostKey: null }), test, page)
      .map(textOf)
      .join('\n');
    expect(details).toContain('host key      not known yet; T shows it');
    expect(details).toMatch(/is not known\s+yet\./);
    expect(details).not.toContain('trust-key');
  });
});

describe('what connections have shown of a server', () => {
  const shown = (line: Partial<LineView>): readonly string[] =>
    toServerDetails(makeServer('web-1', { hostKey: key, line: { ...farLine, hostKey: key, ...line } }), null, page)
      .map(textOf)
      .map((each) => each.trimEnd());

  it('is in its details, by what follows from it', () => {
    expect(shown({})).toEqual(
      expect.arrayContaining([
        'ssh server    OpenSSH_9.2, far: as few round trips as can be are made',
        'files         SFTP, replaced in one step; it has no fsync',
        'sessions      at most 2 at once, of commands, shells and files; it refused one more',
        `host key      ${key}`,
      ]),
    );
    const [service] = [{ posixRename: false, fsync: true, statvfs: true }];
    expect(shown({ files: service })).toContain('files         SFTP, written in place, not in one step');
    expect(shown({ authority: 'SHA256:ca' })).toContain(`host key      ${key}, certified by the authority SHA256:ca`);
  });

  it.each([
    ['connected', 'now'],
    ['lost', 'last'],
  ] as const)('tells the latency of a server that is %s', (state, when) => {
    const known = { facts: null, latencies: [5, 10] };
    const details = toServerDetails(makeServer('web-1', { state }), null, page, known).map(textOf);
    expect(details).toContainEqual(expect.stringMatching(`^latency +${when} 10 ms, 5 to 10 ms`));
  });

  it.each<[Partial<LineView>, string]>([
    [{ commands: 'none' }, 'commands      refused'],
    [{ commands: 'other program' }, 'commands      another program answers in their place (ForceCommand'],
    [{ printsFirst: true }, 'commands      run; start-up files of the account print something'],
    [{ files: 'none' }, 'files         no SFTP'],
  ])('says what is unusual: %j', (line, words) => {
    expect(shown(line).some((each) => each.startsWith(words))).toBe(true);
  });
});

function textOf(line: StyledLine): string {
  return line.map((each) => each.text).join('');
}
