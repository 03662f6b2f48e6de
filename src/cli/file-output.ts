/** Results of file operations for people and pipes: content as its bytes, the rest as tables. The gate's schemas say what is in them. */
import type { OperationData } from '../core/operations/table.ts';
import { operations } from '../core/operations/table.ts';
import { type CliIo, printExact, printLine, printNote, printTable } from './output.ts';
import { toByteWriter, toReadableLine, toSafeLine } from './safe-text.ts';

type Data = Readonly<Record<string, unknown>>;

export function printFile(io: CliIo, data: Data): void {
  const { content, encoding, truncated, size, redacted } = operations.remote_read_file.output.parse(data);
  const writer = toByteWriter(io.stdout);
  writer.write(Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
  writer.end();
  if (io.stdout.isTTY === true && content !== '' && !content.endsWith('\n')) printLine(io, '');
  if (truncated)
    printNote(io, `Only a part of the file's ${size} bytes was printed; --offset and --length choose which.`);
  if (redacted > 0) printNote(io, `${redacted} secrets were replaced by placeholders.`);
}

export function printStat(io: CliIo, data: Data): void {
  const stat: OperationData<'remote_stat'> = operations.remote_stat.output.parse(data);
  for (const [name, value] of Object.entries(stat)) printLine(io, `${name.padEnd(10)}  ${toSafeLine(String(value))}`);
}

export function printWritten(io: CliIo, data: Data): void {
  const { sha256, created, hunks } = data;
  const what =
    created === true
      ? 'created'
      : typeof hunks === 'number'
        ? `changed, ${hunks} ${hunks === 1 ? 'hunk' : 'hunks'}`
        : 'changed';
  printLine(io, `${what}, sha256 ${String(sha256)}`);
}

export function printEntries(io: CliIo, data: Data): void {
  const { entries, truncated, warnings } = operations.remote_list_dir.output.parse(data);
  const rows = entries.map(({ type, mode, owner, size, mtime, name }) => [
    ...[type, mode, toSafeLine(owner), `${size}`, mtime, toReadableLine(name)],
  ]);
  printTable(io, ['TYPE', 'MODE', 'OWNER', 'SIZE', 'CHANGED', 'NAME'], rows);
  printRemarks(io, truncated, warnings);
}

export function printMatches(io: CliIo, data: Data): void {
  const { matches, truncated, warnings } = operations.remote_find.output.parse(data);
  for (const { path, line, text } of matches) {
    const where = line === undefined ? toReadableLine(path) : `${toReadableLine(path)}:${line}`;
    printExact(io.stdout, text === undefined ? where : `${where}: ${toReadableLine(text)}`);
  }
  printRemarks(io, truncated, warnings);
}

function printRemarks(io: CliIo, truncated: boolean, warnings: readonly string[]): void {
  if (truncated) printNote(io, 'There is more; --limit shows more of it.');
  for (const warning of warnings) printNote(io, toSafeLine(warning));
}
