/** Fields of a server's record that can be left out of it, and then mean their default. Data only; the command line loads it at once. */
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
] as const;
