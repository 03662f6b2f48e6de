/** Where secrets live on a Linux machine, by name: what no tool reads without a person. Works on text; links are resolved elsewhere. */
import { isWithin, normalisePath } from './remote-path.ts';

/** Base names that count anywhere. `*` stands for any characters but a slash. */
export const sensitiveFileNames: readonly string[] = [
  // Accounts and privileges
  'shadow',
  'shadow[-.~+]*',
  'gshadow',
  'gshadow[-.~+]*',
  'master.passwd*',
  'opasswd*',
  'sudoers*',
  // Private keys and key stores
  'id_rsa*',
  'id_dsa*',
  'id_ecdsa*',
  'id_ed25519*',
  'ssh_host_*_key*',
  'identity',
  '*.pem*',
  '*.key',
  '*.key.*',
  '*.priv',
  '*.ppk',
  '*.p12',
  '*.pfx',
  '*.jks',
  '*.keystore',
  '*.kdbx',
  '*.keytab',
  '*.gpg',
  // Application settings with passwords
  '.env',
  '.env[-._~]*',
  '*.env',
  '.envrc',
  '.pgpass',
  '.my.cnf',
  '.mylogin.cnf',
  '.netrc',
  '_netrc',
  '.authinfo*',
  '.passwd*',
  '.fetchmailrc',
  'auth.json',
  'debian.cnf',
  'wpa_supplicant*.conf',
  'rclone.conf',
  'logins.json',
  'key4.db',
  'sasl_passwd*',
  'passwd.client',
  '*vault_pass*',
  '*vault-pass*',
  'user-data*',
  '.npmrc',
  '.pypirc',
  '.dockercfg',
  '*htpasswd*',
  '.s3cfg',
  '.boto',
  '.msmtprc',
  '.smbcredentials',
  '.vault-token',
  '.Xauthority',
  'wp-config*.php*',
  'credentials*',
  '*credentials',
  '*credentials.json',
  'secrets.*',
  '*secret*.y*ml',
  'service-account*.json',
  '.erlang.cookie',
  'krb5cc*',
  'passwords.dat',
  'questions.dat',
  'anaconda-ks.cfg',
  'preseed.cfg',
  'ovf-env.xml',
  '*-sensitive.json',
  'config.v2.json',
  'secret_key*',
  'userlist.txt',
  '*kubeconfig*',
  '*.tfstate*',
  '*.tfvars*',
  '*-secrets',
  '*.secret*',
  '*secrets.json',
  // What people typed
  '.*_history*',
  '.history',
  '.histfile',
  '.zhistory',
  'fish_history',
  '.lesshst',
  '.viminfo',
  '.*.swp',
  // Memory and environments of other processes
  'environ',
  'kcore',
  'kmem',
  'vmcore*',
  'core.[0-9]*',
  'swapfile',
];

/** Folder names that count anywhere, with everything below them. */
export const sensitiveFolderNames: readonly string[] = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.password-store',
  '.vault',
  '.mozilla',
  '.subversion',
  'google-chrome',
  'sops',
  'doctl',
  'gh',
  'gcloud',
  'sudoers.d',
  'letsencrypt',
  'system-connections',
  'wireguard',
  'kubelet',
  'credstore*',
  'keyrings',
  '.vnc',
  '.m2',
  '.oci',
  '.pulumi',
  '.terraform.d',
  'secrets',
  '.secrets',
];

/** Folders at one place; the second part is the folder name that keeps a recursive search out of them. */
export const sensitiveFolders: readonly (readonly [path: string, name: string])[] = [
  ['/etc/ssl/private', 'private'],
  ['/etc/pki/tls/private', 'private'],
  ['/var/lib/samba/private', 'private'],
  ['/etc/kubernetes', 'kubernetes'],
  ['/etc/rancher', 'rancher'],
  ['/var/lib/rancher', 'rancher'],
  ['/etc/openvpn', 'openvpn'],
  ['/var/lib/sss', 'sss'],
  ['/run/credentials', 'credentials'],
  ['/run/user', 'user'],
  ['/var/crash', 'crash'],
  ['/var/lib/systemd/coredump', 'coredump'],
  ['/sys/kernel/debug', 'debug'],
];

/** Below /proc: other names for files, environments and memory of processes. */
const processSecrets =
  /^\/proc\/[^/]+\/(task\/[^/]+\/)?(environ|cmdline|mem|pagemap|maps|smaps|numa_maps|root|cwd|exe|fd|fdinfo|map_files|auxv|syscall|stack)(\/|$)/i;

const namePattern = toPattern(sensitiveFileNames);
const folderPattern = toPattern(sensitiveFolderNames);
const publicNames = /(\.pub|^known_hosts)$/i;

/**
 * Why a path is sensitive, or null. The path is normalised first; case is ignored, since some servers do. `more` are the folders
 * and files the server's record adds.
 */
export function sensitiveReason(path: string, more: readonly string[]): string | null {
  const normal = normalisePath(path);
  const components = normal.split('/').slice(1);
  const name = components.at(-1) ?? '';
  for (const extra of more) {
    const folder = normalisePath(extra);
    if (isWithinAnyCase(normal, folder)) return `${folder} is marked as sensitive for this server`;
  }
  if (processSecrets.test(normal)) return 'it shows the inside of a process';
  // A home folder's public half of a key is no secret; the folder it lies in would say otherwise.
  if (
    publicNames.test(name) &&
    !components.slice(0, -1).some((folder) => !/^\.ssh$/i.test(folder) && folderPattern.test(folder))
  ) {
    return null;
  }
  const folder = components.find((component) => folderPattern.test(component));
  if (folder !== undefined) return `${folder} holds credentials or keys`;
  const lower = normal.toLowerCase();
  const place = sensitiveFolders.find(([at]) => lower === at || lower.startsWith(`${at}/`));
  if (place !== undefined) return `${place[0]} holds credentials or keys`;
  if (namePattern.test(name)) return `${name} is a name that secrets are kept under`;
  return null;
}

/** What is sensitive is so in any case: some file systems do not tell cases apart. */
export function isWithinAnyCase(path: string, folder: string): boolean {
  return isWithin(path.toLowerCase(), folder.toLowerCase());
}

/**
 * Options that keep GNU grep, searching recursively, out of everything above, in any case, as these lists are read everywhere.
 * Last ones win there, so they go after the caller's.
 */
export function grepExcludes(): readonly string[] {
  const folders = new Set([...sensitiveFolderNames, ...sensitiveFolders.map(([, name]) => name)]);
  return [
    ...sensitiveFileNames.map((name) => `--exclude=${toAnyCase(name)}`),
    ...[...folders].map((name) => `--exclude-dir=${toAnyCase(name)}`),
  ];
}

/** A name or pattern of names as one that matches in any case: grep has no option for that. Brackets in it hold no letters. */
export function toAnyCase(name: string): string {
  return name.replace(/[A-Za-z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function toPattern(names: readonly string[]): RegExp {
  const sources = names.map((name) => name.replace(/[.+^$(){}|\\]/g, '\\$&').replaceAll('*', '[^/]*'));
  return new RegExp(`^(?:${sources.join('|')})$`, 'i');
}
