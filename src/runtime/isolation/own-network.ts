/**
 * A network of its own for an agent: a namespace that reaches other machines through pasta or slirp4netns, and of this machine neither
 * loopback nor abstract sockets. It makes a command line around another one, and starts nothing but its trial.
 */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { SpawnSpec } from '../../core/ports.ts';
import { toBubblewrapArguments } from './bubblewrap-arguments.ts';
import { toFilterOpening, toFilterOptions } from './filter-words.ts';
import { findInPath, tryCommand } from './trial.ts';

export interface OwnNetwork {
  /** Said in the verdict: `pasta` or `slirp4netns`. */
  readonly name: string;
  /** The whole command line for an agent, from bubblewrap on. */
  toArgv(spec: SpawnSpec, inner: readonly string[]): Promise<readonly string[]>;
}

export type OwnNetworkState =
  | { readonly ok: true; readonly network: OwnNetwork }
  | { readonly ok: false; readonly reason: string };

/** Of the link-local range, so that it is nobody's: queries to it are passed to the resolver of this machine. */
const mappedResolver = '169.254.53.53';
/** Where slirp4netns answers queries. */
const slirpResolver = '10.0.2.3';

/** Nothing is forwarded in either direction, and no address inside stands for this machine. */
const pastaOptions = `--config-net -q --no-map-gw --dns-forward ${mappedResolver} ` + '-t none -u none -T none -U none';

/**
 * Runs in an outer sandbox that has root's powers over its own namespaces and over nothing else. `/sys` is an empty folder in memory
 * there. pasta goes to the background once the network works; slirp4netns says so with a byte. Both end with the outer sandbox, which
 * ends with the agent or with whoever started it.
 */
const script = (connect: string, filter: Uint8Array | null): string => `agents_path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
mount -t proc proc /proc || exit 90
printf 'nameserver %s\\n' "$1" > /sys/resolv.conf
shift
: > /sys/network && unshare --net=/sys/network true || exit 91
${connect}
${toFilterOpening(filter, '/sys/filter')}
enter=$(command -v nsenter) || exit 93
PATH=$agents_path
exec "$enter" --net=/sys/network -- "$@"`;

const connectors = [
  {
    name: 'pasta',
    connect: (program: string) => `'${program}' ${pastaOptions} --netns /sys/network </dev/null >/dev/null || exit 92`,
    resolver: mappedResolver,
  },
  {
    name: 'slirp4netns',
    connect: (program: string) =>
      `( '${program}' --netns-type=path --configure --mtu=65520 --disable-host-loopback --ready-fd=3 /sys/network tap0 ` +
      '3>&1 >/sys/slirp 2>&1 </dev/null & ) | head -c 1 | grep -q 1 || { cat /sys/slirp >&2; exit 92; }',
    resolver: slirpResolver,
  },
] as const;

/** Tries pasta, then slirp4netns, each with a real run. `bubblewrap` works here: that was tried before. */
export async function tryOwnNetwork(
  bubblewrap: string,
  searchPath: string,
  filter: Uint8Array | null,
): Promise<OwnNetworkState> {
  const reasons: string[] = [];
  for (const { name, connect, resolver } of connectors) {
    const program = await findInPath(name, searchPath);
    if (program === null || program.includes("'")) continue;
    const network: OwnNetwork = {
      name,
      toArgv: async (spec, inner) => {
        const resolvFile = (await hasOnlyLoopbackResolvers()) ? '/sys/resolv.conf' : null;
        const world = await toBubblewrapArguments(spec, { extra: toOwnUser(), resolvFile });
        const outer = toOuter(bubblewrap, script(connect(program), filter), resolver);
        return [...outer, bubblewrap, ...toFilterOptions(filter), ...world, '--', ...inner];
      },
    };
    const nothing = ['/bin/sh', '-c', ':'];
    const spec = { argv: nothing, env: {}, cwd: '/tmp', home: '/tmp', readOnlyPaths: [], readWritePaths: [] };
    const problem = await tryCommand(await network.toArgv(spec, nothing));
    if (problem === null) return { ok: true, network };
    reasons.push(`${name} is installed and does not work here (${problem})`);
  }
  if (reasons.length === 0)
    return { ok: false, reason: 'neither pasta (package "passt") nor slirp4netns is installed' };
  return { ok: false, reason: reasons.join('; ') };
}

/** Inside of the outer sandbox, where it is root, the agent is its operator again. */
function toOwnUser(): readonly string[] {
  return ['--unshare-user', '--uid', String(process.getuid?.() ?? 0), '--gid', String(process.getgid?.() ?? 0)];
}

function toOuter(bubblewrap: string, text: string, resolver: string): readonly string[] {
  return [
    ...[bubblewrap, '--unshare-user', '--uid', '0', '--gid', '0', '--unshare-pid', '--die-with-parent'],
    // Over its own namespaces: to make one for the network, to set it up, and to give the agent its own number back.
    ...['--cap-add', 'CAP_SYS_ADMIN', '--cap-add', 'CAP_NET_ADMIN', '--cap-add', 'CAP_SETFCAP'],
    ...['--dev-bind', '/', '/', '--tmpfs', '/sys'],
    ...['--', '/bin/sh', '-c', text, 'sh', resolver],
  ];
}

/** A resolver on this machine's loopback is out of reach inside; then the query goes to an address that stands for it. */
async function hasOnlyLoopbackResolvers(): Promise<boolean> {
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  return isResolvedOnLoopback(text);
}

/** @param text of a resolv.conf. Without any nameserver the machine itself is asked (resolv.conf(5)). */
export function isResolvedOnLoopback(text: string): boolean {
  const servers = text.split('\n').flatMap((line) => {
    const [word, address = ''] = line.trim().split(/\s+/);
    return word === 'nameserver' && isIP(address.split('%')[0] ?? '') !== 0 ? [address] : [];
  });
  return servers.every((address) => /^127\.|^::1$|^0\.0\.0\.0$/.test(address));
}
