/** `signalbox server test`: connects and says what it found, step by step. Runs nothing that changes the server. */
import { escapeProse } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import type { Target } from '../../../core/server.ts';
import { readUnknownKey, type UnknownKey, withoutTrustCommand } from '../../../protocol/unknown-key.ts';
import { createServerView } from '../../../runtime/registry/server-view.ts';
import { detectColorDepth } from '../../../tui/theme-color.ts';
import { canAsk } from '../../ask.ts';
import { askHostKey } from '../../ask-host-key.ts';
import { exitCodes } from '../../exit-codes.ts';
import { withHost } from '../../host-client.ts';
import { isUtf8 } from '../../locale.ts';
import { answerLogins } from '../../login-answers.ts';
import { collectWords } from '../../options.ts';
import { type CliIo, printJson, printNote } from '../../output.ts';
import { type TestSteps, toTestReport } from '../../test-report.ts';
import { type Desk, openDesk } from './desk.ts';
import { environmentOf } from './list.ts';
import { openServers } from './open-servers.ts';
import { trustKey } from './trust-key.ts';

export interface TestOptions {
  readonly json?: true;
  readonly verbose?: true;
}

/** Each once, in the order of the list. Throws SERVER_NOT_FOUND before anything is tested. */
export async function testServers(io: CliIo, lists: readonly string[], options: TestOptions): Promise<void> {
  const ids = [...new Set(lists.reduce((all: readonly string[], list) => collectWords(list, all), []))];
  if (ids.length === 0)
    throw new OperationError('INVALID_ARGUMENT', 'Name at least one server; `signalbox server list` shows them.');
  if (ids.length > 1) {
    const desk = openDesk(io);
    for (const id of ids) await desk.registry.resolve(id, desk.workspace);
  }
  let firstFailure: number | null = null;
  for (const [at, id] of ids.entries()) {
    if (at > 0 && !options.json) io.stdout.write('\n');
    await testServer(io, id, options);
    if (io.exitCode !== exitCodes.done) firstFailure ??= io.exitCode;
  }
  io.exitCode = firstFailure ?? exitCodes.done;
}

async function testServer(io: CliIo, id: string, options: TestOptions): Promise<void> {
  const desk = openDesk(io);
  const target = await desk.registry.resolve(id, desk.workspace, 'asked');
  const listed = await desk.registry.list(desk.workspace);
  const start = canAsk(io) && (await mayAskPassword(desk, id)) ? 'if-needed' : 'never';
  const warnings = listed.warnings.filter((warning) => warning.includes(`"${id}"`));
  for (;;) {
    const steps = (await testThroughHost(io, id, start)) ?? (await testHere(io, id));
    const key = options.json || !canAsk(io) ? null : toKeyInQuestion(steps);
    report(io, { target, steps: key === null ? steps : steps.map(withoutCommand), warnings }, options);
    if (key === null) return;
    if (!(await askHostKey(io, key)))
      return printNote(io, `Nothing was trusted; \`signalbox server test ${id}\` asks again.`);
    // Behind a jump host the next key is the server's own.
    await trustKey(io, key.server, key.fingerprint, {});
  }
}

/** The host keeps what is typed for the commands that come next; this process ends. An alias may end with asking, too. */
async function mayAskPassword(desk: Desk, id: string): Promise<boolean> {
  const { serversFile, trustFile } = desk.paths;
  const view = await createServerView({ serversFile, trustFile, trust: desk.trust, home: desk.home })(desk.workspace);
  const auth = view.good.get(id)?.record.auth;
  return auth === undefined || (auth.kind === 'password' && auth.secret === undefined);
}

interface Tested {
  readonly target: Target;
  readonly steps: TestSteps;
  readonly warnings: readonly string[];
}

function report(io: CliIo, { target, steps, warnings }: Tested, options: TestOptions): void {
  const { id } = target;
  const failed = steps.find((step) => !step.ok);
  io.exitCode = failed ? exitCodeOf(failed) : exitCodes.done;
  if (options.json) {
    printJson(io, { server: id, address: target.address, ok: !failed, steps, warnings });
    return;
  }
  for (const warning of warnings) printNote(io, `warning: ${escapeProse(warning)}`);
  const { stdout, env } = io;
  const lines = toTestReport({
    ...{ server: id, address: target.address, environment: environmentOf(target), steps },
    columns: Math.min(stdout.columns ?? columnsOfPipe, columnsMax),
    isUtf8: isUtf8(env),
    isColoured: stdout.isTTY === true && detectColorDepth(env) !== 'none',
    isVerbose: options.verbose === true,
  });
  stdout.write(`${lines.join('\n')}\n`);
}

function toKeyInQuestion(steps: TestSteps): UnknownKey | null {
  const failed = steps.find(({ ok }) => !ok);
  return failed === undefined ? null : readUnknownKey(failed.detail);
}

/** It is asked at once instead. */
function withoutCommand(step: TestSteps[number]): TestSteps[number] {
  return step.ok ? step : { ...step, detail: withoutTrustCommand(step.detail) };
}

/** With what the host has: its opened vault, kept passphrases and connections to jump hosts. Null: there is no host that could do it. */
async function testThroughHost(io: CliIo, server: string, start: 'if-needed' | 'never'): Promise<TestSteps | null> {
  let isAsked = false;
  try {
    return await withHost(io, start, async (client) => {
      const logins = answerLogins(io, client.connection, {});
      try {
        isAsked = true;
        return (await client.call('server.test', { server })).steps;
      } finally {
        logins.dispose();
      }
    });
  } catch (error) {
    if (isAsked || !(error instanceof OperationError)) throw error;
    return null;
  }
}

async function testHere(io: CliIo, id: string): Promise<TestSteps> {
  // What it asks is asked by a desk that ends with it.
  const desk = openDesk(io);
  const servers = openServers(desk, io);
  try {
    const target = await desk.registry.resolve(id, desk.workspace, 'asked');
    return await servers.test(target, new AbortController().signal);
  } finally {
    await servers.dispose();
  }
}

/** By the step that failed; what comes after the login is the server's refusal. */
function exitCodeOf({ name, detail }: TestSteps[number]): number {
  if (name === 'Settings') return exitCodes.usage;
  if (name === 'Host key' || (name === 'Jump host' && /^The host key of/.test(detail))) return exitCodes.hostKey;
  return ['Network', 'Login', 'Jump host'].includes(name) ? exitCodes.unreachable : exitCodes.refusedByServer;
}

const columnsOfPipe = 80;
/** Longer lines are harder to read, and their times too far away. */
const columnsMax = 100;
