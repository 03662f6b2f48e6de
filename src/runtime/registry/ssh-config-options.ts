/**
 * Every option of ssh_config(5) that `ssh -G` may print, and what signalbox makes of it. Only data and the question which of a host's
 * options are left out; how they are kept to is elsewhere.
 */

export type OptionUse =
  /** Kept to, as ssh does. */
  | { readonly kind: 'honoured' }
  /** About something that signalbox does in its own way or not at all, and that no login depends on. */
  | { readonly kind: 'irrelevant'; readonly why: string }
  /** Somebody who sets it expects something that does not happen: said wherever its value is none of `silentFor`. */
  | { readonly kind: 'refused'; readonly sentence: string; readonly silentFor: readonly string[] };

export interface LeftOut {
  /** As the manual writes it. */
  readonly option: string;
  readonly value: string;
  /** What is not done, and what to do about it. */
  readonly sentence: string;
}

/** What of these lines of `ssh -G` is not kept to, in the order of the lines. An option this version does not know is among them. */
export function leftOutOf(lines: ReadonlyMap<string, readonly string[]>): readonly LeftOut[] {
  return [...lines].flatMap(([option, values]): LeftOut[] => {
    const value = values.join(', ');
    const known = sshConfigOptions.get(option);
    if (known === undefined) return [{ option, value, sentence: 'It is not known here, so nothing is made of it.' }];
    const { name, use } = known;
    if (use.kind !== 'refused' || use.silentFor.includes(value.toLowerCase())) return [];
    return [{ option: name, value, sentence: use.sentence }];
  });
}

const honoured: OptionUse = { kind: 'honoured' };

function irrelevant(why: string): OptionUse {
  return { kind: 'irrelevant', why };
}

function refused(sentence: string, silentFor: readonly string[] = ['no', 'false', 'none']): OptionUse {
  return { kind: 'refused', sentence, silentFor };
}

const ownHostKeys = 'Host keys are kept in a file of signalbox, and every new one is shown to you first.';
const noForwarding = 'signalbox forwards no ports; use ssh for that.';
const noAgentThere = 'signalbox never hands your agent or your screen to a server.';
const ownTerminal = 'It is about the terminal of the ssh program.';
const ownLog = 'It is about what the ssh program prints.';
const ownMaster = 'signalbox shares one connection for everything by itself.';
const ownNetwork = 'The connection is watched and kept open by signalbox itself.';
const byOpenSsh = 'OpenSSH has used it by the time it says what the alias means.';
const noHostbased = 'signalbox does not log in by the name of this machine; use a key or a password.';
const ownTicket = 'Of Kerberos, your default ticket is used as it is, and never handed on to a server.';

const uses: readonly (readonly [string, OptionUse])[] = [
  // Where it leads.
  ['Host', honoured],
  ['HostName', honoured],
  ['Port', honoured],
  ['User', honoured],
  ['AddressFamily', honoured],
  ['BindAddress', honoured],
  ['BindInterface', honoured],
  ['ProxyJump', honoured],
  ['ProxyCommand', honoured],
  ['ProxyUseFdpass', refused('A proxy command cannot hand over its socket here; let it carry the bytes itself.')],
  ['CanonicalDomains', irrelevant(byOpenSsh)],
  ['CanonicalizeFallbackLocal', irrelevant(byOpenSsh)],
  ['CanonicalizeHostname', irrelevant(byOpenSsh)],
  ['CanonicalizeMaxDots', irrelevant(byOpenSsh)],
  ['CanonicalizePermittedCNAMEs', irrelevant(byOpenSsh)],
  ['Tag', irrelevant(byOpenSsh)],
  ['IgnoreUnknown', irrelevant(byOpenSsh)],
  ['RefuseConnection', irrelevant(byOpenSsh)],
  ['VersionAddendum', irrelevant('signalbox says its own version to servers.')],
  // How the line is kept.
  ['ConnectTimeout', honoured],
  ['ServerAliveInterval', honoured],
  ['ServerAliveCountMax', honoured],
  ['Compression', honoured],
  ['ConnectionAttempts', irrelevant('A busy server is asked again by signalbox itself.')],
  ['TCPKeepAlive', irrelevant(ownNetwork)],
  ['IPQoS', irrelevant(ownNetwork)],
  ['RekeyLimit', irrelevant('Keys are exchanged anew when the server asks for it.')],
  ['ObscureKeystrokeTiming', irrelevant('Keys typed into a shell leave as they come.')],
  ['ChannelTimeout', irrelevant('Idle connections are closed by signalbox itself.')],
  // Algorithms: only ever narrowed.
  ['Ciphers', honoured],
  ['MACs', honoured],
  ['KexAlgorithms', honoured],
  ['HostKeyAlgorithms', honoured],
  ['PubkeyAcceptedAlgorithms', honoured],
  ['CASignatureAlgorithms', irrelevant('Certificates signed with SHA-1 never count.')],
  ['RequiredRSASize', irrelevant('Servers refuse keys that are too short.')],
  ['WarnWeakCrypto', irrelevant(ownLog)],
  // Which server it is.
  ['HostKeyAlias', honoured],
  ['UserKnownHostsFile', honoured],
  ['GlobalKnownHostsFile', honoured],
  ['RevokedHostKeys', honoured],
  ['CheckHostIP', irrelevant('A key is kept under the name of its server.')],
  ['HashKnownHosts', irrelevant(ownHostKeys)],
  ['UpdateHostKeys', irrelevant(ownHostKeys)],
  ['VisualHostKey', irrelevant(ownHostKeys)],
  ['FingerprintHash', irrelevant('Fingerprints are SHA256.')],
  [
    'StrictHostKeyChecking',
    refused('An unknown host key is always shown to you first, and a changed one is refused.', ['ask', 'true', 'yes']),
  ],
  ['NoHostAuthenticationForLocalhost', refused('The key of this machine is checked like any other; trust it once.')],
  ['VerifyHostKeyDNS', refused('Host keys are not looked up in the DNS; compare the fingerprint that is shown.')],
  ['KnownHostsCommand', refused('No program is asked for host keys; trust the key that is shown once.')],
  // How to log in.
  ['IdentityFile', honoured],
  ['IdentitiesOnly', honoured],
  ['IdentityAgent', honoured],
  ['CertificateFile', honoured],
  ['PreferredAuthentications', honoured],
  ['PubkeyAuthentication', honoured],
  ['PasswordAuthentication', honoured],
  ['KbdInteractiveAuthentication', honoured],
  ['KbdInteractiveDevices', irrelevant('The server chooses what it asks.')],
  ['BatchMode', honoured],
  ['NumberOfPasswordPrompts', irrelevant('How often a wrong answer is asked for again is a limit of signalbox.')],
  ['AddKeysToAgent', irrelevant('A passphrase is kept in memory for a while instead.')],
  ['UseKeychain', irrelevant('A passphrase is kept in memory for a while instead.')],
  ['SecurityKeyProvider', irrelevant('Security keys are used through the ssh-agent of OpenSSH.')],
  ['PKCS11Provider', honoured],
  ['GSSAPIAuthentication', honoured],
  ['GSSAPIClientIdentity', refused(ownTicket)],
  ['GSSAPIDelegateCredentials', refused(ownTicket)],
  ['GSSAPIKexAlgorithms', irrelevant(ownTicket)],
  ['GSSAPIKeyExchange', irrelevant(ownTicket)],
  ['GSSAPIRenewalForcesRekey', irrelevant(ownTicket)],
  ['GSSAPIServerIdentity', refused(ownTicket)],
  ['GSSAPITrustDns', irrelevant(ownTicket)],
  ['HostbasedAuthentication', refused(noHostbased)],
  ['HostbasedAcceptedAlgorithms', irrelevant(noHostbased)],
  ['EnableSSHKeysign', irrelevant(noHostbased)],
  // What runs there, and here.
  ['SetEnv', honoured],
  ['SendEnv', honoured],
  ['RequestTTY', irrelevant(ownTerminal)],
  ['RemoteCommand', refused('Shells and commands are those you ask signalbox for.', ['none'])],
  ['SessionType', refused('Commands and shells are run all the same.', ['default'])],
  ['StdinNull', irrelevant(ownTerminal)],
  ['ForkAfterAuthentication', irrelevant(ownTerminal)],
  ['EscapeChar', irrelevant(ownTerminal)],
  ['EnableEscapeCommandline', irrelevant(ownTerminal)],
  ['LocalCommand', refused('No command runs on this machine when a connection is made.', ['none'])],
  ['PermitLocalCommand', irrelevant('No command runs on this machine when a connection is made.')],
  // What goes through the connection.
  ['LocalForward', refused(noForwarding)],
  ['RemoteForward', refused(noForwarding)],
  ['DynamicForward', refused(noForwarding)],
  ['PermitRemoteOpen', irrelevant(noForwarding)],
  ['GatewayPorts', irrelevant(noForwarding)],
  ['ExitOnForwardFailure', irrelevant(noForwarding)],
  ['ClearAllForwardings', irrelevant(noForwarding)],
  ['StreamLocalBindMask', irrelevant(noForwarding)],
  ['StreamLocalBindUnlink', irrelevant(noForwarding)],
  ['Tunnel', refused(noForwarding)],
  ['TunnelDevice', irrelevant(noForwarding)],
  ['ForwardAgent', refused(noAgentThere)],
  // Distributions set it for everybody.
  ['ForwardX11', irrelevant(noAgentThere)],
  ['ForwardX11Trusted', irrelevant(noAgentThere)],
  ['ForwardX11Timeout', irrelevant(noAgentThere)],
  ['XAuthLocation', irrelevant(noAgentThere)],
  // What the ssh program does for itself.
  ['ControlMaster', irrelevant(ownMaster)],
  ['ControlPath', irrelevant(ownMaster)],
  ['ControlPersist', irrelevant(ownMaster)],
  ['LogLevel', irrelevant(ownLog)],
  ['LogVerbose', irrelevant(ownLog)],
  ['SyslogFacility', irrelevant(ownLog)],
];

/** Keys in lower case, as `ssh -G` prints most of them; `name` is as the manual writes it. */
export const sshConfigOptions: ReadonlyMap<string, { readonly name: string; readonly use: OptionUse }> = new Map(
  uses.map(([name, use]) => [name.toLowerCase(), { name, use }]),
);
