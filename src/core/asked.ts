/** What a request asks for, as far as it can be told before it is known to fit: for the record of its refusal. It trusts nothing. */
import type { AuditEntry } from './audit/record.ts';
import { limits } from './limits.ts';

export type Asked = Pick<AuditEntry, 'server' | 'path' | 'line' | 'argv' | 'cwd'>;

/** The longest id that a server can have. */
const serverCharactersMax = 63;

/** Texts are cut at `limits.auditRecordBytesMax` characters, lists at `limits.entriesDefault` words; what is of another type is left out. */
export function toAsked(input: unknown): Asked {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return {};
  const { server, path, command, argv, cwd } = input as Readonly<Record<string, unknown>>;
  const words = Array.isArray(argv) ? argv.slice(0, limits.entriesDefault).map(toText) : [];
  const line = toText(command);
  return {
    ...(typeof server === 'string' && server.length <= serverCharactersMax ? { server } : {}),
    ...(toText(path) === '' ? {} : { path: toText(path) }),
    ...(line === '' ? {} : { line }),
    ...(line === '' && words.some((word) => word !== '') ? { argv: words } : {}),
    ...(toText(cwd) === '' ? {} : { cwd: toText(cwd) }),
  };
}

/** The characters of all texts in a value, down to the lists in its fields: no request that fits goes deeper. */
export function sizeOfTexts(value: unknown, depth = 2): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === 0) return 0;
  return Object.values(value).reduce<number>((sum, field) => sum + sizeOfTexts(field, depth - 1), 0);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, limits.auditRecordBytesMax) : '';
}
