/** terminal/* as commands of the gate. A terminal here is one remote_exec: no screen, no input, its output kept until it is released. */
import type {
  CreateTerminalRequest,
  TerminalExitStatus,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from '@agentclientprotocol/sdk';
import type { Disposable } from '../../base/lifecycle.ts';
import type { ToolCallTerminal } from '../../core/agents.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import type { Envelope } from '../../core/envelope.ts';
import { limits } from '../../core/limits.ts';
import type { Door, Started } from './door.ts';
import { refusal, toRefusal } from './refusal.ts';
import { type RemotePlace, toRemotePlace } from './remote-path.ts';
import { toTailText } from './tail-text.ts';

interface Terminal {
  readonly bytesMax: number;
  readonly abort: AbortController;
  /** Resolves when the command has ended, in whatever way. */
  readonly ended: Promise<TerminalExitStatus>;
  /** Raw text while it runs; at the end replaced by what the gate gives to agents. */
  text: string;
  truncated: boolean;
  exitStatus: TerminalExitStatus | null;
  operation: Started | null;
}

export class Terminals implements Disposable {
  readonly #door: Door;
  readonly #redactor: Redactor;
  readonly #ownVariables: readonly string[];
  readonly #terminals = new Map<string, Terminal>();
  #count = 0;

  /** @param ownVariables of the agent, which are left out of commands. */
  constructor(door: Door, redactor: Redactor, ownVariables: readonly string[] = []) {
    this.#door = door;
    this.#redactor = redactor;
    this.#ownVariables = ownVariables;
  }

  /** Answers when the command runs, which may be after a person approved it. Throws RequestError when it will not run. */
  async create(request: CreateTerminalRequest, signal: AbortSignal): Promise<string> {
    if (this.#terminals.size >= limits.terminalsPerSessionMax) {
      throw refusal('TOO_LARGE', `${this.#terminals.size} terminals are open; release some with terminal/release.`);
    }
    this.#door.checkTurn();
    const place = this.#toPlace(request.cwd);
    const abort = new AbortController();
    const handlers = { output: (_chunk: Uint8Array): void => undefined };
    let operation: Started | null = null;
    let markRunning: () => void = () => undefined;
    const running = new Promise<'running'>((resolve) => (markRunning = () => resolve('running')));
    const performed = this.#door.perform('remote_exec', this.#toInput(request, place), abort.signal, {
      onOutput: (_stream, chunk) => {
        markRunning();
        handlers.output(chunk);
      },
      onRunning: (started) => {
        operation = started;
        markRunning();
      },
    });
    // Until it runs, the request and the command share their end; afterwards only kill and release end it.
    const withdraw = (): void => abort.abort();
    signal.addEventListener('abort', withdraw, { once: true });
    // Taken back before it was even looked at: no event comes any more.
    if (signal.aborted) withdraw();
    const terminal = toTerminal(request.outputByteLimit, abort, performed);
    handlers.output = toCollector(terminal);
    const first = await Promise.race([running, performed]);
    signal.removeEventListener('abort', withdraw);
    if (first !== 'running' && !first.execution.attempted && first.status !== 'ok') throw toRefusal(first);
    this.#count += 1;
    const id = `terminal-${this.#count}`;
    terminal.operation = operation;
    this.#terminals.set(id, terminal);
    return id;
  }

  /** What a tool call of the agent shows by this id; one that is none of ours is the agent's own. */
  describe(id: string): ToolCallTerminal {
    const operation = this.#terminals.get(id)?.operation ?? null;
    return { id, server: operation?.server ?? null, operation: operation?.id ?? null };
  }

  output(id: string): TerminalOutputResponse {
    const terminal = this.#get(id);
    const { exitStatus } = terminal;
    const text = exitStatus ? terminal.text : this.#toLiveText(terminal.text);
    const tail = toTailText(text, terminal.bytesMax);
    return {
      output: tail.text,
      truncated: tail.truncated || terminal.truncated,
      ...(exitStatus ? { exitStatus } : {}),
    };
  }

  /** Answers all who wait. Throws RequestError CANCELLED for one who does not wait any more (`signal`); the command runs on. */
  async waitForExit(id: string, signal: AbortSignal): Promise<WaitForTerminalExitResponse> {
    const { ended } = this.#get(id);
    return await new Promise((resolve, reject) => {
      const withdraw = (): void => reject(refusal('CANCELLED', 'The request was cancelled; the command runs on.'));
      if (signal.aborted) withdraw();
      signal.addEventListener('abort', withdraw, { once: true });
      void ended.then((status) => {
        signal.removeEventListener('abort', withdraw);
        resolve(status);
      });
    });
  }

  /** Ends the command; the id and the output stay. */
  async kill(id: string): Promise<void> {
    const terminal = this.#get(id);
    terminal.abort.abort();
    await terminal.ended;
  }

  /** Ends the command and forgets the terminal. */
  release(id: string): void {
    this.#get(id).abort.abort();
    this.#terminals.delete(id);
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) terminal.abort.abort();
    this.#terminals.clear();
  }

  #get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (terminal) return terminal;
    throw refusal('INVALID_ARGUMENT', `There is no terminal "${id}": it was never created, or it was released.`);
  }

  #toPlace(cwd: string | null | undefined): RemotePlace {
    return toRemotePlace(cwd ?? this.#door.workFolder, this.#door.workFolder, this.#door.servers);
  }

  /** A command without arguments is a shell line (goose sends whole lines); variables become a visible `env`, since they change what runs. */
  #toInput(request: CreateTerminalRequest, place: RemotePlace): Readonly<Record<string, unknown>> {
    const { command, args = [], env = [] } = request;
    const variables = env
      .filter(({ name }) => !this.#ownVariables.includes(name))
      .map(({ name, value }) => `${name}=${value}`);
    const where = { server: place.server, ...(place.path === null ? {} : { cwd: place.path }) };
    if (args.length === 0 && variables.length === 0) return { ...where, command };
    const words = args.length === 0 ? ['sh', '-c', command] : [command, ...args];
    return { ...where, argv: variables.length === 0 ? words : ['env', ...variables, ...words] };
  }

  /** While it runs, only whole lines, redacted: a secret may still be half way through. */
  #toLiveText(text: string): string {
    return this.#redactor.redact(text.slice(0, text.lastIndexOf('\n') + 1)).text;
  }
}

function toTerminal(
  byteLimit: number | null | undefined,
  abort: AbortController,
  performed: Promise<Envelope>,
): Terminal {
  const bytesMax = Math.min(byteLimit ?? limits.outputBytesMax, limits.outputBytesMax);
  const terminal: Terminal = {
    bytesMax,
    abort,
    text: '',
    truncated: false,
    exitStatus: null,
    operation: null,
    ended: performed.then((envelope) => {
      const { stdoutTruncated, stderrTruncated, exitCode, signal } = envelope.execution;
      terminal.text = toFinalText(envelope);
      terminal.truncated = stdoutTruncated === true || stderrTruncated === true;
      terminal.exitStatus = { exitCode: exitCode ?? null, signal: signal ?? null };
      return terminal.exitStatus;
    }),
  };
  return terminal;
}

/** Keeps the newest output within the bound; bytes of one character may come in two chunks. */
function toCollector(terminal: Terminal): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder('utf-8');
  return (chunk) => {
    terminal.text += decoder.decode(chunk, { stream: true });
    // Cut only now and then: cutting copies what is kept.
    if (terminal.text.length <= 2 * limits.outputBytesMax) return;
    terminal.text = toTailText(terminal.text, limits.outputBytesMax).text;
    terminal.truncated = true;
  };
}

/** What the gate gives to agents: redacted where the server says so. A failure that is not an exit status is said in words. */
function toFinalText(envelope: Envelope): string {
  const { stdout, stderr } = envelope.data ?? {};
  const output = [stdout, stderr].filter((part) => typeof part === 'string').join('');
  if (envelope.status === 'ok' || envelope.code === 'NON_ZERO_EXIT') return output;
  const gap = output === '' || output.endsWith('\n') ? '' : '\n';
  return `${output}${gap}[signalbox: ${envelope.code ?? 'INTERNAL'}: ${envelope.message ?? 'the command failed'}]\n`;
}
