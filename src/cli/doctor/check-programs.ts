/** Looks at Node and the programs of this machine that signalbox uses, by running each one once. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bad, type Finding, ok, warn } from './finding.ts';

export async function checkPrograms(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  return await Promise.all([
    checkNode(process.versions.node),
    checkProgram(env, {
      name: 'git',
      argv: ['git', '--version'],
      missing: (detail) =>
        bad('git', detail, 'Install git: before-images of changed files are kept in a git repository.'),
    }),
    checkProgram(env, {
      name: 'ssh',
      argv: ['ssh', '-V'],
      missing: (detail) =>
        warn('ssh', detail, 'Install the OpenSSH client to use host aliases with Match or canonical names.'),
    }),
    checkProgram(env, {
      name: 'tmux',
      argv: ['tmux', '-V'],
      missing: (detail) => warn('tmux', detail, 'Nothing to do: signalbox works without it.'),
    }),
    checkAgentSocket(env),
  ]);
}

/** @param version of the running Node, `20.19.1`. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', version);
  return bad('node', version, 'Install Node 20.19 or later.');
}

interface Program {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  missing(detail: string): Finding;
}

async function checkProgram(env: NodeJS.ProcessEnv, program: Program): Promise<Finding> {
  const result = await run(env, program.argv);
  return result.ok ? ok(program.name, result.said) : program.missing(result.said);
}

async function checkAgentSocket(env: NodeJS.ProcessEnv): Promise<Finding> {
  const socket = env.SSH_AUTH_SOCK;
  if (!socket) return warn('ssh-agent', 'SSH_AUTH_SOCK is not set', 'Start an ssh-agent to log in with its keys.');
  const listed = await run(env, ['ssh-add', '-l']);
  // Status 1 with an answer means an agent without keys; 2 means that nobody answers.
  if (listed.ok) return ok('ssh-agent', `${listed.lines} ${listed.lines === 1 ? 'key' : 'keys'}`);
  if (/no identities/i.test(listed.said)) return warn('ssh-agent', 'it holds no key', 'Add one with `ssh-add`.');
  return warn('ssh-agent', listed.said, 'Start an ssh-agent, or log in with key files.');
}

interface RunResult {
  readonly ok: boolean;
  /** First line of what it printed, or why it could not run. */
  readonly said: string;
  readonly lines: number;
}

async function run(env: NodeJS.ProcessEnv, argv: readonly [string, ...string[]]): Promise<RunResult> {
  const [program, ...args] = argv;
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, timeout: 5_000 });
    // `ssh -V` answers on stderr.
    const lines = (stdout.trim() || stderr.trim()).split('\n');
    return { ok: true, said: lines[0] ?? '', lines: lines.length };
  } catch (error) {
    const failure = error as { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string };
    if (failure.code === 'ENOENT') return { ok: false, said: 'not installed', lines: 0 };
    const said = `${failure.stderr ?? ''}${failure.stdout ?? ''}`.trim().split('\n')[0];
    return { ok: false, said: said || `it failed (${String(failure.code)})`, lines: 0 };
  }
}
