/** `signalbox agent login`, `logout`, `sessions` over a real fixture agent, without a host and without a terminal. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../../src/cli/commands/agent.ts';
import { bindIo, type CliIo } from '../../../src/cli/output.ts';
import { fixtureAgent } from '../../fixtures/agent-world.ts';

let home = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-accounts-')));
  mkdirSync(join(home, 'config'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function signalbox(
  words: string,
  path = '/usr/bin:/bin',
  answer?: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: '', stderr: '' };
  const collect = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({ write: (chunk: Buffer, _encoding, done) => done(void (out[name] += chunk.toString())) });
  const stdin = new PassThrough();
  const stderr = collect('stderr');
  if (answer !== undefined) {
    for (const end of [stdin, stderr]) Object.assign(end, { isTTY: true });
    const { write } = stderr;
    stderr.write = ((chunk: string) => {
      if (chunk.includes('[y/N]')) stdin.write(`${answer}\n`);
      return write.call(stderr, chunk, 'utf8');
    }) as typeof stderr.write;
  }
  const io: CliIo = {
    ...{ stdin, stderr },
    stdout: collect('stdout'),
    env: { SIGNALBOX_HOME: home, HOME: home, PATH: path },
    cwd: home,
    exitCode: 0,
  };
  const program = new Command('signalbox').exitOverride();
  bindIo(program, io);
  register(program);
  await program.parseAsync(words.split(' '), { from: 'user' });
  return { code: io.exitCode, ...out };
}

function agent(...switches: readonly string[]): void {
  const fixture = { command: [process.execPath, fixtureAgent, ...switches] };
  const agents = { fixture, copy: { ...fixture, extends: 'codex' }, models: { ...fixture, extends: 'opencode' } };
  writeFileSync(join(home, 'config/agents.json'), JSON.stringify({ agents }));
}

describe('agent login', () => {
  it('uses the only way there is, and agent logout takes it back', async () => {
    agent('--login', '--logout');
    expect((await signalbox('agent login fixture')).stdout).toContain('fixture says that it is logged in.');
    const file = join(home, 'data/agents/fixture/home/.fixture-login');
    expect(readFileSync(file, 'utf8')).toBe('oauth');
    expect((await signalbox('agent logout fixture')).stdout).toBe('fixture is logged out.\n');
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['several ways and none chosen', 'agent login fixture', /choose one with --method: oauth, page, broken, term/],
    ['a way that is not there', 'agent login fixture --method magic', /choose one of oauth, page, broken, term/],
    ['a way that fails', 'agent login fixture --method broken', /the provider said no/],
    ['a page and nobody to open it', 'agent login fixture --method page', /page: cancel/],
    ['a way that needs a terminal', 'agent login fixture --method term', /needs a terminal/],
    ['no such agent', 'agent login hal', /no agent "hal"/],
    ['no login to copy', 'agent login copy --import --yes', /no login of copy \(looked for ~\/\.codex\/auth\.json\)/],
    ['a login that is not known', 'agent login fixture --import --yes', /not known where fixture keeps a login/],
    ['nothing that is listed', 'agent sessions fixture', /does not offer to list/],
    ['no way out', 'agent logout fixture', /does not offer to log out/],
  ])('with %s says what to do', async (_what, words, message) => {
    agent('--login', '--logins');
    await expect(signalbox(words)).rejects.toThrow(message);
  });

  it('starts nothing uncontained where the configuration demands isolation', async () => {
    agent('--login');
    writeFileSync(join(home, 'config/config.json'), JSON.stringify({ requireIsolation: true }));
    // PATH of this test may hold bubblewrap, so it is taken away.
    await expect(signalbox('agent login fixture', '/nowhere')).rejects.toThrow('must be isolated and cannot be');
    expect(existsSync(join(home, 'data/agents/fixture/home/.fixture-login'))).toBe(false);
  });

  it('without any way says so', async () => {
    agent();
    await expect(signalbox('agent login fixture')).rejects.toThrow('fixture offers no login');
  });

  it('--import names the files and the risk, and copies only when told to', async () => {
    agent();
    mkdirSync(join(home, '.codex'));
    writeFileSync(join(home, '.codex/auth.json'), 'token');
    await expect(signalbox('agent login copy --import')).rejects.toThrow('Nothing was copied; add --yes');
    const { stdout, stderr } = await signalbox('agent login copy --import --yes');
    expect(stderr).toContain('~/.codex/auth.json');
    expect(stderr).toContain('can then read them');
    expect(stdout).toContain('Copied 1 file.');
    expect(readFileSync(join(home, 'data/agents/copy/home/.codex/auth.json'), 'utf8')).toBe('token');
  });

  it.each([
    ['y', /Copied 1 file/, /They name an address of this machine itself.*"network": "host"/],
    ['n', /models says that it is logged in/, /does not see your choice of model/],
  ])('offers the settings that a person has elsewhere, and takes %j', async (answer, said, noted) => {
    agent('--login');
    mkdirSync(join(home, '.config/opencode'), { recursive: true });
    const provider = { local: { options: { baseURL: 'http://127.0.0.1:11434/v1' } } };
    writeFileSync(join(home, '.config/opencode/opencode.json'), JSON.stringify({ provider }));
    const { stdout, stderr } = await signalbox('agent login models', undefined, answer);
    expect(stdout).toMatch(said);
    expect(stderr).toMatch(noted);
    expect(existsSync(join(home, 'data/agents/models/home/.config/opencode/opencode.json'))).toBe(answer === 'y');
  });
});

it('agent sessions lists and deletes what the agent keeps', async () => {
  agent('--list', '--delete');
  expect((await signalbox('agent sessions fixture')).stdout).toMatch(/^SESSION.*\na .*Title a\nb *\nc .*Title c\n$/);
  expect((await signalbox('agent sessions fixture --delete b')).stdout).toBe('fixture has deleted session b.\n');
  const { sessions } = JSON.parse((await signalbox('agent sessions fixture --json')).stdout);
  expect(sessions.map(({ id }: { id: string }) => id)).toEqual(['a', 'c']);
});
