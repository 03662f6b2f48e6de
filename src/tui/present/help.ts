/**
 * The help: every key that is reachable now, grouped by place, with its sentence; a key that does nothing now says why. Pure.
 */
import { type Scope, toBindings, toKeyText } from '../keymap.ts';
import { type Situation, whyNot } from '../situation.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { cell, emptyLine, plain, span, wrap } from './text.ts';

const scopeTitles: Readonly<Record<Scope, string>> = {
  always: 'Always',
  global: 'Anywhere but in a text field',
  prefix: 'After the prefix',
  prompt: 'Prompt',
  conversation: 'Conversation',
  pane: 'Server pane',
  card: 'Approval card',
  audit: 'Audit',
  auditDetail: 'Audit details',
  servers: 'Servers',
  agents: 'Agents',
  sessions: 'Sessions',
  firstRun: 'First run',
  help: 'Help',
  openItems: 'Open items',
  rollback: 'Rollback',
  changes: 'Changes',
  recording: 'Recording',
  document: 'Text',
  news: 'News',
  form: 'Dialog',
  editor: 'Editor',
  palette: 'Command line',
  search: 'Search',
};

/** `situation` is the one from before the help was opened, so that it speaks of what is behind it. */
export function toHelpLines(situation: Situation, prefix: string, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const scopes: readonly Scope[] = [...situation.scopes, 'prefix'];
  const reachable = [...toBindings(situation), ...toBindings({ ...situation, scopes: ['prefix'] })];
  for (const scope of scopes) {
    const rows = reachable.filter((binding) => binding.scope === scope);
    if (rows.length === 0) continue;
    const note = scope === 'prefix' ? ` ${toKeyText(prefix)}` : '';
    lines.push(plain(scopeTitles[scope] + note, 'title', { bold: true }));
    for (const binding of rows) {
      const label = binding.keys.map(toKeyText).join(' ');
      const reason = whyNot(binding.action, situation);
      const text = [span(binding.help, reason === null ? 'text' : 'muted')];
      const why = reason === null ? [] : [span(` (not now: ${reason})`, 'muted')];
      const first = [
        span('  '),
        span(cell(label, 16, page.glyphs.ellipsis), reason === null ? 'key' : 'muted'),
        span(' '),
      ];
      lines.push(...wrap([...text, ...why], page.columns, first, plain(' '.repeat(19))));
    }
    lines.push(emptyLine);
  }
  return lines.slice(0, -1);
}
