/**
 * A small shell over a simulated machine: it walks the tree that the parser library makes, and knows lists, pipes, conditions,
 * `for`, redirections to the machine's own files, and the commands of its table. Nothing is executed outside of this process.
 */
import {
  type AndOr,
  type Command,
  type CommandNode,
  type For,
  type If,
  type Pipeline,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
} from 'unbash';
import { TreeError } from '../machine/file-tree.ts';
import type { Machine } from '../machine/machine.ts';
import { expandWord, expandWords } from './expand.ts';
import { ExitSignal, type Io, type ShellState, toAbsolute } from './io.ts';

export type CommandTable = Readonly<Record<string, (io: Io) => Promise<number> | number>>;

/** Nested `sh -c` and substitutions: deeper than any person writes. */
const depthMax = 16;

export class Interpreter {
  readonly #machine: Machine;
  readonly #commands: CommandTable;

  constructor(machine: Machine, commands: CommandTable) {
    this.#machine = machine;
    this.#commands = commands;
  }

  /** Runs a script and returns its status. Output goes to `state.out`; a parse error is status 2, as in any shell. */
  async run(text: string, state: ShellState): Promise<number> {
    const script = parse(text);
    const [error] = script.errors ?? [];
    if (error || state.depth > depthMax) {
      state.out('stderr', `sh: ${error ? `syntax error: ${error.message}` : 'nested too deeply'}\n`);
      return 2;
    }
    try {
      return await this.#list(script.commands, state);
    } catch (problem) {
      if (problem instanceof ExitSignal) return problem.status;
      state.out('stderr', `sh: ${problem instanceof Error ? problem.message : String(problem)}\n`);
      return 2;
    }
  }

  async #list(statements: readonly Statement[], state: ShellState): Promise<number> {
    for (const statement of statements) {
      if (state.signal.aborted) throw new ExitSignal(143);
      const { command } = statement;
      state.status = command.type === 'AndOr' ? await this.#andOr(command, state) : await this.#node(command, state);
    }
    return state.status;
  }

  async #node(node: PipelineNode, state: ShellState): Promise<number> {
    switch (node.type) {
      case 'Command':
        return await this.#simple(node, state);
      case 'Pipeline':
        return await this.#pipeline(node, state);
      case 'If':
        return await this.#condition(node, state);
      case 'For':
        return await this.#loop(node, state);
      case 'BraceGroup':
        return await this.#list(node.body.commands, state);
      case 'Redirected':
        return await this.#redirected(node.redirects, state, (inner) => this.#node(node.command, inner));
      default:
        throw new Error(`${node.type} is not simulated on this demo server`);
    }
  }

  async #andOr(node: AndOr, state: ShellState): Promise<number> {
    let status = 0;
    for (const [index, command] of node.commands.entries()) {
      const operator = index === 0 ? '&&' : node.operators[index - 1];
      if ((operator === '&&') === (status === 0)) status = await this.#node(command, state);
    }
    return status;
  }

  async #pipeline(node: Pipeline, state: ShellState): Promise<number> {
    let stdin = state.stdin;
    let status = 0;
    for (const [index, command] of node.commands.entries()) {
      const isLast = index === node.commands.length - 1;
      const chunks: Buffer[] = [];
      const out: ShellState['out'] = (stream, text) => {
        if (isLast || stream === 'stderr') state.out(stream, text);
        else chunks.push(Buffer.from(text as string));
      };
      status = await this.#node(command as CommandNode, { ...state, stdin, out });
      stdin = Buffer.concat(chunks);
    }
    return node.prefixes.some((prefix) => prefix.type === 'Negation') ? Number(status === 0) : status;
  }

  async #condition(node: If, state: ShellState): Promise<number> {
    for (const branch of [node, ...node.elif]) {
      if ((await this.#list(branch.clause.commands, state)) === 0) return await this.#list(branch.then.commands, state);
    }
    return node.else ? await this.#list(node.else.commands, state) : 0;
  }

  async #loop(node: For, state: ShellState): Promise<number> {
    const words = node.wordlist ? await this.#words(node.wordlist, state) : state.parameters;
    let status = 0;
    for (const word of words) {
      state.variables.set(node.name.value, word);
      status = await this.#list(node.body.commands, state);
    }
    return status;
  }

  async #simple(node: Command, state: ShellState): Promise<number> {
    for (const assignment of node.prefix) {
      if (assignment.type !== 'Assignment' || assignment.value.type !== 'Word') continue;
      state.variables.set(assignment.name, await expandWord(assignment.value, state, this.#substitution(state)));
    }
    if (!node.name) return 0;
    const args = node.args
      .map((argument) => (argument.type === 'Word' ? argument : null))
      .filter((word) => word !== null);
    const words = await this.#words([node.name, ...args], state);
    return await this.#redirected(node.redirects, state, (inner) => this.#command(words, inner));
  }

  async #command(words: readonly string[], state: ShellState): Promise<number> {
    const [first = '', ...args] = words;
    if (first === 'set' && args[0] === '--') state.parameters = args.slice(1);
    else if (first === 'shift') state.parameters = state.parameters.slice(1);
    if (first === 'set' || first === 'shift' || first === ':') return 0;
    if (first === 'command') return await this.#command(args, state);
    if (first === 'exec')
      return await this.#command(args, state).then((status) => Promise.reject(new ExitSignal(status)));
    const name = first.replace(/^\/(usr\/)?s?bin\//, '');
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (!command) {
      state.out('stderr', `sh: ${first}: command not found (this is a simulated demo server)\n`);
      return 127;
    }
    try {
      return await command(this.#io(name, args, state));
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      state.out('stderr', `${name}: ${error.message}\n`);
      return 1;
    }
  }

  #io(name: string, args: readonly string[], state: ShellState): Io {
    return {
      machine: this.#machine,
      name,
      args,
      stdin: state.stdin,
      cwd: state.cwd,
      signal: state.signal,
      state,
      out: (text) => state.out('stdout', text),
      error: (text) => state.out('stderr', text),
      path: (word) => toAbsolute(state.cwd, word),
      run: (words) => this.#command(words, state),
      runScript: (text, parameters) =>
        this.run(text, { ...state, parameters, variables: new Map(state.variables), depth: state.depth + 1 }),
    };
  }

  #words(words: Parameters<typeof expandWords>[0], state: ShellState): Promise<string[]> {
    return expandWords(words, state, this.#machine, this.#substitution(state));
  }

  #substitution(state: ShellState): (text: string) => Promise<string> {
    return async (text) => {
      let output = '';
      await this.run(text, {
        ...state,
        variables: new Map(state.variables),
        depth: state.depth + 1,
        out: (stream, chunk) => {
          if (stream === 'stdout') output += chunk.toString();
          else state.out(stream, chunk);
        },
      });
      return output;
    };
  }

  /** `>`, `>>`, `<`, `2>` to files of the machine, `/dev/null` and `2>&1`. Other state changes of the command stay visible. */
  async #redirected(
    redirects: readonly Redirection[],
    state: ShellState,
    run: (state: ShellState) => Promise<number>,
  ): Promise<number> {
    if (redirects.length === 0) return await run(state);
    const sinks = { stdout: state.out.bind(null, 'stdout'), stderr: state.out.bind(null, 'stderr') };
    const written: { path: string; chunks: Buffer[]; append: boolean }[] = [];
    let { stdin } = state;
    for (const redirect of redirects) {
      if (redirect.type !== 'Redirect' || !redirect.target)
        throw new Error('this redirection is not simulated on this demo server');
      const target = await expandWord(redirect.target, state, this.#substitution(state));
      const stream =
        redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value === 2 ? 'stderr' : 'stdout';
      if (redirect.operator === '<') {
        stdin = target === '/dev/null' ? Buffer.alloc(0) : this.#machine.files.read(toAbsolute(state.cwd, target));
      } else if (redirect.operator === '>&') {
        sinks[stream] = target === '1' ? sinks.stdout : sinks.stderr;
      } else if (target === '/dev/null') {
        sinks[stream] = () => undefined;
      } else {
        const file = {
          path: toAbsolute(state.cwd, target),
          chunks: [] as Buffer[],
          append: redirect.operator === '>>',
        };
        written.push(file);
        sinks[stream] = (text) => void file.chunks.push(Buffer.from(text as string));
      }
    }
    const inner: ShellState = { ...state, stdin, out: (stream, text) => sinks[stream](text) };
    try {
      return await run(inner);
    } finally {
      // A `cd`, `set` or `shift` behind a redirection still belongs to the shell.
      state.cwd = inner.cwd;
      state.parameters = inner.parameters;
      for (const { path, chunks, append } of written) {
        const before = append && this.#machine.files.exists(path) ? this.#machine.files.read(path) : Buffer.alloc(0);
        this.#machine.files.write(path, Buffer.concat([before, ...chunks]));
      }
    }
  }
}
