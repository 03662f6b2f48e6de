/** How the filter of system calls reaches bubblewrap, which reads it from a descriptor: words of a shell that becomes what it starts. */

/** One that a shell can name, and that no agent uses. */
const descriptor = 9;

/** Options of bubblewrap; none without a filter. */
export function toFilterOptions(filter: Uint8Array | null): readonly string[] {
  return filter === null ? [] : ['--seccomp', String(descriptor)];
}

/** Before the command line of a bubblewrap with these options; nothing without a filter. The file is gone before anything else runs. */
export function toFilterShell(filter: Uint8Array | null): readonly string[] {
  if (filter === null) return [];
  const script = `agents_path=$PATH
PATH=/usr/bin:/bin:/run/current-system/sw/bin
filter=$(mktemp /tmp/signalbox-filter-XXXXXXXX) || exit 94
${toFilterOpening(filter, '"$filter"')}
rm "$filter"
PATH=$agents_path
exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh'];
}

/** Lines of a script. @param file a word of the shell, of a file that may be written. */
export function toFilterOpening(filter: Uint8Array | null, file: string): string {
  if (filter === null) return ':';
  const octal = [...filter].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `printf '${octal}' > ${file} && exec ${descriptor}< ${file} || exit 94`;
}
