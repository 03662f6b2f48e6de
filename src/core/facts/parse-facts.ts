/** From what the probes printed to facts. A text that is not as expected yields null, never a guess. */
import { limits } from '../limits.ts';
import { type ProbeName, probes } from './probe-table.ts';
import type { DiskFacts, ServerFacts } from './server-facts.ts';

type Facts = Omit<ServerFacts, 'server' | 'gatheredAt' | 'unknown' | 'clockSkewSeconds' | 'line'>;

/** Names and versions are short; what is longer is something else. */
const wordsCharactersMax = 200;

/** File systems that hold nothing of anybody's. */
const emptyFileSystems = /^(tmpfs|devtmpfs|udev|overlay|shm|none|efivarfs)$/;

/** @param printed standard output by probe; absent for one that failed. */
export function parseFacts(printed: ReadonlyMap<ProbeName, string>): Facts {
  const [name, release, architecture] = words(printed.get('system') ?? '');
  return {
    os: parseRelease(printed.get('release') ?? ''),
    kernel: release === undefined ? null : `${name} ${release}`,
    architecture: architecture ?? null,
    packageManager: parsePackages(printed.get('packages') ?? ''),
    init: parseInit(printed.get('init') ?? ''),
    services: parseServices(printed.get('services')),
    processors: toCount(printed.get('processors')),
    memory: parseMemory(printed.get('memory') ?? ''),
    disks: parseDisks(printed.get('disks')),
    uptimeSeconds: toCount(words(printed.get('uptime') ?? '')[0]?.split('.')[0]),
    loginShell: parsePath(printed.get('shell') ?? ''),
    tools: parseTools(printed.get('tools')),
  };
}

/**
 * Seconds that the server's clock is ahead; 0 where that is no more than the asking can have taken on one of its ways: a login may have waited
 * for a person. @param askedMs and answeredMs by our clock, around the probe.
 */
export function toClockSkew(printed: string | undefined, askedMs: number, answeredMs: number): number | null {
  const seconds = toCount(printed);
  if (seconds === null) return null;
  // The clock prints whole seconds, so on average it is half a second further.
  const aheadMs = seconds * 1_000 + 500 - (askedMs + answeredMs) / 2;
  const doubtMs = 500 + (answeredMs - askedMs) / 2;
  return Math.abs(aheadMs) <= doubtMs ? 0 : Math.round(aheadMs / 1_000);
}

/** os-release(5): shell-like assignments, one a line. */
function parseRelease(text: string): string | null {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const match = /^([A-Z_]+)=(?:"([^"\\]*)"|'([^']*)'|(\S*))$/.exec(line.trim());
      return match ? [[match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? ''] as const] : [];
    }),
  );
  return (fields.get('PRETTY_NAME') ?? fields.get('NAME'))?.slice(0, wordsCharactersMax) ?? null;
}

/** A name alone: a whole table is from a `ps` that does not know the options. */
function parseInit(text: string): string | null {
  const [name, ...more] = words(text);
  return name !== undefined && more.length === 0 && /^[\w./@-]{1,40}$/.test(name) ? name : null;
}

function parsePackages(text: string): string | null {
  const [first] = text.split('\n').filter((line) => line.startsWith('/'));
  return first?.slice(first.lastIndexOf('/') + 1).replace('apt-get', 'apt') ?? null;
}

function parsePath(text: string): string | null {
  const path = text.trim();
  return /^\/[\w./@+-]{1,200}$/.test(path) ? path : null;
}

/** A path a line; what else `which` may say of what is missing stands in other words. */
function parseTools(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const names = text.split('\n').flatMap((line) => /^\/\S*\/([\w-]{1,40})$/.exec(line.trim())?.[1] ?? []);
  return names.filter((name) => (probes.tools as readonly string[]).includes(name));
}

function parseServices(text: string | undefined): Facts['services'] {
  if (text === undefined) return null;
  const names = text.split('\n').flatMap((line) => /^(\S{1,200})\.service\s/.exec(line.trim())?.[1] ?? []);
  const running = names.slice(0, limits.factsServicesMax);
  return { running, more: names.length - running.length };
}

function parseMemory(text: string): Facts['memory'] {
  const bytesOf = (field: string): number | null => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d{1,15}) kB$`, 'm').exec(text)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
  };
  const totalBytes = bytesOf('MemTotal');
  const availableBytes = bytesOf('MemAvailable') ?? bytesOf('MemFree');
  return totalBytes === null || availableBytes === null ? null : { totalBytes, availableBytes };
}

/** POSIX df -P -k: six columns, of which only the last may hold spaces. */
function parseDisks(text: string | undefined): readonly DiskFacts[] | null {
  if (text === undefined) return null;
  const disks = text.split('\n').flatMap((line) => {
    const match = /^(\S+)\s+(\d+)\s+\d+\s+(\d+)\s+\d+%\s+(\/.{0,400})$/.exec(line);
    if (!match || emptyFileSystems.test(match[1] ?? '')) return [];
    const [, , size, available, mount = ''] = match;
    return [{ mount, sizeBytes: Number(size) * 1_024, availableBytes: Number(available) * 1_024 }];
  });
  return disks.slice(0, limits.factsDisksMax);
}

function words(text: string): readonly string[] {
  return text.slice(0, wordsCharactersMax).trim().split(/\s+/).filter(Boolean);
}

function toCount(text: string | undefined): number | null {
  return /^\d{1,12}$/.test(text?.trim() ?? '') ? Number(text) : null;
}
