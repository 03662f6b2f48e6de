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
  readonly option: string;
  readonly value: string;
  /** What is not done, and what to do about it. */
  readonly sentence: string;
}

/** What of these lines of `ssh -G` is not kept to, in the order of the lines. An option this version does not know is among them. */
export function leftOutOf(lines: ReadonlyMap<string, readonly string[]>): readonly LeftOut[] {
  return [...lines].flatMap(([option, values]): LeftOut[] => {
    const value = values.join(', ');
    const use = sshConfigOptions.get(option);
    if (use === undefined) return [{ option, value, sentence: 'It is not known here, so nothing is made of it.' }];
    if (use.kind !== 'refused' || use.silentFor.includes(value.toLowerCase())) return [];
    return [{ option, value, sentence: use.sentence }];
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
const noTickets = 'signalbox does not log in with Kerberos tickets; use a key or a password.';

/** Keys in lower case. */
export const sshConfigOptions: ReadonlyMap<string, OptionUse> = new Map<string, OptionUse>([
  // Where it leads.
  ['host', honoured],
  ['hostname', honoured],
  ['port', honoured],
  ['user', honoured],
  ['addressfamily', honoured],
  ['bindaddress', honoured],
  ['bindinterface', honoured],
  ['proxyjump', honoured],
  ['proxycommand', honoured],
  ['proxyusefdpass', refused('A proxy command cannot hand over its socket here; let it carry the bytes itself.')],
  ['canonicaldomains', irrelevant(byOpenSsh)],
  ['canonicalizefallbacklocal', irrelevant(byOpenSsh)],
  ['canonicalizehostname', irrelevant(byOpenSsh)],
  ['canonicalizemaxdots', irrelevant(byOpenSsh)],
  ['canonicalizepermittedcnames', irrelevant(byOpenSsh)],
  ['tag', irrelevant(byOpenSsh)],
  ['ignoreunknown', irrelevant(byOpenSsh)],
  ['refuseconnection', irrelevant(byOpenSsh)],
  ['versionaddendum', irrelevant('signalbox says its own version to servers.')],
  // How the line is kept.
  ['connecttimeout', honoured],
  ['serveraliveinterval', honoured],
  ['serveralivecountmax', honoured],
  ['compression', honoured],
  ['connectionattempts', irrelevant('A busy server is asked again by signalbox itself.')],
  ['tcpkeepalive', irrelevant(ownNetwork)],
  ['ipqos', irrelevant(ownNetwork)],
  ['rekeylimit', irrelevant('Keys are exchanged anew when the server asks for it.')],
  ['obscurekeystroketiming', irrelevant('Keys typed into a shell leave as they come.')],
  ['channeltimeout', irrelevant('Idle connections are closed by signalbox itself.')],
  // Algorithms: only ever narrowed.
  ['ciphers', honoured],
  ['macs', honoured],
  ['kexalgorithms', honoured],
  ['hostkeyalgorithms', honoured],
  ['pubkeyacceptedalgorithms', honoured],
  ['casignaturealgorithms', irrelevant('Certificates signed with SHA-1 never count.')],
  ['requiredrsasize', irrelevant('Servers refuse keys that are too short.')],
  ['warnweakcrypto', irrelevant(ownLog)],
  // Which server it is.
  ['hostkeyalias', honoured],
  ['userknownhostsfile', honoured],
  ['globalknownhostsfile', honoured],
  ['revokedhostkeys', honoured],
  ['checkhostip', irrelevant('A key is kept under the name of its server.')],
  ['hashknownhosts', irrelevant(ownHostKeys)],
  ['updatehostkeys', irrelevant(ownHostKeys)],
  ['visualhostkey', irrelevant(ownHostKeys)],
  ['fingerprinthash', irrelevant('Fingerprints are SHA256.')],
  [
    'stricthostkeychecking',
    refused('An unknown host key is always shown to you first, and a changed one is refused.', ['ask', 'true', 'yes']),
  ],
  ['nohostauthenticationforlocalhost', refused('The key of this machine is checked like any other; trust it once.')],
  ['verifyhostkeydns', refused('Host keys are not looked up in the DNS; compare the fingerprint that is shown.')],
  ['knownhostscommand', refused('No program is asked for host keys; trust the key that is shown once.')],
  // How to log in.
  ['identityfile', honoured],
  ['identitiesonly', honoured],
  ['identityagent', honoured],
  ['certificatefile', honoured],
  ['preferredauthentications', honoured],
  ['pubkeyauthentication', honoured],
  ['passwordauthentication', honoured],
  ['kbdinteractiveauthentication', honoured],
  ['kbdinteractivedevices', irrelevant('The server chooses what it asks.')],
  ['batchmode', honoured],
  ['numberofpasswordprompts', irrelevant('How often a wrong answer is asked for again is a limit of signalbox.')],
  ['addkeystoagent', irrelevant('A passphrase is kept in memory for a while instead.')],
  ['usekeychain', irrelevant('A passphrase is kept in memory for a while instead.')],
  ['securitykeyprovider', irrelevant('Security keys are used through the ssh-agent of OpenSSH.')],
  ['pkcs11provider', refused('Smart cards are used through your ssh-agent; add the key with `ssh-add -s`.')],
  // Distributions set it for everybody.
  ['gssapiauthentication', irrelevant(noTickets)],
  ['gssapiclientidentity', refused(noTickets)],
  ['gssapidelegatecredentials', refused(noTickets)],
  ['gssapikexalgorithms', irrelevant(noTickets)],
  ['gssapikeyexchange', irrelevant(noTickets)],
  ['gssapirenewalforcesrekey', irrelevant(noTickets)],
  ['gssapiserveridentity', refused(noTickets)],
  ['gssapitrustdns', irrelevant(noTickets)],
  ['hostbasedauthentication', refused(noHostbased)],
  ['hostbasedacceptedalgorithms', irrelevant(noHostbased)],
  ['enablesshkeysign', irrelevant(noHostbased)],
  // What runs there, and here.
  ['setenv', honoured],
  ['sendenv', honoured],
  ['requesttty', irrelevant(ownTerminal)],
  ['remotecommand', refused('Shells and commands are those you ask signalbox for.', ['none'])],
  ['sessiontype', refused('Commands and shells are run all the same.', ['default'])],
  ['stdinnull', irrelevant(ownTerminal)],
  ['forkafterauthentication', irrelevant(ownTerminal)],
  ['escapechar', irrelevant(ownTerminal)],
  ['enableescapecommandline', irrelevant(ownTerminal)],
  ['localcommand', refused('No command runs on this machine when a connection is made.', ['none'])],
  ['permitlocalcommand', irrelevant('No command runs on this machine when a connection is made.')],
  // What goes through the connection.
  ['localforward', refused(noForwarding)],
  ['remoteforward', refused(noForwarding)],
  ['dynamicforward', refused(noForwarding)],
  ['permitremoteopen', irrelevant(noForwarding)],
  ['gatewayports', irrelevant(noForwarding)],
  ['exitonforwardfailure', irrelevant(noForwarding)],
  ['clearallforwardings', irrelevant(noForwarding)],
  ['streamlocalbindmask', irrelevant(noForwarding)],
  ['streamlocalbindunlink', irrelevant(noForwarding)],
  ['tunnel', refused(noForwarding)],
  ['tunneldevice', irrelevant(noForwarding)],
  ['forwardagent', refused(noAgentThere)],
  // Distributions set it for everybody.
  ['forwardx11', irrelevant(noAgentThere)],
  ['forwardx11trusted', irrelevant(noAgentThere)],
  ['forwardx11timeout', irrelevant(noAgentThere)],
  ['xauthlocation', irrelevant(noAgentThere)],
  // What the ssh program does for itself.
  ['controlmaster', irrelevant(ownMaster)],
  ['controlpath', irrelevant(ownMaster)],
  ['controlpersist', irrelevant(ownMaster)],
  ['loglevel', irrelevant(ownLog)],
  ['logverbose', irrelevant(ownLog)],
  ['syslogfacility', irrelevant(ownLog)],
]);
