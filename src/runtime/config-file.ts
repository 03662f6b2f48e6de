/** Reads and replaces configuration files safely: owner and mode checked on the opened file, edits atomic. Knows no content. */
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { constants, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { OperationError } from '../core/codes.ts';
import { limits } from '../core/limits.ts';
import { toLocalCommand } from './local-command.ts';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** Of exactly the bytes that `text` was decoded from, in hex. */
  readonly sha256: string;
  readonly mode: number;
}

/**
 * Null when there is no such file. Throws CONFIG_INVALID when others could have written it (with the `chmod` that mends it),
 * when it belongs to another user, is no regular file, is not UTF-8, or is larger than `limits.configFileBytesMax`.
 */
export async function readConfigFile(path: string): Promise<ConfigFile | null> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK, opening a FIFO that somebody put there would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return null;
    throw new OperationError(
      'CONFIG_INVALID',
      `${path} cannot be read (${errnoOf(error)}); check its owner and mode.`,
      {
        cause: error,
      },
    );
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new OperationError('CONFIG_INVALID', `${path} is not a regular file; move it away.`);
    await refuseForeign(path, found);
    if (found.size > limits.configFileBytesMax) {
      throw new OperationError(
        'CONFIG_INVALID',
        `${path} is larger than ${limits.configFileBytesMax} bytes; is it the right file?`,
      );
    }
    const bytes = await file.readFile();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, text: decode(path, bytes), sha256, mode: found.mode & 0o7777 };
  } finally {
    await file.close();
  }
}

/**
 * Changes when the file may have changed: cheap to ask before reading it again. Null when it cannot be vouched for. Synchronous, since
 * every request asks: the call takes microseconds, and a trip through the thread pool a quarter of a millisecond.
 */
export function fileStamp(path: string): string | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) return 'absent';
    // A file changed within one tick of the clock could change again and keep its time: such a stamp proves nothing.
    const youngest = found.mtimeMs > found.ctimeMs ? found.mtimeMs : found.ctimeMs;
    if (BigInt(Date.now()) - youngest < 100n) return null;
    return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs, found.mode, found.uid].join(' ');
  } catch {
    return null;
  }
}

/** Replaces a file in one step: readers see the old text or the new one, with exactly this mode. Missing folders are made with mode 0700. */
export async function writeConfigFile(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', mode);
    try {
      // A file that is edited keeps its mode, whatever the umask takes from new ones.
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const isFull = isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT');
    throw new OperationError(
      'CONFIG_INVALID',
      isFull
        ? `${path} cannot be written, since no space is left on its disk, and is as it was; make room there and try again.`
        : `${path} cannot be written (${errnoOf(error)}); check its folder.`,
      { cause: error },
    );
  }
}

async function refuseForeign(path: string, found: { readonly mode: number; readonly uid: number }): Promise<void> {
  const { uid } = userInfo();
  if (found.uid !== uid && found.uid !== 0) {
    throw new OperationError(
      'CONFIG_INVALID',
      `${path} belongs to user ${found.uid}, who could change it at any time; take it over with ` +
        `\`${await toLocalCommand(['chown', String(uid), path])}\`.`,
    );
  }
  if ((found.mode & 0o022) !== 0) {
    const mend = await toLocalCommand(['chmod', 'go-w', path]);
    throw new OperationError('CONFIG_INVALID', `${path} can be written by others; run \`${mend}\`.`);
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new OperationError('CONFIG_INVALID', `${path} is not UTF-8 text; save it as UTF-8.`, { cause: error });
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return errnoOf(error) === code;
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
