/** One simulated machine: its files, services, processes and log. The shell and SFTP show it; nothing here knows SSH. */
import type { FileTree } from './file-tree.ts';

export interface Service {
  readonly name: string;
  readonly description: string;
  active: boolean;
  /** Epoch milliseconds of the last start or stop. */
  sinceMs: number;
  mainPid: number;
  memoryMiB: number;
  /** Checks the configuration and gives its complaint, or null; a service with a complaint does not start. */
  readonly checkConfiguration: (machine: Machine) => string | null;
}

export interface JournalEntry {
  readonly atMs: number;
  readonly unit: string;
  readonly pid: number;
  readonly text: string;
}

export interface ProcessRow {
  readonly pid: number;
  readonly user: string;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly residentKiB: number;
  readonly command: string;
}

export interface Disk {
  readonly device: string;
  readonly type: string;
  readonly sizeKiB: number;
  readonly usedKiB: number;
  readonly mount: string;
}

export interface Machine {
  readonly hostname: string;
  /** Login account. */
  readonly user: string;
  readonly files: FileTree;
  /** The same tree, seen by root: for sudo and the services. */
  readonly rootFiles: FileTree;
  readonly services: Map<string, Service>;
  readonly journal: JournalEntry[];
  readonly disks: readonly Disk[];
  readonly memoryMiB: { readonly total: number; readonly used: number };
  readonly bootedAtMs: number;
  readonly load: () => readonly [number, number, number];
  readonly processes: () => readonly ProcessRow[];
  readonly nowMs: () => number;
  /** Commands that run now, by process group, so that `kill` reaches them. */
  readonly running: Map<number, AbortController>;
  nextPid: number;
}

/** The journal keeps this many entries; a demo of days stays small. */
const journalEntriesMax = 2_000;

export function log(machine: Machine, unit: string, pid: number, text: string): void {
  machine.journal.push({ atMs: machine.nowMs(), unit, pid, text });
  if (machine.journal.length > journalEntriesMax) machine.journal.splice(0, machine.journal.length - journalEntriesMax);
}

/** Starts, stops or restarts a unit; returns the complaint that stopped it, or null. */
export function changeService(
  machine: Machine,
  service: Service,
  verb: 'start' | 'stop' | 'restart' | 'reload',
): string | null {
  if (verb === 'stop') {
    service.active = false;
    service.sinceMs = machine.nowMs();
    log(machine, service.name, service.mainPid, `Stopped ${service.description}.`);
    return null;
  }
  const complaint = service.checkConfiguration(machine);
  if (complaint !== null) {
    log(machine, service.name, service.mainPid, complaint);
    if (verb === 'restart') service.active = false;
    return complaint;
  }
  if (verb !== 'reload') {
    service.mainPid = machine.nextPid++;
    service.sinceMs = machine.nowMs();
  }
  service.active = true;
  log(machine, service.name, service.mainPid, `${verb === 'reload' ? 'Reloaded' : 'Started'} ${service.description}.`);
  return null;
}
