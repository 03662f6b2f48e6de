/** Judges one path for one use: sensitive names, devices, the server's roots, and recursion that begins too high. */
import type { PolicyTarget } from './policy.ts';
import { isWithin, normalisePath } from './remote-path.ts';
import { isWithinAnyCase, sensitiveReason } from './sensitive-paths.ts';

/** `read`: content; `name`: only facts about it; `walk`: names below it; `search`: content below it, with sensitive names excluded. */
export type PathUseKind = 'read' | 'name' | 'walk' | 'search';

export interface PathUse {
  /** Absolute; not normalised, so that it is what the command opens. */
  readonly path: string;
  readonly use: PathUseKind;
}

export interface PathFinding {
  readonly rule: string;
  readonly reason: string;
  readonly floor: boolean;
}

/** Recursion from exactly these touches half of the machine. */
export const broadFolders: readonly string[] = ['/', '/etc', '/home', '/root'];
/** Trees of the kernel: not files, and some never end. */
export const kernelFolders: readonly string[] = ['/proc', '/sys', '/dev'];
/** Reading one of these blocks, never ends, or takes what others should get. */
export const endlessPaths: readonly string[] = [
  '/proc/kmsg',
  '/proc/kcore',
  '/proc/vmcore',
  '/proc/sysrq-trigger',
  '/proc/acpi/event',
  '/sys/kernel/security/apparmor/revision',
  '/run/initctl',
];
/** The same by shape: pipes of the kernel and of services, and registers of devices, which change by being read. */
export const endlessShapes: readonly string[] = [
  '^/proc/(.*/)?net/rpc/[^/]+/channel$',
  '/(trace_pipe|trace_pipe_raw|snapshot_raw)$',
  '^(/var)?/run/.*\\.(ref|fifo|pipe)$',
  '^/sys/(bus|devices)/.*/(vpd|rom|config|resource[0-9][0-9_a-z]*)$',
  '^/proc/bus/pci/',
];
const endlessShape = new RegExp(endlessShapes.join('|'));
/** Devices that change by being opened (a watchdog starts, a tape rewinds, a line resets), which also a look at facts may do. */
export const touchyDevices = '^/dev/(watchdog[0-9]*|n?st[0-9].*|tty(S|ACM|USB)[0-9]+|ptmx|lp[0-9]+|initctl)$';
const touchyDevice = new RegExp(touchyDevices);
/** Where an automounter takes the first name below for another machine, and asks it. */
export const remoteFolders: readonly string[] = ['/net', '/afs'];

/** Tables that every account may read and that have no place for a secret: cutting them up hides nothing from redaction. */
export const plainFiles: readonly string[] = [
  ...['passwd', 'group', 'hosts', 'hostname', 'services', 'protocols', 'os-release', 'shells', 'nsswitch.conf'].map(
    (name) => `/etc/${name}`,
  ),
  ...['meminfo', 'cpuinfo', 'loadavg', 'uptime', 'version', 'stat', 'vmstat', 'diskstats', 'partitions'].map(
    (name) => `/proc/${name}`,
  ),
];

export function isPlainFile(path: string): boolean {
  return plainFiles.includes(path);
}

/** Null when nothing speaks against it. `realPath` is the path with links resolved, or null while unknown. */
export function judgePath(use: PathUse, realPath: string | null, target: PolicyTarget): PathFinding | null {
  const shown = normalisePath(use.path);
  const own = judgeNormal(shown, use.use, target);
  if (own !== null || realPath === null) return own;
  const real = normalisePath(realPath);
  const finding = real === shown ? null : judgeNormal(real, use.use, target);
  return finding === null ? null : { ...finding, reason: `${shown} is really ${real}: ${finding.reason}` };
}

function judgeNormal(path: string, use: PathUseKind, target: PolicyTarget): PathFinding | null {
  const sensitive = sensitiveReason(path, target?.sensitive ?? []);
  if (sensitive !== null) {
    return { rule: 'floor.sensitive-path', reason: `${path} is a sensitive path: ${sensitive}.`, floor: true };
  }
  if (remoteFolders.some((folder) => path !== folder && isWithin(path, folder))) {
    const reason = `${path} may be on another machine, which would be asked for it by the name in the path.`;
    return { rule: 'path.remote', reason, floor: false };
  }
  const below =
    use === 'search'
      ? (target?.sensitive ?? []).find((extra) => isWithinAnyCase(normalisePath(extra), path))
      : undefined;
  if (below !== undefined) {
    return {
      rule: 'floor.sensitive-path',
      reason: `Searching ${path} would read ${below}, which is sensitive on this server.`,
      floor: true,
    };
  }
  if (touchyDevice.test(path)) {
    return { rule: 'path.device', reason: `${path} is a device that changes by being opened.`, floor: false };
  }
  if (use === 'read' && (isDevice(path) || endlessPaths.includes(path) || endlessShape.test(path))) {
    return {
      rule: 'path.device',
      reason: `${path} is a device or a kernel interface, and reading it may never end.`,
      floor: false,
    };
  }
  if (use === 'walk' || use === 'search') {
    if (broadFolders.includes(path)) {
      return {
        rule: 'path.broad-recursion',
        reason: `Everything below ${path} is too much to go through; name a folder further down.`,
        floor: false,
      };
    }
    if (/^\/proc\/([0-9]+|self|thread-self)(\/|$)/.test(path)) {
      return {
        rule: 'path.broad-recursion',
        reason: `${path} is the inside of a process; name what you want to see of it.`,
        floor: false,
      };
    }
    if (kernelFolders.some((folder) => isWithin(path, folder)) && (use === 'search' || kernelFolders.includes(path))) {
      return {
        rule: 'path.broad-recursion',
        reason: `${path} is a tree of the kernel, and going through it may not end.`,
        floor: false,
      };
    }
  }
  return judgeRoots(path, target);
}

function judgeRoots(path: string, target: PolicyTarget): PathFinding | null {
  const roots = target?.roots ?? [];
  if (roots.length === 0 || roots.some((root) => isWithin(path, root))) return null;
  return {
    rule: 'roots',
    reason: `${path} is outside of the folders this server allows (${roots.join(', ')}).`,
    floor: false,
  };
}

function isDevice(path: string): boolean {
  return isWithin(path, '/dev') && path !== '/dev/null';
}
