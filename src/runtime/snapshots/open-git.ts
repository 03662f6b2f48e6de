/**
 * Starts git for the snapshot store, through simple-git, with nothing of the user's or the machine's configuration in it.
 * The only file that opens simple-git's guards. Knows no snapshots.
 */
import type { Buffer } from 'node:buffer';
import { simpleGit } from 'simple-git';
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
  /** Makes the repository when there is none, and fails when git cannot be started. */
  initialise(): Promise<void>;
}

/** @param repository an existing folder: the bare repository itself */
export function openGit(repository: string): Git {
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

  const start = (input: string | Buffer | undefined) =>
    simpleGit({
      baseDir: repository,
      config,
      unsafe,
      allowEnvironment,
      timeout: { block: limits.gitTimeoutMs },
      input: () => input,
    }).env(environment);

  return {
    run: async (argv, input) => await start(input).raw([...argv]),
    catFileBatch: async (names) =>
      (await start(names.map((name) => `${name}\n`).join('')).binaryCatFile(['--batch'])) as Buffer,
    initialise: async () => {
      await start(undefined).raw(['init', '--bare', '--quiet', '--initial-branch=main', '--template=']);
    },
  };
}
