/**
 * Starts git for the snapshot store, through simple-git, with nothing of the user's or the machine's configuration in it.
 * The only file that opens simple-git's guards. Knows no snapshots.
 */
import type { Buffer } from 'node:buffer';
import { type SimpleGit, simpleGit } from 'simple-git';
import type { Clock } from '../../base/clock.ts';
import { limits } from '../../core/limits.ts';

/**
 * The guards protect a program whose arguments or environment come from others. Here every argument and every variable is fixed in this
 * file or is a percent-encoded path, and the settings below are the ones that make git deaf to planted configuration:
 * - environment: system and global configuration and attributes are off, and the repository is named instead of searched for;
 * - `core.hooksPath`: hooks in the repository do nothing (fast-import would run `reference-transaction`);
 * - `--template=`: a new repository gets no files of the machine's template folder.
 */
const unsafe = {
  allowUnsafeConfigPaths: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeTemplateDir: true,
};

const config = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.logAllRefUpdates=false',
  // A commit that was reported is on the disk.
  'core.fsync=all',
  'gc.auto=0',
  'core.compression=1',
  // A path is bytes, whatever the machine's file system does with case and accents.
  'core.ignoreCase=false',
  'core.precomposeUnicode=false',
];

export interface Git {
  /** Standard output of a git command that is given `input`, at least one character of it, on standard input. */
  run(argv: readonly string[], input: string | Buffer): Promise<string>;
  /** `git cat-file --batch`: one object name a line in, objects as git frames them out. */
  catFileBatch(names: readonly string[]): Promise<Buffer>;
  /** As git names it, `2.39.5`. From then on git is told to write as safely as this version can. */
  version(): Promise<string>;
  /** Makes the repository when there is none, and fails when git cannot be started. */
  initialise(): Promise<void>;
}

/** Before 2.36 git knew no `core.fsync`, and later ones warn of the setting it had before. */
function toDurability(version: string): readonly string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 36) ? [] : ['core.fsyncObjectFiles=true'];
}

/** @param repository an existing folder: the bare repository itself; @param clock tells when a git has said nothing for too long */
export function openGit(repository: string, clock: Clock): Git {
  let durability: readonly string[] = [];
  const environment = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_DIR: repository,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
  const allowEnvironment = Object.keys(environment).filter((name) => name.startsWith('GIT_'));

  const start = (input: string | Buffer | undefined, abort: AbortSignal) =>
    simpleGit({
      baseDir: repository,
      config: [...config, ...durability],
      unsafe,
      allowEnvironment,
      abort,
      input: () => input,
    }).env(environment);

  /** A git that says nothing for too long is asked to end; one that does not even hear that is given up on. */
  const ask = async <T>(input: string | Buffer | undefined, task: (git: SimpleGit) => PromiseLike<T>): Promise<T> => {
    const ending = new AbortController();
    // Throws at once when the folder is gone: before there is a timer that nobody would stop.
    const git = start(input, ending.signal);
    let giveUp: () => void = () => undefined;
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = () => reject(new Error('git does not end'));
    });
    const startTimer = () =>
      clock.after(limits.gitTimeoutMs, () => {
        ending.abort();
        timer = clock.after(limits.gitTimeoutMs / 2, giveUp);
      });
    let timer = startTimer();
    let hasEnded = false;
    const restart = (): void => {
      // What comes late is no sign of life.
      if (hasEnded || ending.signal.aborted) return;
      timer.dispose();
      timer = startTimer();
    };
    git.outputHandler((_command, stdout, stderr) => {
      stdout.on('data', restart);
      stderr.on('data', restart);
    });
    try {
      return await Promise.race([task(git), givenUp]);
    } catch (error) {
      throw ending.signal.aborted ? new Error('git said nothing', { cause: error }) : error;
    } finally {
      hasEnded = true;
      timer.dispose();
    }
  };

  return {
    run: async (argv, input) => await ask(input, (git) => git.raw([...argv])),
    catFileBatch: async (names) => {
      const input = names.map((name) => `${name}\n`).join('');
      return await ask(input, async (git) => (await git.binaryCatFile(['--batch'])) as Buffer);
    },
    version: async () => {
      const version = /\d+\.\d+(?:\.\d+)*/.exec(await ask(undefined, (git) => git.raw(['version'])))?.[0] ?? '0.0';
      durability = toDurability(version);
      return version;
    },
    initialise: async () => {
      await ask(undefined, (git) => git.raw(['init', '--bare', '--quiet', '--initial-branch=main', '--template=']));
    },
  };
}
