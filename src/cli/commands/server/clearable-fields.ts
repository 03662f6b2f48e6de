/** What can be left out of a server's record, and then means its default; `passphrase` is that of its key. Data only; the command line loads it at once. */
export const clearableFields = [
  'port',
  'environment',
  'labels',
  'groups',
  'roots',
  'sensitive',
  'jump',
  'readonly',
  'sudo',
  'transport',
  'passphrase',
] as const;
