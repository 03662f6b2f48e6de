/** Simulated commands that read text and print it: cat, head, tail, grep, wc, sort, uniq, cut and the like. */
import { TreeError } from '../machine/file-tree.ts';
import { toRegExp } from './expand.ts';
import type { CommandTable } from './interpreter.ts';
import type { Io } from './io.ts';

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** Splits options the GNU way: clusters, values attached or apart, `--name=value`, `--`. `withValue` lists what takes one. */
export function parseOptions(args: readonly string[], withValue: string): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') return { flags, values, operands: [...operands, ...args.slice(at + 1)] };
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s);
      if (value === undefined) flags.add(name);
      else values.set(name, value);
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let letter = 1; letter < arg.length; letter += 1) {
        const name = arg.charAt(letter);
        if (!withValue.includes(name)) flags.add(name);
        else {
          values.set(name, letter + 1 < arg.length ? arg.slice(letter + 1) : (args[++at] ?? ''));
          break;
        }
      }
    } else operands.push(arg);
  }
  return { flags, values, operands };
}

/** Reads each operand (or stdin); a file that cannot be read is complained about and skipped. Returns the worst status. */
function eachInput(io: Io, operands: readonly string[], use: (content: Buffer, name: string) => void): number {
  let status = 0;
  for (const operand of operands.length === 0 ? ['-'] : operands) {
    try {
      use(operand === '-' ? io.stdin : io.machine.files.read(io.path(operand)), operand);
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      io.error(`${io.name}: ${operand}: ${error.message}\n`);
      status = 1;
    }
  }
  return status;
}

function toLines(content: Buffer): string[] {
  const text = content.toString();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function headOrTail(io: Io, side: 'head' | 'tail'): number {
  const numbers = io.args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const { values, operands } = parseOptions(numbers, 'nc');
  const count = Math.abs(Number(values.get('n') ?? values.get('lines') ?? 10));
  return eachInput(io, operands, (content, name) => {
    if (operands.length > 1) io.out(`==> ${name} <==\n`);
    const bytes = values.get('c');
    if (bytes !== undefined)
      io.out(side === 'head' ? content.subarray(0, Number(bytes)) : content.subarray(-Number(bytes)));
    else {
      const lines = toLines(content);
      const part = side === 'head' ? lines.slice(0, count) : count === 0 ? [] : lines.slice(-count);
      if (part.length > 0) io.out(`${part.join('\n')}\n`);
    }
  });
}

function grep(io: Io): number {
  const { flags, values, operands } = parseOptions(io.args, 'emABC');
  const [first, ...rest] = operands;
  const pattern = values.get('e') ?? values.get('regexp') ?? first ?? '';
  const paths = values.has('e') || values.has('regexp') ? operands : rest;
  const source = flags.has('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
  const expression = new RegExp(flags.has('w') ? `\\b(?:${source})\\b` : source, flags.has('i') ? 'i' : '');
  const recursive = flags.has('r') || flags.has('R') || flags.has('recursive');
  const files = recursive ? paths.flatMap((path) => filesBelow(io, path)) : paths;
  const named = (recursive || files.length > 1 || flags.has('H')) && !flags.has('h');
  const withNull = flags.has('Z') || flags.has('null');
  const separator = withNull ? '\0' : ':';
  let found = false;
  const status = eachInput(io, files, (content, name) => {
    const hits = toLines(content)
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => expression.test(line) !== flags.has('v'))
      .slice(0, Number(values.get('m') ?? Number.POSITIVE_INFINITY));
    found ||= hits.length > 0;
    if (flags.has('q')) return;
    if (flags.has('l')) io.out(hits.length > 0 ? `${name}${withNull ? '\0' : '\n'}` : '');
    else if (flags.has('c')) io.out(`${named ? `${name}:` : ''}${hits.length}\n`);
    else
      for (const { line, number } of hits)
        io.out(`${named ? name + separator : ''}${flags.has('n') ? `${number}:` : ''}${line}\n`);
  });
  return status === 0 ? Number(!found) : 2;
}

function filesBelow(io: Io, path: string): string[] {
  const node = io.machine.files.node(io.path(path));
  if (node.kind === 'file') return [path];
  try {
    return io.machine.files
      .list(io.path(path))
      .flatMap(([name, child]) => (child.kind === 'link' ? [] : filesBelow(io, `${path.replace(/\/$/, '')}/${name}`)));
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    io.error(`${io.name}: ${path}: ${error.message}\n`);
    return [];
  }
}

function find(io: Io): number {
  const [start = '.', ...tests] = io.args;
  const value = (name: string): string | undefined =>
    tests.includes(name) ? tests[tests.indexOf(name) + 1] : undefined;
  const name = value('-name');
  const pattern = name === undefined ? null : new RegExp(`^${toRegExp(name)}$`);
  const type = value('-type');
  const least = Number(value('-mindepth') ?? 0);
  const deepest = Number(value('-maxdepth') ?? Number.POSITIVE_INFINITY);
  const format = value('-printf');
  let status = 0;
  const visit = (path: string, depth: number): void => {
    const node = io.machine.files.node(io.path(path), 'keep');
    const letter = node.kind === 'file' ? 'f' : node.kind === 'folder' ? 'd' : 'l';
    const base = path.split('/').findLast((part) => part !== '') ?? path;
    if (depth >= least && (pattern?.test(base) ?? true) && (type === undefined || type === letter)) {
      const size = node.kind === 'file' ? node.content.byteLength : 4096;
      if (format === undefined) io.out(path + (tests.includes('-print0') ? '\0' : '\n'));
      else {
        const below = path.slice(start.length).replace(/^\//, '');
        const fields: Record<string, string> = {
          y: letter,
          s: String(size),
          m: node.mode.toString(8),
          u: node.owner,
          Ts: `${node.mtimeSeconds}`,
          P: below,
          p: path,
        };
        io.out(
          format
            .replace(/%(Ts|[ysmuPp])/g, (_all, field: string) => fields[field] ?? '')
            .replaceAll('\\t', '\t')
            .replaceAll('\\n', '\n')
            .replaceAll('\\0', '\0'),
        );
      }
    }
    if (node.kind !== 'folder' || depth >= deepest) return;
    try {
      for (const [child] of io.machine.files.list(io.path(path)))
        visit(`${path.replace(/\/$/, '')}/${child}`, depth + 1);
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      io.error(`find: ‘${path}’: ${error.message}\n`);
      status = 1;
    }
  };
  try {
    visit(start, 0);
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    io.error(`find: ‘${start}’: ${error.message}\n`);
    return 1;
  }
  return status;
}

function sortLines(io: Io): number {
  const { flags, operands } = parseOptions(io.args, 'kt');
  const lines: string[] = [];
  const status = eachInput(io, operands, (content) => lines.push(...toLines(content)));
  lines.sort(flags.has('n') ? (a, b) => Number.parseFloat(a) - Number.parseFloat(b) : undefined);
  if (flags.has('r')) lines.reverse();
  for (const line of flags.has('u') ? new Set(lines) : lines) io.out(`${line}\n`);
  return status;
}

function uniq(io: Io): number {
  const { flags, operands } = parseOptions(io.args, '');
  return eachInput(io, operands, (content) => {
    const runs: { line: string; count: number }[] = [];
    for (const line of toLines(content)) {
      const last = runs.at(-1);
      if (last?.line === line) last.count += 1;
      else runs.push({ line, count: 1 });
    }
    for (const { line, count } of runs) io.out(`${flags.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`);
  });
}

function wc(io: Io): number {
  const { flags, operands } = parseOptions(io.args, '');
  return eachInput(io, operands, (content, name) => {
    const text = content.toString();
    const counts = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      c: content.byteLength,
    };
    const shown = (['l', 'w', 'c'] as const)
      .filter((key) => flags.size === 0 || flags.has(key))
      .map((key) => counts[key]);
    io.out(`${shown.join(' ')}${name === '-' ? '' : ` ${name}`}\n`);
  });
}

export const textCommands: CommandTable = {
  cat: (io) => eachInput(io, parseOptions(io.args, '').operands, (content) => io.out(content)),
  head: (io) => headOrTail(io, 'head'),
  tail: (io) => headOrTail(io, 'tail'),
  grep,
  find,
  sort: sortLines,
  uniq,
  wc,
};
