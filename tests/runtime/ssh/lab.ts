/** One set-up for the tests of the SSH part: servers of ours that trust what they are told to, and permits for actions. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import type { Action, CommandForm, ExecAction, WriteFileAction } from '../../../src/core/action.ts';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { type Code, OperationError } from '../../../src/core/codes.ts';
import type { LineFacts, LineNotes } from '../../../src/core/facts/line-facts.ts';
import type { LocalCommands } from '../../../src/core/login/local-command.ts';
import { LoginDesk } from '../../../src/core/login/login-desk.ts';
import { Permit } from '../../../src/core/permit.ts';
import type {
  ConnectionSettings,
  ConnectionSource,
  ExecOutcome,
  PerformOutcome,
  PerformSink,
  Secrets,
  Survey,
} from '../../../src/core/ports.ts';
import type { Target } from '../../../src/core/server.ts';
import { createDurableNotes } from '../../../src/runtime/durable/create-durable-notes.ts';
import { createAllowedCommands } from '../../../src/runtime/local-commands/allowed-commands.ts';
import { createLocalCommands } from '../../../src/runtime/local-commands/ask-leave.ts';
import { createServers, type SshServers } from '../../../src/runtime/ssh/create-servers.ts';
import { patientClock } from '../../fixtures/patient-clock.ts';
import { connectionsTo, plainSecrets, type Sshd, type SshdOptions, startSshd, targetOf } from '../../fixtures/sshd.ts';

/** A signal that is never aborted; a new one each time, as real callers have. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

export interface Lab {
  readonly servers: SshServers;
  readonly knownHostsFile: string;
  exec(target: Target, command: string | readonly string[], options?: ExecOptions): Promise<ExecOutcome>;
  perform<K extends Action['kind']>(
    target: Target,
    action: Action & { kind: K },
  ): Promise<PerformOutcome & { kind: K }>;
  dispose(): Promise<void>;
}

export interface ExecOptions extends Partial<Omit<ExecAction, 'kind' | 'command'>> {
  readonly signal?: AbortSignal;
  readonly sink?: PerformSink;
  readonly hostKey?: string;
}

export interface LabOptions {
  /** Lines of known_hosts; default: every key of the server. */
  readonly knownHosts?: string;
  readonly userKnownHosts?: string;
  readonly settings?: ReadonlyMap<string, Partial<ConnectionSettings>>;
  readonly connections?: ConnectionSource;
  /** Default: the real one, whose deadlines only a hang meets. */
  readonly clock?: Clock;
  /** From which round trip on a channel is kept open for the next command; default: never, as a busy machine makes any line slow. */
  readonly aheadFromMs?: number;
  /** What is remembered of durable commands; default: a folder of its own. */
  readonly commandsFolder?: string;
  /** Default: only plain ones are known. */
  readonly secrets?: Secrets;
  /** What outlives connections; default: nothing. */
  readonly lines?: LineNotes;
  /** Default: nobody is there to answer. */
  readonly questions?: LoginDesk;
  /** Default: `questions` are asked, and what is allowed is forgotten with the lab. */
  readonly localCommands?: LocalCommands;
  readonly env?: NodeJS.ProcessEnv;
}

/** As long as the test. */
export function memoryLines(): LineNotes & { readonly kept: ReadonlyMap<string, LineFacts> } {
  const kept = new Map<string, LineFacts>();
  return {
    kept,
    find: async (recordHash) => kept.get(recordHash) ?? null,
    keep: (recordHash, facts) => void kept.set(recordHash, facts),
    forget: async (recordHash) => void kept.delete(recordHash),
    settle: async () => undefined,
  };
}

export function nobodyToAsk(clock: Clock = systemClock): LoginDesk {
  return new LoginDesk({ clock, redactor: { hold: () => undefined }, newId: randomUUID });
}

export async function makeLab(
  sshd: Pick<Sshd, 'privateKeyPath' | 'knownHostsLine'>,
  options: LabOptions = {},
): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-lab-'));
  const knownHostsFile = join(folder, 'known_hosts');
  const userFile = join(folder, 'user_known_hosts');
  await writeFile(knownHostsFile, options.knownHosts ?? sshd.knownHostsLine);
  if (options.userKnownHosts !== undefined) await writeFile(userFile, options.userKnownHosts);
  const clock = options.clock ?? patientClock;
  const servers = createServers({
    connections: options.connections ?? connectionsTo(sshd, options.settings),
    secrets: options.secrets ?? plainSecrets,
    redactor: createRedactor({ key: randomBytes(32) }),
    questions: options.questions ?? nobodyToAsk(),
    localCommands:
      options.localCommands ??
      createLocalCommands({
        allowed: createAllowedCommands(join(folder, 'allowed-commands.json')),
        questions: options.questions ?? null,
        clock,
      }),
    ...(options.env ? { env: options.env } : {}),
    knownHostsFile,
    userKnownHostsFiles: [userFile],
    clock,
    durable: createDurableNotes(options.commandsFolder ?? join(folder, 'commands')),
    ...(options.lines ? { lines: options.lines } : {}),
    aheadFromMs: options.aheadFromMs ?? Number.POSITIVE_INFINITY,
  });
  return {
    servers,
    knownHostsFile,
    async exec(target, command, { signal = never(), sink = {}, hostKey, ...rest } = {}) {
      const action: ExecAction = {
        kind: 'exec',
        command: toForm(command),
        cwd: null,
        timeoutMs: 20_000,
        stdin: null,
        outputBytesMax: 1024 * 1024,
        realPathsOf: [],
        ...rest,
      };
      const outcome = await servers.perform(new Permit('p', target, action, hostKey ?? null), sink, signal);
      if (outcome.kind !== 'exec') throw new Error('An exec has an exec outcome.');
      return outcome;
    },
    async perform(target, action) {
      const outcome = await servers.perform(new Permit('p', target, action, null), {}, never());
      if (outcome.kind !== action.kind) throw new Error('The outcome is of another kind.');
      return outcome as PerformOutcome & { kind: typeof action.kind };
    },
    async dispose() {
      await servers.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toForm(command: string | readonly string[]): CommandForm {
  return typeof command === 'string' ? { form: 'line', line: command } : { form: 'argv', argv: command };
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Runs a task with a lab of its own. */
export async function withLab<T>(sshd: Sshd, options: LabOptions, task: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await makeLab(sshd, options);
  try {
    return await task(lab);
  } finally {
    await lab.dispose();
  }
}

export function settingsFor(of: Target, settings: Partial<ConnectionSettings>): LabOptions {
  return { settings: new Map([[of.recordHash, settings]]) };
}

export interface FileLab extends Lab {
  survey(path: string, contentBytesMax?: number): Promise<Survey>;
  read(
    path: string,
    range?: { offset?: number; length?: number; bytesMax?: number },
  ): Promise<PerformOutcome & { kind: 'read-file' }>;
  /** Expects what is there now, unless `more` says otherwise. */
  write(
    path: string,
    content: string | Uint8Array,
    more?: Partial<WriteFileAction>,
  ): Promise<PerformOutcome & { kind: 'write-file' }>;
}

/** A lab with short spellings for the file actions on one server. */
export async function makeFileLab(sshd: Sshd, options: LabOptions = {}): Promise<FileLab> {
  const lab = await makeLab(sshd, options);
  const of = targetOf(sshd);
  return {
    ...lab,
    survey: (path, contentBytesMax = 1_000_000) =>
      lab.servers.survey({ target: of, path, contentBytesMax, signal: never() }),
    read: (path, { offset = 0, length, bytesMax = 64 * 1024 * 1024 } = {}) =>
      lab.perform(of, { kind: 'read-file', path, offset, length: length ?? null, bytesMax }),
    write: (path, content, more = {}) =>
      lab.perform(of, {
        kind: 'write-file',
        path,
        content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
        // Only read when it is not given: reading a named pipe would never end.
        expectedSha256: more.expectedSha256 === undefined && existsSync(path) ? sha256(readFileSync(path)) : null,
        mode: null,
        replace: 'atomic',
        createFolders: [],
        ...more,
      }),
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Awaits a failure with this code and returns it. */
export async function failure(promise: Promise<unknown>, code: Code): Promise<OperationError> {
  const error = await promise.then(
    (value) => new Error(`It succeeded with ${JSON.stringify(value).slice(0, 1000)}.`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OperationError)) throw error;
  expect({ code: error.code, message: error.message }).toMatchObject({ code });
  return error;
}

/** Polls until the condition holds; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Whether a process still runs; one that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text[text.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

export interface FileCase {
  readonly sshd: Sshd;
  readonly lab: FileLab;
  /** A folder of this test's own on the server. */
  readonly folder: string;
}

/** For the tests of a `describe`: one server and one laboratory for all, handed over anew before each. */
export function shareFileLab(
  handOver: (made: FileCase) => void,
  options: LabOptions = {},
  sshdOptions: SshdOptions = {},
): void {
  let sshd: Sshd;
  let lab: FileLab;
  beforeAll(async () => {
    sshd = await startSshd(sshdOptions);
    lab = await makeFileLab(sshd, options);
  });
  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
  });
  beforeEach(() => handOver({ sshd, lab, folder: mkdtempSync(join(sshd.folder, 'case-')) }));
}

/** What whoever asked sees while it runs. */
export async function shownOf(run: (sink: PerformSink) => Promise<unknown>): Promise<string> {
  let shown = '';
  await run({ onOutput: (_stream, chunk) => void (shown += textOf(chunk)) });
  return shown;
}
