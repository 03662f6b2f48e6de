/** What a connection keeps to of the user's OpenSSH configuration, beside where it leads and how it logs in. Only data. */

export interface SshOptions {
  /** IP version; null: either. */
  readonly addressFamily: 4 | 6 | null;
  /** The address of this machine that the connection leaves from; null: as the system chooses. */
  readonly bindAddress: string | null;
  /** The network interface of this machine whose address that is; null: as the system chooses. */
  readonly bindInterface: string | null;
  /** Milliseconds for the TCP connection, and again for the handshake; null: our own limit. */
  readonly connectTimeoutMs: number | null;
  /** How long a silent server is waited for; null: by our own rule. */
  readonly keepalive: { readonly everyMs: number; readonly missesMax: number } | null;
  readonly algorithms: AlgorithmLimits;
  readonly compresses: boolean;
  /** A Kerberos ticket may log in; only the system's ssh can offer it. */
  readonly gssapi: boolean;
  /** The library through which ssh uses the keys of a token; null: none. Only the system's ssh can. */
  readonly pkcs11Provider: string | null;
  /** Sent to interactive shells; to commands only what `command-environment.ts` lets go along; what the server makes of it is its own choice (AcceptEnv). */
  readonly environment: Readonly<Record<string, string>>;
  /** The files of host keys that ssh would read for this host; null: its default ones. */
  readonly knownHostsFiles: readonly string[] | null;
  /** Keys that are refused whatever is known of them; null: no such file. */
  readonly revokedKeysFile: string | null;
}

/** Names that are allowed, in no order: our own list is narrowed to them and never widened. Null: no limit. */
export interface AlgorithmLimits {
  readonly kex: readonly string[] | null;
  readonly ciphers: readonly string[] | null;
  readonly macs: readonly string[] | null;
  readonly hostKeys: readonly string[] | null;
  readonly publicKeys: readonly string[] | null;
}

/** Of a server that no OpenSSH configuration is about. */
export const plainSshOptions: SshOptions = {
  addressFamily: null,
  bindAddress: null,
  bindInterface: null,
  connectTimeoutMs: null,
  keepalive: null,
  algorithms: { kex: null, ciphers: null, macs: null, hostKeys: null, publicKeys: null },
  compresses: false,
  gssapi: false,
  pkcs11Provider: null,
  environment: {},
  knownHostsFiles: null,
  revokedKeysFile: null,
};
