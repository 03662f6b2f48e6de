/** The servers of one workspace: the global file, with the records of a trusted workspace file over it. Resolves no address. */
import type { Scope } from '../../core/server.ts';
import { type ConfigFile, readConfigFile } from '../config-file.ts';
import { KeptReading } from '../kept-reading.ts';
import type { Trust } from '../trust.ts';
import { workspaceServersFile } from './find-workspace.ts';
import { parseServers, type ServerEntries, type ServerEntry, secretsOf } from './parse-servers.ts';

export interface ViewEntry extends ServerEntry {
  readonly scope: Scope;
  readonly shadowsGlobal: boolean;
}

export interface ServerView {
  readonly good: ReadonlyMap<string, ViewEntry>;
  readonly broken: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

export interface ViewSources {
  readonly serversFile: string;
  readonly trustFile: string;
  readonly trust: Trust;
  readonly home: string;
}

/**
 * Reads the files again whenever they may have changed. Throws CONFIG_INVALID when one of them is unsafe or no JSON array:
 * then nobody can say which of its ids would have been meant, so nothing is taken from elsewhere.
 */
export function createServerView(sources: ViewSources): (workspace: string | null) => Promise<ServerView> {
  const readings = new Map<string | null, KeptReading<ServerView>>();
  return (workspace) => {
    const files = [sources.serversFile, sources.trustFile];
    if (workspace !== null) files.push(workspaceServersFile(workspace));
    const reading = readings.get(workspace) ?? new KeptReading(files, () => readView(sources, workspace));
    readings.delete(workspace);
    readings.set(workspace, reading);
    for (const oldest of readings.keys()) {
      if (readings.size <= workspacesKeptMax) break;
      readings.delete(oldest);
    }
    return reading.current();
  };
}

/** More are simply read again. */
const workspacesKeptMax = 32;

async function readView(sources: ViewSources, workspace: string | null): Promise<ServerView> {
  const global = await readEntries(await readConfigFile(sources.serversFile), null, sources.home);
  if (workspace === null) return toView(global, nothing);
  const file = await readConfigFile(workspaceServersFile(workspace));
  if (!file) return toView(global, nothing);
  const local = await readEntries(file, workspace, sources.home);
  if (await sources.trust.isTrusted(file.path, file.sha256)) return toView(global, local);
  return toView(global, distrust(local, file.path), [
    `${file.path} is not trusted as it is now, so its servers cannot be used; review it with \`signalbox server trust\`.`,
  ]);
}

async function readEntries(file: ConfigFile | null, workspace: string | null, home: string): Promise<ServerEntries> {
  if (!file) return nothing;
  return parseServers(file, { scope: workspace === null ? 'global' : 'workspace', workspace, home });
}

const nothing: ServerEntries = { good: new Map(), broken: new Map() };

/** Every id of the file becomes an error; none falls back to the global record. */
function distrust(entries: ServerEntries, file: string): ServerEntries {
  const broken = new Map(entries.broken);
  for (const id of entries.good.keys()) {
    broken.set(id, `${file} defines "${id}" but is not trusted; review it with \`signalbox server trust\`.`);
  }
  return { good: new Map(), broken };
}

function toView(global: ServerEntries, local: ServerEntries, warnings: readonly string[] = []): ServerView {
  const good = new Map<string, ViewEntry>();
  const broken = new Map(global.broken);
  for (const [id, entry] of global.good) good.set(id, { ...entry, scope: 'global', shadowsGlobal: false });
  for (const [id, entry] of local.good) {
    const shadowsGlobal = global.good.has(id) || global.broken.has(id);
    good.set(id, { ...entry, scope: 'workspace', shadowsGlobal });
    broken.delete(id);
  }
  for (const [id, problem] of local.broken) {
    good.delete(id);
    broken.set(id, problem);
  }
  return { good, broken, warnings: [...warnings, ...[...good.values()].flatMap(warningsOf)] };
}

function warningsOf(entry: ViewEntry): string[] {
  return secretsOf(entry.record)
    .filter((secret) => typeof secret.source === 'string')
    .map(
      (secret) =>
        `The ${secret.what} of "${entry.record.id}" is plain text in ${entry.file}, line ${entry.line()}; run \`signalbox server secret move\` to seal it in the vault.`,
    );
}
