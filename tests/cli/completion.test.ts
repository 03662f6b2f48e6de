/** The completion scripts, checked and asked by the shells themselves where they are installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quote } from '../../src/cli/completion/completion-tree.ts';
import { toCompletionScript } from '../../src/cli/completion/scripts.ts';
import { runInProcess } from './run.ts';

let folder: string;
const scripts = new Map<string, string>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-completion-'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await runInProcess(['completion', shell], { env: { SIGNALBOX_HOME: folder }, cwd: folder });
    const file = join(folder, `signalbox.${shell}`);
    writeFileSync(file, stdout);
    scripts.set(shell, file);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function isInstalled(shell: string): boolean {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    process.stderr.write(`${shell} is not installed: its completion is not tried.\n`);
    return false;
  }
}

/** What bash offers after some words, the last one being completed. */
function bashOffers(words: readonly string[]): string[] {
  const code = `source ${quote(scripts.get('bash') ?? '')}
    COMP_WORDS=(${words.map(quote).join(' ')}); COMP_CWORD=${words.length - 1}
    _signalbox; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', code], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

describe.runIf(isInstalled('bash'))('bash', () => {
  it.each([
    [['signalbox', 'serv'], ['server']],
    [
      ['signalbox', 'server', 'tr'],
      ['trust', 'trust-command', 'trust-key', 'trust-known'],
    ],
    [['signalbox', 'server', 'list', '--j'], ['--json']],
    [
      ['signalbox', 'server', '--whatever', 'add', '--pass'],
      expect.arrayContaining(['--password-env', '--passphrase-command']),
    ],
    [['signalbox', 'mcp-br'], []],
    [['signalbox', 'demo-a'], []],
    [['signalbox', 'server', 'list', '--', ''], []],
    [['signalbox', 'zzz'], []],
  ])('offers after %j', (words, offers) => {
    expect(bashOffers(words)).toEqual(offers);
  });
});

describe.runIf(isInstalled('zsh'))('zsh', () => {
  it('reads the script, and it registers itself', () => {
    const file = scripts.get('zsh') ?? '';
    execFileSync('zsh', ['-n', file]);
    const code = `compdef() { print "registered $*" }; source ${quote(file)}; whence -w _signalbox`;
    expect(execFileSync('zsh', ['-f', '-c', code], { encoding: 'utf8' })).toBe(
      'registered _signalbox signalbox\n_signalbox: function\n',
    );
  });
});

describe.runIf(isInstalled('fish'))('fish', () => {
  const offers = (line: string): string =>
    execFileSync(
      'fish',
      ['--no-config', '-c', `source ${quote(scripts.get('fish') ?? '')}; complete -C ${quote(line)}`],
      {
        encoding: 'utf8',
        env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
      },
    );

  it.each([
    ['signalbox serv', 'server\tregister'],
    ['signalbox server tr', 'trust-key\t'],
    ['signalbox server list --j', '--json\tas JSON'],
  ])('offers after %j', (line, offered) => {
    expect(offers(line)).toContain(offered);
  });

  it.each([['signalbox mcp-br'], ['signalbox list --j'], ['signalbox server -- tr']])(
    'offers no command after %j',
    (line) => {
      expect(offers(line)).not.toMatch(/^(mcp-bridge|--json|trust)/m);
    },
  );
});

it('quotes summaries that would end the script’s own quotes', () => {
  const words = [{ word: 'x', summary: `it's a "trap": $(touch /tmp/x) \\` }];
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const file = join(folder, `odd.${shell}`);
    writeFileSync(
      file,
      toCompletionScript(shell, [
        { path: [], words },
        { path: ['x'], words: [] },
      ]),
    );
    if (isInstalled(shell)) execFileSync(shell, ['-n', file]);
  }
});
