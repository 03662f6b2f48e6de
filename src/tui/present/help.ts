/**
 * The help: what a newcomer needs, then every key there is, those of here first, grouped by place, with its sentence and why it does nothing now; what is typed is found. Pure.
 */
import { type Action, type Binding, type Scope, toBindings, toByUse, toKeyText } from '../keymap.ts';
import { keysInForce } from '../keys-in-force.ts';
import { type Situation, whyNot } from '../situation.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { toMarked } from './palette.ts';
import { scopeTitles } from './scope-titles.ts';
import { cell, clip, plain, span, wrap } from './text.ts';

export type HelpRow =
  | { readonly kind: 'heading'; readonly title: string }
  | {
      readonly kind: 'key';
      readonly binding: Binding;
      readonly keys: string;
      readonly reason: string | null;
      /** It stands again in its own group, so a search passes over this one. */
      readonly isRepeated?: true;
    }
  /** What is no key of its own: several, a button or the wheel. */
  | { readonly kind: 'note'; readonly keys: string; readonly text: string; readonly isRepeated?: true };

const mouseRows: readonly HelpRow[] = [
  { kind: 'heading', title: 'Mouse' },
  {
    kind: 'note',
    keys: 'Click',
    text: 'Focuses what is under it; words of the first and the last line do what they say.',
  },
  { kind: 'note', keys: 'Wheel', text: 'Scrolls what is under it, also the line of panes that have no room.' },
  {
    kind: 'note',
    keys: 'Drag',
    text: 'On a border it moves the border; in a text it copies, as two and three clicks do.',
  },
  {
    kind: 'note',
    keys: 'Shift-drag',
    text: "Selects with the terminal's own selection; with Option in some terminals.",
  },
];

/** How well an agent is contained, in the words of the first line; the Sessions view has the whole reason. */
const containmentRows: readonly HelpRow[] = [
  { kind: 'heading', title: 'Words of the first line' },
  { kind: 'note', keys: 'isolated', text: 'Of your files the agent sees its own HOME and work folder.' },
  { kind: 'note', keys: 'host network', text: 'It shares the network of this machine, with its loopback.' },
  { kind: 'note', keys: 'tools off', text: 'No wall is around it; its own tools are switched off.' },
  { kind: 'note', keys: 'NOT CONTAINED', text: 'It runs as you, and can do what you can.' },
];

/** `situation` is the one from before the help was opened, so that it speaks of what is behind it. */
export function toHelpRows(situation: Situation, prefix: string): readonly HelpRow[] {
  const first = toFirstRows(situation, toKeyText(prefix));
  const here: readonly Scope[] = [...situation.scopes, 'prefix'];
  const reachable = [...toBindings(situation), ...toBindings({ ...situation, scopes: ['prefix'] })];
  const rows = here.flatMap((scope) => {
    const own = reachable.filter((binding) => binding.scope === scope && binding.keys.length > 0);
    const title = scope === 'prefix' ? `${scopeTitles[scope]} ${toKeyText(prefix)}` : scopeTitles[scope];
    return toGroup(title, own, (binding) => whyNot(binding.action, situation));
  });
  const others = [...new Set(keysInForce().map(({ scope }) => scope))].filter((scope) => !here.includes(scope));
  const elsewhere = others.flatMap((scope) => {
    const own = keysInForce().filter((binding) => binding.scope === scope && binding.keys.length > 0);
    return toGroup(`${scopeTitles[scope]} (elsewhere)`, own, () => `only in: ${scopeTitles[scope]}`);
  });
  return [...first, ...rows, ...elsewhere, ...mouseRows, ...containmentRows];
}

const views = [
  ...(['viewWorkspace', 'viewApprovals', 'viewAudit', 'viewServers', 'viewAgents', 'viewSessions'] as const),
] satisfies readonly Action[];
/** How to get about and away, in the order in which a newcomer asks. */
const firstActions = ['leaveEditor', 'editPrompt', 'focusNext', 'palette', 'goToCard', 'help', 'detach'] as const;

/** The few keys with which all others can be found, in parts of the workspace and in views. */
function toFirstRows(situation: Situation, prefix: string): readonly HelpRow[] {
  const places = situation.scopes.filter((scope) => scope === 'global' || scope === 'prompt' || scope === 'shell');
  const open = [...places, 'prefix' as const];
  if (places.length === 0) return [];
  const rows = firstActions.flatMap((action): readonly HelpRow[] => {
    const binding = open.flatMap((scope) => keyOfScope(scope, action))[0];
    // Where a plain key opens the help, who reads this has found it.
    if (!binding || (action === 'help' && binding.scope === 'global')) return [];
    const keys = `${binding.scope === 'prefix' ? `${prefix} ` : ''}${toKeyText(binding.keys[0] ?? '')}`;
    return [{ kind: 'key', binding, keys, reason: whyNot(action, situation), isRepeated: true }];
  });
  const viewKeys = views.flatMap((action) => keyOfScope('global', action).map(({ keys }) => toKeyText(keys[0] ?? '')));
  const isHere = places.includes('global') && viewKeys.length > 0;
  const ofViews: HelpRow = {
    ...{ kind: 'note', keys: viewKeys.join(' '), isRepeated: true },
    text: 'Views: workspace, approvals, audit, servers, agents, sessions.',
  };
  return [{ kind: 'heading', title: 'Most used' }, ...rows.slice(0, 2), ...(isHere ? [ofViews] : []), ...rows.slice(2)];
}

function keyOfScope(scope: Scope, action: Action): readonly Binding[] {
  return keysInForce().filter((entry) => entry.scope === scope && entry.action === action && entry.keys.length > 0);
}

function toGroup(
  title: string,
  group: readonly Binding[],
  toReason: (binding: Binding) => string | null,
): readonly HelpRow[] {
  if (group.length === 0) return [];
  const rows = toByUse(group).map((binding): HelpRow => {
    const keys = binding.keys.map(toKeyText).join(' ');
    return { kind: 'key', binding, keys, reason: toReason(binding) };
  });
  // What does nothing now is passed over by who looks for what to do.
  const isPossible = (row: HelpRow): boolean => row.kind !== 'key' || row.reason === null;
  const [possible, others] = [rows.filter(isPossible), rows.filter((row) => !isPossible(row))];
  return [{ kind: 'heading', title }, ...possible, ...others];
}

/** Rows that hold every word in their keys, their sentence or their place, below the headings that are left. */
export function findHelpRows(rows: readonly HelpRow[], text: string): readonly HelpRow[] {
  const words = toWords(text);
  if (words.length === 0) return rows;
  const found: HelpRow[] = [];
  let heading: HelpRow | null = null;
  for (const row of rows) {
    if (row.kind === 'heading') {
      heading = row;
      continue;
    }
    if (row.isRepeated) continue;
    const place = heading?.kind === 'heading' ? heading.title : '';
    const said = row.kind === 'note' ? row.text : `${row.binding.label} ${row.binding.help}`;
    const whole = `${row.keys} ${said} ${place}`.toLowerCase();
    const names = row.kind === 'note' ? [] : row.binding.keys;
    if (!words.every((word) => whole.includes(word) || names.includes(word))) continue;
    if (heading && found.findLast(({ kind }) => kind === 'heading') !== heading) found.push(heading);
    found.push(row);
  }
  return found;
}

export function toHelpLine(row: HelpRow, text: string, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  if (row.kind === 'heading') return clip(plain(row.title, 'title', { bold: true }), page.columns, ellipsis);
  if (row.kind === 'note') {
    const said = toMarked(row.text, toPlaces(row.text, text), 'text');
    return clip([span('  '), span(cell(row.keys, 16, ellipsis), 'key'), span(' '), ...said], page.columns, ellipsis);
  }
  const isPossible = row.reason === null;
  const keys = span(cell(row.keys, 16, ellipsis), isPossible ? 'key' : 'muted');
  const help = toMarked(row.binding.help, toPlaces(row.binding.help, text), isPossible ? 'text' : 'muted');
  const why = isPossible ? [] : [span(` (not now: ${row.reason})`, 'muted')];
  return clip([span('  '), keys, span(' '), ...help, ...why], page.columns, ellipsis);
}

/** The whole of a row, which it may have cut. */
export function toHelpDetails(row: HelpRow, page: Page): readonly StyledLine[] {
  if (row.kind !== 'key') return [];
  const why = row.reason === null ? [] : wrap(plain(`Not now: ${row.reason}.`, 'warn'), page.columns);
  return [
    ...wrap([span(row.keys, 'key'), span(` ${row.binding.label}: ${row.binding.help}`, 'muted')], page.columns),
    ...why,
  ];
}

function toWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function toPlaces(help: string, text: string): readonly number[] {
  const lower = help.toLowerCase();
  return toWords(text).flatMap((word) => {
    const at = lower.indexOf(word);
    return at === -1 ? [] : Array.from(word, (_, index) => at + index);
  });
}
