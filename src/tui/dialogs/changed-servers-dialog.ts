/**
 * The question whether servers whose records changed are still those that a session was opened for. Shows where each led and where it leads
 * now; sends nothing.
 */

import type { ChangedServerView } from '../../protocol/view.ts';
import type { FormSpec } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { foreign, plain, span } from '../present/text.ts';
import { toCount } from '../present/words.ts';
import type { StyledLine } from '../styled.ts';

/** `confirm` answers null when they are in again, else why not. */
export function toChangedServersForm(
  servers: readonly ChangedServerView[],
  confirm: (ids: readonly string[]) => Promise<string | null>,
): FormSpec {
  const [only] = servers.length === 1 ? servers : [];
  return {
    title: 'Changed servers',
    intro: [
      plain(
        `${toCount(servers.length, 'server is', 'servers are')} out of this session: since it was opened, another record stands in the registry under the same name.`,
      ),
      ...servers.flatMap(toLines),
      [],
      plain(
        'Confirm only what you know to be the machine that is meant. Its agents are ended, and start again with the next prompt.',
        'muted',
      ),
    ],
    fields: only
      ? []
      : [
          {
            kind: 'many',
            name: 'servers',
            label: 'These are meant as they are now',
            options: servers.map(({ id, now }) => ({
              id,
              label: [span(foreign(id), 'title'), span(`  ${foreign(now)}`, 'muted')],
              disabled: null,
            })),
            chosen: [],
          },
        ],
    verb: 'confirms',
    submit(values) {
      const ids = only ? [only.id] : values.chosen('servers');
      return ids.length === 0
        ? `Choose at least one with ${keyWord('form', 'toggleChoice')}, or leave with ${keyWord('form', 'close')}.`
        : confirm(ids);
    },
  };
}

function toLines({ id, was, now }: ChangedServerView): readonly StyledLine[] {
  return [
    [],
    plain(foreign(id), 'title', { bold: true }),
    [span('  it was  ', 'muted'), span(foreign(was), 'code')],
    [span('  it is   ', 'warn'), span(foreign(now), 'code')],
    ...(was === now ? [plain('  The address is the same; something else of its record changed.', 'muted')] : []),
  ];
}
