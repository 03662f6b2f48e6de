/**
 * The profile for sandbox-exec on macOS: an allowlist of the same paths that bubblewrap shows on Linux. It was never tried on a Mac,
 * which its verdict says. It makes a text, and starts nothing.
 */
import type { SpawnSpec } from '../../core/ports.ts';

/** Programs, libraries and what every process of macOS reads to start; no folder of a person. */
const systemFolders = ['/usr', '/bin', '/sbin', '/System', '/Library/Apple', '/opt/homebrew', '/private/var/db/dyld'];

const systemFiles = [
  '/private/etc/hosts',
  '/private/etc/localtime',
  '/private/etc/passwd',
  '/private/etc/protocols',
  '/private/etc/resolv.conf',
  '/private/etc/services',
  '/private/var/run/resolv.conf',
];
const systemTrees = ['/private/etc/ssl', '/private/var/db/timezone'];
const devices = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom', '/dev/tty', '/dev/dtracehelper'];

/** Services of the system a network client needs: names, certificates, users. Not the pasteboard, the keychain, or other programs. */
const services = [
  'com.apple.SystemConfiguration.configd',
  'com.apple.dnssd.service',
  'com.apple.mDNSResponder',
  'com.apple.system.opendirectoryd.libinfo',
  'com.apple.trustd.agent',
];

/** In the language of sandbox-exec (SBPL, version 1): what is not allowed is denied. */
export function toSandboxProfile(spec: SpawnSpec, network: 'host' | 'none'): string {
  const folders = [...systemFolders, ...systemTrees, ...spec.readOnlyPaths];
  const own = [spec.home, spec.cwd, ...spec.readWritePaths];
  return [
    '(version 1)',
    '(deny default)',
    '; Never tried on a Mac: agents may miss something here.',
    '(allow process-fork)',
    `(allow process-exec ${[...folders, spec.home, spec.cwd].map(subpath).join(' ')})`,
    // Only what it started itself, which is in the same sandbox.
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    // The names of folders on the way, and what a path is; not what is in them.
    '(allow file-read-metadata)',
    '(allow file-read* (literal "/"))',
    `(allow file-read* ${[...folders, ...own].map(subpath).join(' ')})`,
    `(allow file-read* ${[...systemFiles, ...devices].map(literal).join(' ')})`,
    `(allow file-write* ${own.map(subpath).join(' ')})`,
    `(allow file-write-data ${devices.map(literal).join(' ')})`,
    `(allow mach-lookup ${services.map((name) => `(global-name ${quoted(name)})`).join(' ')})`,
    ...spec.readWritePaths.map((path) => `(allow network-outbound (literal ${quoted(path)}))`),
    ...(network === 'host' ? ['(allow network-outbound (remote ip) (literal "/private/var/run/mDNSResponder"))'] : []),
    '',
  ].join('\n');
}

function subpath(path: string): string {
  return `(subpath ${quoted(path)})`;
}

function literal(path: string): string {
  return `(literal ${quoted(path)})`;
}

/** A quotation mark or a backslash in a name must not end the text it stands in. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
