/** Facts of a server as lines for a reader, person or model. What they say of the server is foreign text: whoever shows it escapes it. */
import type { LineFacts } from './line-facts.ts';
import type { ServerFacts } from './server-facts.ts';

/** One fact a line, with its age first; what is unknown says why. */
export function toFactsText(facts: ServerFacts, nowMs: number): string {
  return toFactsLines(facts, nowMs)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

export function toFactsLines(facts: ServerFacts, nowMs: number): readonly (readonly [string, string])[] {
  const { services, memory, disks, clockSkewSeconds: skew, uptimeSeconds } = facts;
  const lines: (readonly [string, string | null])[] = [
    ['server', facts.server],
    ['seen', `${toSpan((nowMs - Date.parse(facts.gatheredAt)) / 1_000)} ago`],
    ['system', facts.os],
    ['kernel', facts.kernel],
    ['architecture', facts.architecture],
    ['packages', facts.packageManager],
    ['init', facts.init],
    ['processors', facts.processors === null ? null : String(facts.processors)],
    ['memory', memory && `${toSize(memory.availableBytes)} available of ${toSize(memory.totalBytes)}`],
    ...(disks ?? []).map(
      (disk) =>
        [`disk ${disk.mount}`, `${toSize(disk.availableBytes)} available of ${toSize(disk.sizeBytes)}`] as const,
    ),
    ['uptime', uptimeSeconds === null ? null : toSpan(uptimeSeconds)],
    ['clock', skew === null ? null : toSkew(skew)],
    ['login shell', facts.loginShell],
    ['tools', facts.tools && (facts.tools.join(', ') || 'none of those that help')],
    ...toLineLines(facts.line),
    ['services', services && toServices(services)],
    ...facts.unknown.map(({ probe, reason }) => [`unknown ${probe}`, reason] as const),
  ];
  return lines.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

export function toLineLines(line: LineFacts | null): readonly (readonly [string, string | null])[] {
  if (line === null) return [];
  const { software, systemSsh, authority, roundTripMs, isFar, sessionsMax } = line;
  const way = isFar ? 'far: as few of them as can be are made' : 'near';
  return [
    ['ssh server', software],
    ['host key', authority === null ? null : `certified by the authority ${authority} of your known_hosts`],
    ['transport', systemSsh && `your system's ssh, since ${systemSsh}`],
    ['round trip', roundTripMs === null ? null : `${toMilliseconds(roundTripMs)}; ${way}`],
    ['files', toFileWords(line)],
    [
      'sessions',
      sessionsMax === null
        ? null
        : `at most ${sessionsMax} at once, of commands, shells and files; it refused one more`,
    ],
    ['commands', toCommandWords(line)],
  ];
}

function toMilliseconds(value: number): string {
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ms`;
}

function toFileWords({ files }: LineFacts): string | null {
  if (files === null) return null;
  if (files === 'none') return 'no SFTP: files cannot be read or written';
  const how = files.posixRename ? 'SFTP, replaced in one step' : 'SFTP, written in place, not in one step';
  const missing = [...(files.fsync ? [] : ['fsync']), ...(files.statvfs ? [] : ['statvfs'])];
  return missing.length === 0 ? how : `${how}; it has no ${missing.join(' and no ')}`;
}

function toCommandWords({ commands, printsFirst }: LineFacts): string | null {
  if (commands === 'none') return 'refused';
  if (commands === 'other program')
    return 'another program answers in their place (ForceCommand, or a restricted login)';
  return printsFirst ? 'run; start-up files of the account print something before each, which is left out' : null;
}

function toServices({ running, more }: NonNullable<ServerFacts['services']>): string {
  if (running.length === 0) return 'none runs';
  return `${running.join(', ')}${more === 0 ? '' : ` and ${more} more`} (running)`;
}

function toSkew(seconds: number): string {
  if (Math.abs(seconds) <= 1) return 'as ours';
  return `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ours`;
}

function toSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1_024 && unit < units.length - 1; unit += 1) value /= 1_024;
  return `${value >= 10 || unit === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

function toSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.round(whole / 60)} min`;
  return whole < 172_800 ? `${Math.round(whole / 3_600)} h` : `${Math.round(whole / 86_400)} days`;
}
