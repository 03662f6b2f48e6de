/**
 * Writes a bundle of the log for people elsewhere: segments or chosen records, checkpoints, public key, kept files, recordings, and a program that
 * checks all of it with nothing but Node. The manifest names every file by its hash and is signed with the key of the log.
 */
import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, sign } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { toRecordLine } from '../../core/audit/chain.ts';
import { parseRecord } from '../../core/audit/chain-verifier.ts';
import { toKeyFingerprint, toPublicKeyText } from '../../core/audit/checkpoint.ts';
import type { AuditQuery, AuditRecord, AuditVerdict } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import type { FileImage } from '../../core/ports.ts';
import { verifierScript } from './bundle-verifier.ts';
import { checkpointsName } from './checkpoint-files.ts';
import { ImageCollector, type NamedImage } from './image-collector.ts';
import type { AuditReader } from './open-audit-reader.ts';
import { listSegments, readSegmentLines } from './segment-files.ts';
import { loadSigningKey } from './signing-key.ts';
import { createTimeSlice } from './time-slice.ts';

export interface BundleOptions {
  /** Of the log. */
  readonly folder: string;
  readonly reader: AuditReader;
  readonly keyFile: string;
  /** A folder that does not exist or is empty. */
  readonly out: string;
  /** Which operations; null for the whole log with its segments. */
  readonly query: Omit<AuditQuery, 'offset' | 'limit'> | null;
  /** How the choice reads, for the manifest. */
  readonly filter: string | null;
  readonly version: string;
  readonly atMs: number;
  readonly verdict: AuditVerdict;
  readImage(image: NamedImage): Promise<FileImage>;
  /** Writes a git bundle of all kept files; false when there are none. */
  writeGitBundle(path: string): Promise<boolean>;
  /** Absolute path of a recording; null when it is gone. */
  findRecording(name: string): string | null;
}

export interface BundleReport {
  readonly records: number;
  readonly images: number;
  readonly recordings: number;
  readonly notes: readonly string[];
  /** Null for a bundle that could not be signed. */
  readonly fingerprint: string | null;
}

/** Throws INVALID_ARGUMENT for a folder that holds something, NO_SPACE when it does not fit; then nothing of it is left. */
export async function exportBundle(options: BundleOptions): Promise<BundleReport> {
  const { out } = options;
  const wasThere = existsSync(out);
  prepareOut(out);
  try {
    return await writeBundle(options);
  } catch (error) {
    // Half a bundle looks like one that was tampered with.
    for (const name of readdirSync(out)) rmSync(join(out, name), { recursive: true, force: true });
    if (!wasThere) rmSync(out, { recursive: true, force: true });
    const full = [error, (error as Error).cause].find((one) =>
      /ENOSPC|EDQUOT|no space left|out of diskspace/i.test(String(one)),
    );
    if (full === undefined) throw error;
    throw new OperationError(
      'NO_SPACE',
      `The bundle does not fit: no space is left on the disk of ${out}; make room there or name a folder elsewhere.`,
      { cause: error },
    );
  }
}

async function writeBundle(options: BundleOptions): Promise<BundleReport> {
  const { out, query, verdict } = options;
  const notes: string[] = [];
  const collector = new ImageCollector();
  const written =
    query === null ? await copySegments(options, collector) : await writeChosen(options, query, collector);
  const checkpoints = join(options.folder, checkpointsName);
  if (existsSync(checkpoints)) copyFileSync(checkpoints, join(out, checkpointsName));
  const images = await writeImages(options, collector, notes);
  const recordings = copyRecordings(options, collector, notes);
  if (query === null) await options.writeGitBundle(join(out, 'snapshots.bundle'));
  writeFileSync(join(out, 'verify.mjs'), verifierScript);
  const key = existsSync(options.keyFile) ? loadSigningKey(options.keyFile) : null;
  if (key !== null)
    writeFileSync(join(out, 'public-key.pem'), createPublicKey(key).export({ type: 'spki', format: 'pem' }));
  const publicKey = key === null ? null : toPublicKeyText(key);
  const manifest = {
    ...{ v: 1, program: 'signalbox', version: options.version, at: new Date(options.atMs).toISOString() },
    ...{ complete: query === null, filter: options.filter, ...written, publicKey },
    // A log that is not intact can be handed over as evidence, but not as a true one.
    intact: verdict.ok,
    problem: verdict.ok ? null : `${verdict.file}:${verdict.line}: ${verdict.problem}`,
    files: await hashFiles(out),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(join(out, 'manifest.json'), text);
  if (key !== null) {
    const signature = sign(null, Buffer.from(`signalbox audit bundle v1\n${text}`, 'utf8'), key);
    writeFileSync(join(out, 'manifest.sig'), `${signature.toString('base64url')}\n`);
  }
  return { records: written.records, images, recordings, notes, fingerprint: publicKey && toKeyFingerprint(publicKey) };
}

interface Written {
  readonly records: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

function prepareOut(out: string): void {
  mkdirSync(out, { recursive: true, mode: 0o700 });
  if (readdirSync(out).length > 0)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${out} is not empty; name a folder that is, or one that does not exist.`,
    );
}

/** Whole lines only: the last one may be being written. */
async function copySegments({ folder, out }: BundleOptions, collector: ImageCollector): Promise<Written> {
  mkdirSync(join(out, 'segments'), { mode: 0o700 });
  const pause = createTimeSlice();
  let written: Written = { records: 0, firstSeq: 0, lastSeq: 0 };
  for (const segment of await listSegments(folder)) {
    const bytes = readFileSync(segment.path);
    writeFileSync(join(out, 'segments', segment.name), bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1), { mode: 0o600 });
    for (const line of await readSegmentLines(segment.path)) {
      const record = line.isWhole ? parseRecord(line.text) : null;
      if (record !== null) {
        collector.add(record);
        written = addTo(written, record);
      }
      await pause();
    }
  }
  return written;
}

async function writeChosen(
  { reader, out }: BundleOptions,
  query: Omit<AuditQuery, 'offset' | 'limit'>,
  collector: ImageCollector,
): Promise<Written> {
  const { rows } = await reader.page({ ...query, offset: 0, limit: Number.MAX_SAFE_INTEGER });
  const records: AuditRecord[] = [];
  for (const row of rows) records.push(...(await reader.records(row.id)));
  records.sort((one, other) => one.seq - other.seq);
  for (const record of records) collector.add(record);
  writeFileSync(join(out, 'records.jsonl'), records.map((record) => `${toRecordLine(record)}\n`).join(''), {
    mode: 0o600,
  });
  return records.reduce(addTo, { records: 0, firstSeq: 0, lastSeq: 0 });
}

function addTo({ records, firstSeq }: Written, { seq }: AuditRecord): Written {
  return { records: records + 1, firstSeq: records === 0 ? seq : firstSeq, lastSeq: seq };
}

/** Named by their hashes, which the records quote. */
async function writeImages(options: BundleOptions, collector: ImageCollector, notes: string[]): Promise<number> {
  const hashes = new Set<string>();
  for (const image of collector.images()) {
    const found = await options.readImage(image).catch((error: Error) => {
      notes.push(`${image.path} of ${image.server} is not in the bundle: ${error.message}`);
      return null;
    });
    if (found?.kind !== 'content' || hashes.has(found.sha256)) continue;
    mkdirSync(join(options.out, 'files'), { recursive: true, mode: 0o700 });
    writeFileSync(join(options.out, 'files', found.sha256), found.content, { mode: 0o600 });
    hashes.add(found.sha256);
  }
  return hashes.size;
}

function copyRecordings({ out, findRecording }: BundleOptions, collector: ImageCollector, notes: string[]): number {
  let count = 0;
  for (const name of collector.recordings()) {
    const path = findRecording(name);
    if (path === null) {
      notes.push(`The recording ${name} is gone.`);
      continue;
    }
    mkdirSync(join(out, 'recordings'), { recursive: true, mode: 0o700 });
    copyFileSync(path, join(out, 'recordings', name));
    count += 1;
  }
  return count;
}

async function hashFiles(out: string): Promise<Record<string, string>> {
  const names = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();
  const files: Record<string, string> = {};
  for (const name of names) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(out, name))) hash.update(chunk as Buffer);
    files[name] = hash.digest('hex');
  }
  return files;
}
