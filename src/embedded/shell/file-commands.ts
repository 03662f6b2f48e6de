/** Simulated commands about files: ls, stat, cd, pwd, mkdir, rm, cp, mv, touch, tee, du, readlink, test. */
import { TreeError, type TreeNode } from '../machine/file-tree.ts';
import type { CommandTable } from './interpreter.ts';
import type { Io } from './io.ts';
import { parseOptions } from './text-commands.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function sizeOf(node: TreeNode): number {
  return node.kind === 'file' ? node.content.byteLength : node.kind === 'link' ? node.target.length : 4096;
}

/** `-rw-r--r--`, as ls prints it. */
export function toModeText(node: TreeNode): string {
  const letter = { file: '-', folder: 'd', link: 'l' }[node.kind];
  const bits = [6, 3, 0].map((shift) => {
    const part = (node.mode >> shift) & 7;
    return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${part & 1 ? 'x' : '-'}`;
  });
  return letter + bits.join('');
}

function toLongLine(name: string, node: TreeNode, numeric: boolean): string {
  const time = new Date(node.mtimeSeconds * 1000);
  const stamp = `${months[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)} ${time.toISOString().slice(11, 16)}`;
  const [owner, group] = numeric ? [toUid(node.owner), toUid(node.group)] : [node.owner, node.group];
  const links = node.kind === 'folder' ? 2 : 1;
  return `${toModeText(node)} ${links} ${owner} ${group} ${String(sizeOf(node)).padStart(6)} ${stamp} ${name}${node.kind === 'link' ? ` -> ${node.target}` : ''}\n`;
}

/** Account numbers of the simulated machines: root is 0, everybody else 1000. */
export function toUid(name: string): number {
  return name === 'root' ? 0 : 1000;
}

function ls(io: Io): number {
  const { flags, operands } = parseOptions(io.args, 'wIT');
  let status = 0;
  const paths = operands.length === 0 ? ['.'] : operands;
  for (const path of paths) {
    try {
      const node = io.machine.files.node(io.path(path), flags.has('d') || flags.has('l') ? 'keep' : 'follow');
      const isListed = node.kind === 'folder' && !flags.has('d');
      const rows: [string, TreeNode][] = isListed ? io.machine.files.list(io.path(path)) : [[path, node]];
      const shown = rows.filter(([name]) => !isListed || flags.has('a') || flags.has('A') || !name.startsWith('.'));
      if (paths.length > 1 && isListed) io.out(`${path}:\n`);
      if (flags.has('l') && isListed) io.out(`total ${shown.length * 4}\n`);
      for (const [name, child] of shown)
        io.out(flags.has('l') || flags.has('n') ? toLongLine(name, child, flags.has('n')) : `${name}\n`);
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      io.error(`ls: cannot access '${path}': ${error.message}\n`);
      status = 2;
    }
  }
  return status;
}

function stat(io: Io): number {
  for (const path of parseOptions(io.args, 'c').operands) {
    const node = io.machine.files.node(io.path(path), 'keep');
    const kind = { file: 'regular file', folder: 'directory', link: 'symbolic link' }[node.kind];
    io.out(
      `  File: ${path}\n  Size: ${sizeOf(node)}\t${kind}\nAccess: (${node.mode.toString(8).padStart(4, '0')}/${toModeText(node)})  Uid: ${node.owner}  Gid: ${node.group}\nModify: ${new Date(node.mtimeSeconds * 1000).toISOString()}\n`,
    );
  }
  return 0;
}

function test(io: Io): number {
  const words = io.name === '[' ? io.args.slice(0, -1) : io.args;
  const [first = '', second = '', third = ''] = words;
  if (words.length === 1) return Number(first === '');
  if (words.length === 3) {
    const numbers: Record<string, boolean> = {
      '-eq': +first === +third,
      '-ne': +first !== +third,
      '-gt': +first > +third,
      '-lt': +first < +third,
      '=': first === third,
      '!=': first !== third,
    };
    return Number(!numbers[second]);
  }
  if (first === '-n') return Number(second === '');
  if (first === '-z') return Number(second !== '');
  if (first === '-w') return Number(!io.machine.files.isWritable(io.path(second)));
  try {
    const node = io.machine.files.node(io.path(second));
    const kinds: Record<string, boolean> = {
      '-e': true,
      '-f': node.kind === 'file',
      '-d': node.kind === 'folder',
      '-r': true,
      '-s': sizeOf(node) > 0,
    };
    return Number(!kinds[first]);
  } catch {
    return 1;
  }
}

function copyOrMove(io: Io): number {
  const [from = '', to = ''] = parseOptions(io.args, '').operands;
  const { files } = io.machine;
  const goal =
    files.exists(io.path(to)) && files.node(io.path(to)).kind === 'folder' ? `${to}/${from.split('/').at(-1)}` : to;
  if (io.name === 'mv') files.rename(io.path(from), io.path(goal));
  else files.write(io.path(goal), Buffer.from(files.read(io.path(from))), files.node(io.path(from)).mode);
  return 0;
}

function remove(io: Io): number {
  const { flags, operands } = parseOptions(io.args, '');
  const { files } = io.machine;
  const removeTree = (path: string): void => {
    const node = files.node(path, 'keep');
    if (node.kind === 'folder') {
      if (!flags.has('r') && !flags.has('R')) throw new TreeError('EISDIR');
      for (const [name] of files.list(path)) removeTree(`${path}/${name}`);
    }
    files.remove(path);
  };
  for (const operand of operands) {
    if (flags.has('f') && !files.exists(io.path(operand))) continue;
    removeTree(io.path(operand));
  }
  return 0;
}

function diskUse(io: Io): number {
  const { operands } = parseOptions(io.args, 'd');
  const total = (path: string): number => {
    const node = io.machine.files.node(path, 'keep');
    if (node.kind !== 'folder') return Math.ceil(sizeOf(node) / 1024);
    return io.machine.files.list(path).reduce((sum, [name]) => sum + total(`${path}/${name}`), 4);
  };
  for (const operand of operands.length === 0 ? ['.'] : operands) io.out(`${total(io.path(operand))}K\t${operand}\n`);
  return 0;
}

export const fileCommands: CommandTable = {
  ls,
  stat,
  test,
  '[': test,
  cp: copyOrMove,
  mv: copyOrMove,
  rm: remove,
  du: diskUse,
  cd: (io) => {
    const folder = io.machine.files.realPath(io.path(io.args[0] ?? io.state.variables.get('HOME') ?? '/'));
    if (io.machine.files.node(folder).kind !== 'folder') throw new TreeError('ENOTDIR');
    io.state.cwd = folder;
    return 0;
  },
  pwd: (io) => {
    io.out(`${io.cwd}\n`);
    return 0;
  },
  mkdir: (io) => {
    const { flags, operands } = parseOptions(io.args, 'm');
    for (const operand of operands)
      if (!flags.has('p') || !io.machine.files.exists(io.path(operand))) io.machine.files.makeFolder(io.path(operand));
    return 0;
  },
  touch: (io) => {
    for (const path of io.args)
      io.machine.files.write(
        io.path(path),
        io.machine.files.exists(io.path(path)) ? io.machine.files.read(io.path(path)) : Buffer.alloc(0),
      );
    return 0;
  },
  tee: (io) => {
    const { flags, operands } = parseOptions(io.args, '');
    for (const path of operands) {
      const before =
        flags.has('a') && io.machine.files.exists(io.path(path))
          ? io.machine.files.read(io.path(path))
          : Buffer.alloc(0);
      io.machine.files.write(io.path(path), Buffer.concat([before, io.stdin]));
    }
    io.out(io.stdin);
    return 0;
  },
  readlink: (io) => {
    const { flags, operands } = parseOptions(io.args, '');
    for (const path of operands) {
      const node = io.machine.files.node(io.path(path), 'keep');
      if (flags.has('f')) io.out(`${io.machine.files.realPath(io.path(path))}\n`);
      else if (node.kind === 'link') io.out(`${node.target}\n`);
      else return 1;
    }
    return 0;
  },
};
