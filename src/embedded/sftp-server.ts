/** SFTP over a simulated machine's file tree: every request that signalbox sends, with the status codes of the draft. */
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import { announceExtensions, fromSshStrings } from './announce-extensions.ts';
import { type FileNode, TreeError, type TreeErrorCode, type TreeNode } from './machine/file-tree.ts';
import type { Machine } from './machine/machine.ts';
import { toModeText, toUid } from './shell/file-commands.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

const statusOf: Readonly<Record<TreeErrorCode, number>> = {
  ENOENT: STATUS_CODE.NO_SUCH_FILE,
  EACCES: STATUS_CODE.PERMISSION_DENIED,
  ENOTDIR: STATUS_CODE.NO_SUCH_FILE,
  EISDIR: STATUS_CODE.FAILURE,
  EEXIST: STATUS_CODE.FAILURE,
  ENOTEMPTY: STATUS_CODE.FAILURE,
  ELOOP: STATUS_CODE.FAILURE,
};

const fileTypeBits: Readonly<Record<TreeNode['kind'], number>> = { file: 0o100000, folder: 0o040000, link: 0o120000 };

interface Handle {
  readonly path: string;
  readonly file: FileNode | null;
  /** Entries that were not listed yet. */
  entries: [string, TreeNode][] | null;
}

export function serveSftp(sftp: SFTPWrapper, machine: Machine): void {
  announceExtensions(sftp, { 'posix-rename@openssh.com': '1', 'fsync@openssh.com': '1' });
  const { files } = machine;
  const handles = new Map<number, Handle>();
  let nextHandle = 1;
  const keep = (handle: Handle): Buffer => {
    const id = Buffer.alloc(4);
    id.writeUInt32BE(nextHandle);
    handles.set(nextHandle++, handle);
    return id;
  };
  const find = (id: Buffer): Handle | undefined => (id.byteLength === 4 ? handles.get(id.readUInt32BE()) : undefined);
  const answer = (request: number, act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      sftp.status(request, statusOf[error.code], error.message);
    }
  };
  const done = (request: number): void => sftp.status(request, STATUS_CODE.OK);

  sftp.on('OPEN', (request, path, flags, attributes) =>
    answer(request, () => {
      const exists = files.exists(path);
      if (exists && flags & OPEN_MODE.EXCL) throw new TreeError('EEXIST');
      if (!exists && !(flags & OPEN_MODE.CREAT)) throw new TreeError('ENOENT');
      if (!exists || flags & OPEN_MODE.TRUNC)
        files.write(path, Buffer.alloc(0), attributes.mode === undefined ? 0o644 : attributes.mode & 0o7777);
      else files.read(path);
      const file = files.node(path) as FileNode;
      sftp.handle(request, keep({ path, file, entries: null }));
    }),
  );
  sftp.on('READ', (request, id, offset, length) => {
    const file = find(id)?.file;
    if (!file) sftp.status(request, STATUS_CODE.FAILURE);
    else if (offset >= file.content.byteLength) sftp.status(request, STATUS_CODE.EOF);
    else sftp.data(request, file.content.subarray(offset, offset + length));
  });
  sftp.on('WRITE', (request, id, offset, data) => {
    const file = find(id)?.file;
    if (!file) return sftp.status(request, STATUS_CODE.FAILURE);
    const size = Math.max(file.content.byteLength, offset + data.byteLength);
    const content = Buffer.alloc(size);
    file.content.copy(content);
    data.copy(content, offset);
    file.content = content;
    done(request);
  });
  sftp.on('CLOSE', (request, id) => {
    if (id.byteLength === 4) handles.delete(id.readUInt32BE());
    done(request);
  });
  sftp.on('FSTAT', (request, id) => answer(request, () => sftp.attrs(request, toAttributes(nodeOf(find(id))))));
  sftp.on('STAT', (request, path) => answer(request, () => sftp.attrs(request, toAttributes(files.node(path)))));
  sftp.on('LSTAT', (request, path) =>
    answer(request, () => sftp.attrs(request, toAttributes(files.node(path, 'keep')))),
  );
  sftp.on('FSETSTAT', (request, id, attributes) =>
    answer(request, () => setAttributes(request, nodeOf(find(id)), attributes)),
  );
  sftp.on('SETSTAT', (request, path, attributes) =>
    answer(request, () => setAttributes(request, files.node(path), attributes)),
  );
  sftp.on('OPENDIR', (request, path) =>
    answer(request, () => sftp.handle(request, keep({ path, file: null, entries: files.list(path) }))),
  );
  sftp.on('READDIR', (request, id) => {
    const handle = find(id);
    if (!handle?.entries) return sftp.status(request, STATUS_CODE.FAILURE);
    const entries = handle.entries.splice(0, 100);
    if (entries.length === 0) sftp.status(request, STATUS_CODE.EOF);
    else
      sftp.name(
        request,
        entries.map(([name, node]) => toEntry(name, node)),
      );
  });
  sftp.on('READLINK', (request, path) =>
    answer(request, () => {
      const node = files.node(path, 'keep');
      if (node.kind !== 'link') throw new TreeError('ENOENT');
      sftp.name(request, [toEntry(node.target, node)]);
    }),
  );
  sftp.on('REALPATH', (request, path) =>
    answer(request, () => {
      const absolute = path.startsWith('/') ? path : `/home/${machine.user}/${path === '.' ? '' : path}`;
      sftp.name(request, [{ filename: files.realPath(absolute), longname: '', attrs: {} as Attributes }]);
    }),
  );
  sftp.on('MKDIR', (request, path, attributes) =>
    answer(request, () => {
      files.makeFolder(path, attributes.mode === undefined ? 0o755 : attributes.mode & 0o7777);
      done(request);
    }),
  );
  sftp.on('REMOVE', (request, path) => answer(request, () => (files.remove(path), done(request))));
  sftp.on('RMDIR', (request, path) => answer(request, () => (files.remove(path), done(request))));
  sftp.on('RENAME', (request, from, to) =>
    answer(request, () => {
      // Version 3 refuses to replace, unlike the extension below.
      if (files.exists(to)) throw new TreeError('EEXIST');
      files.rename(from, to);
      done(request);
    }),
  );
  sftp.on('EXTENDED', (request, name, data) =>
    answer(request, () => {
      const [first = '', second = ''] = fromSshStrings(data);
      if (name === 'posix-rename@openssh.com') files.rename(toUtf8(first), toUtf8(second));
      else if (name !== 'fsync@openssh.com') return sftp.status(request, STATUS_CODE.OP_UNSUPPORTED);
      done(request);
    }),
  );

  function setAttributes(request: number, node: TreeNode, attributes: Attributes): void {
    if (node.owner !== machine.user) throw new TreeError('EACCES');
    if (attributes.mode !== undefined) node.mode = attributes.mode & 0o7777;
    if (attributes.mtime !== undefined) node.mtimeSeconds = attributes.mtime;
    done(request);
  }
}

function nodeOf(handle: Handle | undefined): FileNode {
  if (!handle?.file) throw new TreeError('ENOENT');
  return handle.file;
}

function toUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function toAttributes(node: TreeNode): Attributes {
  const size = node.kind === 'file' ? node.content.byteLength : node.kind === 'link' ? node.target.length : 4096;
  return {
    mode: fileTypeBits[node.kind] | node.mode,
    uid: toUid(node.owner),
    gid: toUid(node.group),
    size,
    atime: node.mtimeSeconds,
    mtime: node.mtimeSeconds,
  };
}

function toEntry(name: string, node: TreeNode): FileEntry {
  return {
    filename: name,
    longname: `${toModeText(node)} 1 ${node.owner} ${node.group} 0 Jan  1 00:00 ${name}`,
    attrs: toAttributes(node),
  };
}
