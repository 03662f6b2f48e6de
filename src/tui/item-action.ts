/** The actions about the chosen item of a conversation. Names only. */

export const itemActions = [
  'nextItem',
  'previousItem',
  'foldItem',
  'foldItems',
  'copyItem',
  'copyCode',
  'showBlock',
  'showRecord',
] as const;
export type ItemAction = (typeof itemActions)[number];
