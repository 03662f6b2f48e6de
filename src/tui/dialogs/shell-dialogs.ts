/**
 * The questions about shells: whether one is hung up, and which ones are typed into at once.
 */
import type { ServerView, ShellView, View } from '../../protocol/view.ts';
import type { FormSpec, Option } from '../form-model.ts';
import { cell, foreign, plain, readable, span } from '../present/text.ts';
import { toEnvironmentToken, toEnvironmentWord } from '../present/words.ts';

export function toCloseShellForm(shell: ShellView, close: () => Promise<string | null>): FormSpec {
  return {
    title: 'Close the shell',
    intro: [
      [span(`${foreign(shell.server)} `, 'title', { bold: true }), span(readable(shell.title), 'muted')],
      plain('What runs in it is hung up. What it printed stays in its recording.'),
    ],
    fields: [],
    verb: 'closes it',
    submit: () => close(),
  };
}

/** @param chosen ids that are chosen from the start. */
export function toTogetherForm(
  view: View,
  shells: readonly ShellView[],
  chosen: readonly string[],
  take: (ids: readonly string[]) => string | null,
): FormSpec {
  return {
    title: 'Type into several shells',
    intro: [
      plain('Every key that you type in one of them goes into all of them, until you choose here again.', 'muted'),
    ],
    fields: [
      {
        kind: 'many',
        name: 'shells',
        label: 'Shells',
        options: shells.map((shell) => toOption(shell, toTab(shell, view), view.servers[shell.server] ?? null)),
        chosen,
      },
    ],
    verb: 'takes them',
    submit: (values) => take(values.chosen('shells')),
  };
}

/** Production is among them: asked once. */
export function toProductionForm(servers: readonly string[], take: () => void): FormSpec {
  return {
    title: 'Type into production, too?',
    intro: [
      [
        span(' PRODUCTION ', 'production', { bold: true, inverse: true }),
        span(` ${servers.map(foreign).join(', ')}`, 'title', { bold: true }),
      ],
      plain('Each key goes there as well, at once and without another question.'),
    ],
    fields: [],
    verb: 'types there, too',
    submit() {
      take();
      return null;
    },
  };
}

/** Its number among the tabs of its pane; none where it is the only one. */
function toTab({ id, server }: ShellView, { shells }: View): string {
  const tabs = Object.values(shells).filter((shell) => shell.server === server);
  return tabs.length < 2 ? '' : `tab ${tabs.findIndex((shell) => shell.id === id) + 1}`;
}

function toOption(shell: ShellView, tab: string, server: ServerView | null): Option {
  const environment = server ? toEnvironmentWord(server) : 'not registered any more';
  const token = server ? toEnvironmentToken(server.environment) : 'danger';
  return {
    id: shell.id,
    label: [
      span(cell(foreign(shell.server), 20)),
      span(` ${cell(environment, 21)}`, token),
      span(` ${cell(tab, 6)}`),
      span(` ${readable(shell.title)}`, 'muted'),
    ],
    disabled: null,
  };
}
