/**
 * The configuration that the system's ssh is given: all of it made here, from what was resolved, so that nothing of the user's files is read a second
 * time and nothing that they name runs. Pure; it knows no process.
 */
import { OperationError } from '../../../core/codes.ts';
import { limits } from '../../../core/limits.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import type { ConnectionSettings } from '../../../core/ports.ts';
import { type AlgorithmLimits, plainSshOptions, type SshOptions } from '../../../core/ssh-options.ts';

export interface SshConfigurationOptions {
  /** The id of the server, for messages. */
  readonly server: string;
  readonly settings: ConnectionSettings;
  /** Of the keys that are known: what the server is to show. */
  readonly knownTypes: readonly string[];
  /** Holds the keys that count for the server and no other. */
  readonly knownHostsFile: string;
  readonly controlPath: string;
  /** Where ssh reaches the agent; absent: where the record says. */
  readonly agentPath?: string;
  readonly login: 'log-in' | 'key-only';
}

/** The destination that is to be given to ssh with it. */
export const sshDestination = 'server';

/** Throws CONFIG_INVALID for a name or path that this format cannot hold. */
export function toSshConfiguration({ server, settings, ...files }: SshConfigurationOptions): string {
  const { host, port, username, hostKeyAlias, ssh = plainSshOptions } = settings;
  const quote = (value: string): string => toQuoted(value, server);
  const quotePath = (value: string): string => quote(value.replaceAll('%', '%%'));
  const lines: readonly (readonly [string, string])[] = [
    ['HostName', quotePath(host)],
    ['Port', String(port)],
    ['User', quote(username)],
    ...(hostKeyAlias === null ? [] : [['HostKeyAlias', quote(hostKeyAlias)] as const]),
    // The line is ours: its standard input and output.
    ['ProxyCommand', '-'],
    ['ControlMaster', 'yes'],
    ['ControlPath', quotePath(files.controlPath)],
    ['UserKnownHostsFile', quotePath(files.knownHostsFile)],
    ...fixed,
    ['ServerAliveInterval', String(limits.keepaliveEveryMs / 1_000)],
    ['ServerAliveCountMax', String(limits.keepaliveMissesMax)],
    ['Compression', ssh.compresses ? 'yes' : 'no'],
    ...toAlgorithmLines(ssh.algorithms, files.knownTypes).map(([name, value]) => [name, quote(value)] as const),
    ...(files.login === 'key-only' ? nobody : toLogin(settings, quotePath, files.agentPath)),
  ];
  return ['Host *', ...lines.map(([name, value]) => `  ${name} ${value}`), ''].join('\n');
}

const fixed: readonly (readonly [string, string])[] = [
  ['IgnoreUnknown', 'GSSAPIAuthentication,GSSAPIDelegateCredentials'],
  ['StrictHostKeyChecking', 'yes'],
  ['GlobalKnownHostsFile', '/dev/null'],
  ['KnownHostsCommand', 'none'],
  ['CheckHostIP', 'no'],
  ['VerifyHostKeyDNS', 'no'],
  ['UpdateHostKeys', 'no'],
  ['NoHostAuthenticationForLocalhost', 'no'],
  ['CanonicalizeHostname', 'no'],
  ['ControlPersist', 'no'],
  ['ForwardAgent', 'no'],
  ['ForwardX11', 'no'],
  ['ClearAllForwardings', 'yes'],
  ['Tunnel', 'no'],
  ['PermitLocalCommand', 'no'],
  ['RemoteCommand', 'none'],
  ['RequestTTY', 'no'],
  ['EscapeChar', 'none'],
  ['AddKeysToAgent', 'no'],
  ['EnableSSHKeysign', 'no'],
  ['HostbasedAuthentication', 'no'],
  ['GSSAPIDelegateCredentials', 'no'],
  ['TCPKeepAlive', 'no'],
  // Says when a factor of several was taken; in this program's memory only.
  ['LogLevel', 'VERBOSE'],
];

/** Proves the host key and cannot log in. */
const nobody: readonly (readonly [string, string])[] = [
  ['PreferredAuthentications', 'none'],
  ['IdentityFile', 'none'],
  ['IdentityAgent', 'none'],
  ['GSSAPIAuthentication', 'no'],
];

function toLogin(
  { auth, ssh = plainSshOptions }: ConnectionSettings,
  quotePath: (path: string) => string,
  agentPath?: string,
): readonly (readonly [string, string])[] {
  const named = agentSocketOf(auth);
  const agent = named === null ? null : (agentPath ?? named);
  const certificates = auth.flatMap((choice) => (choice.kind === 'certificate' ? [choice.certificatePath] : []));
  const files = new Set(auth.flatMap(keyFilesOf));
  const provider = ssh.pkcs11Provider;
  return [
    ['PreferredAuthentications', toMethods(auth, ssh).join(',')],
    ['NumberOfPasswordPrompts', String(auth.some(isKnown) ? 1 : limits.loginTriesMax)],
    ['GSSAPIAuthentication', ssh.gssapi ? 'yes' : 'no'],
    ['IdentityAgent', agent === null ? 'none' : quotePath(agent)],
    ['IdentitiesOnly', isOnlyFiles(auth) && provider === null ? 'yes' : 'no'],
    ...(provider === null ? [] : [['PKCS11Provider', quotePath(provider)] as const]),
    // Without any, ssh would try the usual ones.
    ...(files.size === 0 ? [['IdentityFile', 'none'] as const] : []),
    ...[...files].map((file) => ['IdentityFile', quotePath(file)] as const),
    ...certificates.map((file) => ['CertificateFile', quotePath(file)] as const),
  ];
}

/** Null: no agent is asked. */
export function agentSocketOf(auth: readonly AuthChoice[]): string | null {
  return auth.map(agentOf).find((socket) => socket !== null) ?? null;
}

function agentOf(choice: AuthChoice): string | null {
  if (choice.kind === 'agent') return choice.socket;
  return choice.kind === 'certificate' ? choice.agentSocket : null;
}

function keyFilesOf(choice: AuthChoice): readonly string[] {
  if (choice.kind === 'agent') return choice.identities ?? [];
  if (choice.kind === 'privateKey') return [choice.privateKeyPath];
  return choice.kind === 'certificate' ? choice.privateKeyPaths : [];
}

/** Of an agent's keys, only those that files name: where it is to offer no others, or files come before it. */
function isOnlyFiles(auth: readonly AuthChoice[]): boolean {
  const at = auth.findIndex(({ kind }) => kind === 'agent');
  const agent = auth[at];
  if (agent?.kind !== 'agent' || agent.isExclusive === true) return true;
  return auth.slice(0, at).some((choice) => keyFilesOf(choice).length > 0);
}

/** Refused, it would be refused again. */
function isKnown(choice: AuthChoice): boolean {
  return choice.kind === 'password' && choice.secret !== null;
}

/** In the order of the choices; a one-time code, which no choice names, comes last. */
function toMethods(auth: readonly AuthChoice[], { gssapi, pkcs11Provider }: SshOptions): readonly string[] {
  const ofChoices = auth.flatMap((choice): readonly string[] => {
    if (choice.kind !== 'password') return ['publickey'];
    const both = ['keyboard-interactive', 'password'];
    return choice.methods ?? (choice.secret === null ? both : both.reverse());
  });
  const first = [...(gssapi ? ['gssapi-with-mic'] : []), ...(pkcs11Provider === null ? [] : ['publickey'])];
  return [...new Set([...first, ...ofChoices, 'keyboard-interactive'])];
}

/** What the user's configuration allows. Kinds of host keys that are known come first, as ssh itself would have it without a list. */
function toAlgorithmLines(
  { kex, ciphers, macs, hostKeys, publicKeys }: AlgorithmLimits,
  knownTypes: readonly string[],
): readonly (readonly [string, string])[] {
  const known = hostKeys?.filter((name) => knownTypes.includes(name.replace(/^rsa-sha2-\d+/, 'ssh-rsa'))) ?? [];
  const lists: readonly (readonly [string, readonly string[] | null])[] = [
    ['KexAlgorithms', kex],
    ['Ciphers', ciphers],
    ['MACs', macs],
    ['HostKeyAlgorithms', hostKeys && [...new Set([...known, ...hostKeys])]],
    ['PubkeyAcceptedAlgorithms', publicKeys],
  ];
  return lists.flatMap(([name, list]) => (list === null ? [] : [[name, list.join(',')] as const]));
}

/** One argument of ssh_config(5). */
function toQuoted(value: string, server: string): string {
  if (!/["\\\u0000-\u001f\u007f]|\$\{/.test(value)) return `"${value}"`;
  throw new OperationError(
    'CONFIG_INVALID',
    `${JSON.stringify(value)} cannot be given to the system's ssh, which ${server} needs; take another name without quotes, backslashes and "\${".`,
  );
}
