/** `audit export`: a folder with the log, or a part of it, that others can check without this program. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exportBundle } from '../../runtime/audit/export-bundle.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { toRecordingPath } from '../../runtime/recordings/read-recording.ts';
import { readSettings } from '../../runtime/settings.ts';
import { createSnapshots } from '../../runtime/snapshots/create-snapshots.ts';
import { writeGitBundle } from '../../runtime/snapshots/write-git-bundle.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, printJson, printLine, printNote } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { readVersion } from '../version.ts';
import { toFilter } from './audit-filter.ts';

export interface ExportOptions {
  readonly server?: string;
  readonly session?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: true;
}

/** A log that is not intact is exported too, as evidence; the exit status and the bundle's own check say so. */
export async function exportAudit(
  io: CliIo,
  folder: string,
  words: readonly string[],
  options: ExportOptions,
): Promise<void> {
  const paths = toPaths(io.env);
  const { server, session, since, until } = options;
  const conditions = Object.entries({ server, session, since, until }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}:${value}`],
  );
  const chosen = [...conditions, ...words];
  const filter = toFilter(chosen);
  const { auditSecondPlace: secondPlace } = await readSettings(paths.configFile);
  const reader = openAuditReader({ folder: paths.auditFolder });
  const verdict = await reader.verify({ keyFile: paths.auditKeyFile, secondPlace });
  const snapshots = createSnapshots({ repository: paths.snapshotsRepository });
  const out = resolve(io.cwd, folder);
  const report = await exportBundle({
    ...{ folder: paths.auditFolder, reader, keyFile: paths.auditKeyFile, out, verdict },
    query: chosen.length === 0 ? null : { filter },
    filter: chosen.length === 0 ? null : chosen.join(' '),
    version: readVersion(),
    atMs: Date.now(),
    readImage: ({ commit, server: owner, path }) => snapshots.read(commit, owner, path),
    writeGitBundle: (path) => writeGitBundle(paths.snapshotsRepository, path),
    findRecording: (name) => {
      const path = toRecordingPath(paths.recordingsFolder, name);
      return existsSync(path) ? path : null;
    },
  });
  if (!verdict.ok) io.exitCode = exitCodes.recordsUnwritable;
  if (options.json) return printJson(io, { folder: out, ...report, intact: verdict.ok });
  printLine(
    io,
    `Exported ${report.records} records, ${report.images} files and ${report.recordings} recordings to ${toSafeLine(out)}.`,
  );
  if (report.fingerprint !== null)
    printLine(io, `Signed by ${report.fingerprint}; tell it to those who check, by another way.`);
  printLine(
    io,
    `They check it with: node verify.mjs${report.fingerprint === null ? '' : ` --key ${report.fingerprint}`}`,
  );
  for (const note of report.notes) printNote(io, toSafeLine(note));
  if (!verdict.ok) printNote(io, `The log is not intact: ${toSafeLine(verdict.problem)}`);
}
