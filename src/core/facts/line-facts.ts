/**
 * What connections show of a server by themselves, without a command of ours: how far away it is, what its file service can, how much it
 * takes at once. Data, and the port through which it outlives a connection. It knows no SSH.
 */

export interface LineFacts {
  /** SHA256:… of the key it was seen with; who shows another key is another machine. */
  readonly hostKey: string;
  /** SHA256:… of the `@cert-authority` of known_hosts for whose sake that key is trusted; null: the key itself is known. */
  readonly authority: string | null;
  /** What the server calls its own software, as `OpenSSH_9.2p1 Debian-2`: foreign text. Null where it was not heard. */
  readonly software: string | null;
  /** Why the system's ssh makes the connections, as a sentence without its end and foreign text in part; null: the SSH of this program does. */
  readonly systemSsh: string | null;
  /** Milliseconds of the shortest round trip; null before the first. */
  readonly roundTripMs: number | null;
  /** A round trip is dear: a channel is kept open for the next command, and files are read and written in fewer of them. */
  readonly isFar: boolean;
  /** Null while nobody has asked for a file; `none`: it offers no SFTP. */
  readonly files: FileService | 'none' | null;
  /** Sessions it had open at once when it refused one more; null: it has refused none. */
  readonly sessionsMax: number | null;
  /** `ours`: what we send is run. `other program`: something else answers (ForceCommand, a restricted login). `none`: it runs nothing. Null before the first. */
  readonly commands: 'ours' | 'other program' | 'none' | null;
  /** Start-up files of the account print something before each command. */
  readonly printsFirst: boolean;
}

/** Extensions of draft-ietf-secsh-filexfer-02 as OpenSSH names them. */
export interface FileService {
  readonly posixRename: boolean;
  readonly fsync: boolean;
  readonly statvfs: boolean;
}

/** Where they outlive a host. What cannot be read or written is learned anew. By the hash of the server's record: another record is another server. */
export interface LineNotes {
  find(recordHash: string): Promise<LineFacts | null>;
  /** Found at once; on disk a little later, together with what else is learned until then. */
  keep(recordHash: string, facts: LineFacts): void;
  forget(recordHash: string): Promise<void>;
  /** Resolves when everything kept so far is on disk. */
  settle(): Promise<void>;
}
