/** Real paths on a server, every link resolved. It knows nothing of why they are asked for. */
import { type SftpChannel, SftpStatusError } from './sftp-channel.ts';

/** The real path; the path itself when the server cannot resolve it. Throws only when the server does not answer. */
export async function realPathOf(sftp: SftpChannel, path: string): Promise<string> {
  try {
    return await sftp.request<string>((wrapper, done) => wrapper.realpath(path, done));
  } catch (error) {
    if (error instanceof SftpStatusError) return path;
    throw error;
  }
}
