/** A file system in memory with modes, owners and links: what an embedded server has instead of a disk. Nothing of the real machine is reachable. */

interface Meta {
  mode: number;
  owner: string;
  group: string;
  /** Whole seconds since the epoch, as SFTP has them. */
  mtimeSeconds: number;
}

export interface FileNode extends Meta {
  readonly kind: 'file';
  content: Buffer;
}
export interface FolderNode extends Meta {
  readonly kind: 'folder';
  readonly entries: Map<string, TreeNode>;
}
export interface LinkNode extends Meta {
  readonly kind: 'link';
  readonly target: string;
}
export type TreeNode = FileNode | FolderNode | LinkNode;

export type TreeErrorCode = 'ENOENT' | 'EACCES' | 'ENOTDIR' | 'EISDIR' | 'EEXIST' | 'ENOTEMPTY' | 'ELOOP';

const sentences: Readonly<Record<TreeErrorCode, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
};

export class TreeError extends Error {
  override readonly name = 'TreeError';
  readonly code: TreeErrorCode;

  constructor(code: TreeErrorCode) {
    super(sentences[code]);
    this.code = code;
  }
}

/** Links followed before a path counts as a loop; Linux has 40, and nobody nests that deep here. */
const linksMax = 20;

export class FileTree {
  readonly root: FolderNode;
  readonly #nowSeconds: () => number;
  /** The account that asks; `root` passes every check. */
  readonly #user: string;

  /** With `root`, another account's view of the same tree. */
  constructor(user: string, nowSeconds: () => number, root?: FolderNode) {
    this.#user = user;
    this.#nowSeconds = nowSeconds;
    this.root = root ?? {
      kind: 'folder',
      entries: new Map(),
      mode: 0o755,
      owner: 'root',
      group: 'root',
      mtimeSeconds: nowSeconds(),
    };
  }

  /** The absolute path without links; the last part may be missing. */
  realPath(path: string): string {
    return this.#walk(path, 'follow', 0).path;
  }

  /** The node a path leads to. Throws ENOENT, EACCES, ENOTDIR, ELOOP. */
  node(path: string, links: 'follow' | 'keep' = 'follow'): TreeNode {
    const { node } = this.#walk(path, links, 0);
    if (!node) throw new TreeError('ENOENT');
    return node;
  }

  exists(path: string): boolean {
    try {
      this.node(path);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether this account may change the file, or put new ones into the folder. */
  isWritable(path: string): boolean {
    try {
      this.#check(this.node(path), 'write');
      return true;
    } catch {
      return false;
    }
  }

  read(path: string): Buffer {
    const node = this.node(path);
    if (node.kind !== 'file') throw new TreeError('EISDIR');
    this.#check(node, 'read');
    return node.content;
  }

  list(path: string): [name: string, node: TreeNode][] {
    const node = this.node(path);
    if (node.kind !== 'folder') throw new TreeError('ENOTDIR');
    this.#check(node, 'read');
    return [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Creates or replaces the content; a new file gets `mode`. Returns the node, whose content the caller may go on changing. */
  write(path: string, content: Buffer, mode = 0o644): FileNode {
    const { node, folder, name } = this.#walk(path, 'follow', 0);
    if (node && node.kind !== 'file') throw new TreeError('EISDIR');
    if (node) {
      this.#check(node, 'write');
      node.content = content;
      node.mtimeSeconds = this.#nowSeconds();
      return node;
    }
    const file: FileNode = { kind: 'file', content, mode, ...this.#fresh() };
    this.#put(folder, name, file);
    return file;
  }

  makeFolder(path: string, mode = 0o755): FolderNode {
    const { node, folder, name } = this.#walk(path, 'keep', 0);
    if (node) throw new TreeError('EEXIST');
    const made: FolderNode = { kind: 'folder', entries: new Map(), mode, ...this.#fresh() };
    this.#put(folder, name, made);
    return made;
  }

  makeLink(path: string, target: string): void {
    const { node, folder, name } = this.#walk(path, 'keep', 0);
    if (node) throw new TreeError('EEXIST');
    this.#put(folder, name, { kind: 'link', target, mode: 0o777, ...this.#fresh() });
  }

  remove(path: string): void {
    const { node, folder, name } = this.#walk(path, 'keep', 0);
    if (!node) throw new TreeError('ENOENT');
    if (node.kind === 'folder' && node.entries.size > 0) throw new TreeError('ENOTEMPTY');
    this.#check(folder, 'write');
    folder.entries.delete(name);
  }

  /** Replaces what is at the new path, as POSIX rename does. */
  rename(from: string, to: string): void {
    const source = this.#walk(from, 'keep', 0);
    if (!source.node) throw new TreeError('ENOENT');
    const goal = this.#walk(to, 'keep', 0);
    if (goal.node?.kind === 'folder') throw new TreeError('EISDIR');
    this.#check(source.folder, 'write');
    this.#put(goal.folder, goal.name, source.node);
    source.folder.entries.delete(source.name);
  }

  #put(folder: FolderNode, name: string, node: TreeNode): void {
    if (name === '') throw new TreeError('EEXIST');
    this.#check(folder, 'write');
    folder.entries.set(name, node);
    folder.mtimeSeconds = this.#nowSeconds();
  }

  #fresh(): Omit<Meta, 'mode'> {
    return { owner: this.#user, group: this.#user, mtimeSeconds: this.#nowSeconds() };
  }

  #check(node: TreeNode, what: 'read' | 'write' | 'enter'): void {
    if (this.#user === 'root') return;
    const bit = what === 'read' ? 4 : what === 'write' ? 2 : 1;
    const shift = node.owner === this.#user ? 6 : node.group === this.#user ? 3 : 0;
    if (((node.mode >> shift) & bit) === 0) throw new TreeError('EACCES');
  }

  #walk(
    path: string,
    links: 'follow' | 'keep',
    depth: number,
  ): { node: TreeNode | null; folder: FolderNode; name: string; path: string } {
    if (depth > linksMax) throw new TreeError('ELOOP');
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const trail: { name: string; folder: FolderNode }[] = [];
    let here: FolderNode = this.root;
    for (const [index, part] of parts.entries()) {
      if (part === '..') {
        here = trail.pop()?.folder ?? this.root;
        continue;
      }
      this.#check(here, 'enter');
      const child = here.entries.get(part) ?? null;
      const isLast = index === parts.length - 1;
      const folderPath = `/${trail.map((step) => step.name).join('/')}`;
      if (child?.kind === 'link' && (!isLast || links === 'follow')) {
        const base = child.target.startsWith('/') ? child.target : `${folderPath}/${child.target}`;
        return this.#walk([base, ...parts.slice(index + 1)].join('/'), links, depth + 1);
      }
      if (isLast || child === null) {
        if (!isLast) throw new TreeError('ENOENT');
        return { node: child, folder: here, name: part, path: `${folderPath === '/' ? '' : folderPath}/${part}` };
      }
      if (child.kind !== 'folder') throw new TreeError('ENOTDIR');
      trail.push({ name: part, folder: here });
      here = child;
    }
    const last = trail.at(-1);
    return {
      node: here,
      folder: last?.folder ?? this.root,
      name: last?.name ?? '',
      path: `/${trail.map((step) => step.name).join('/')}`,
    };
  }
}
