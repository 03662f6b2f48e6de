/**
 * The dialogs about the catalogue: an agent of one's own, and taking an agent out.
 */

import type { AgentView } from '../../protocol/view.ts';
import { toCommandWords } from '../command-words.ts';
import type { FormSpec, FormValues } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { foreign, plain, span } from '../present/text.ts';

type Run = (args: readonly string[]) => Promise<string | null>;

/** `run` gets the words after `signalbox agent`, and answers null when it is done, else why not. */
export function toAddAgentForm(run: Run): FormSpec {
  return {
    title: 'Add an agent',
    intro: [
      plain(
        'Any program that speaks the Agent Client Protocol on its standard input and output. It is written to agents.json.',
        'muted',
      ),
    ],
    fields: [
      { kind: 'text', name: 'id', label: 'Id', placeholder: 'a-z, 0-9 and -', check: findIdProblem },
      { kind: 'text', name: 'command', label: 'Command', placeholder: 'my-agent --acp', check: findCommandProblem },
      { kind: 'text', name: 'label', label: 'Name on the screen', placeholder: 'its id when empty' },
      {
        ...{ kind: 'text', name: 'passEnv', label: 'Variables of yours that it gets', placeholder: 'MY_AGENT_API_KEY' },
        note: [plain('Their names, with blanks between. It sees no other variable of yours.', 'muted')],
      },
      {
        ...{ kind: 'many', name: 'flags', label: 'It may', chosen: [] },
        options: [
          { id: '--fs', label: plain('use the file methods of the protocol, through the gate'), disabled: null },
          {
            id: '--terminal',
            label: plain('use the terminal methods of the protocol, through the gate'),
            disabled: null,
          },
          { id: '--require-isolation', label: plain('never start where it cannot be isolated'), disabled: null },
        ],
      },
    ],
    verb: 'adds it',
    submit(values) {
      const problem = findProblem(values);
      return problem ?? run(toAddArguments(values));
    },
  };
}

function findIdProblem(text: string): string | null {
  if (text === '' || /^[a-z0-9][a-z0-9-]*$/.test(text)) return null;
  return 'An id has only a-z, 0-9 and "-", and does not begin with "-".';
}

function findCommandProblem(text: string): string | null {
  return toCommandWords(text) === null ? 'A quote is not closed.' : null;
}

function findProblem(values: FormValues): string | null {
  const id = values.text('id').trim();
  if (id === '') return `Write an id, or leave with ${keyWord('form', 'close')}.`;
  if (values.text('command').trim() === '') return 'Write the command that starts the agent.';
  return findIdProblem(id) ?? findCommandProblem(values.text('command'));
}

export function toAddArguments(values: FormValues): readonly string[] {
  const label = values.text('label').trim();
  const names = values
    .text('passEnv')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  return [
    ...['add', values.text('id').trim()],
    ...(label === '' ? [] : ['--label', label]),
    ...(names.length === 0 ? [] : ['--pass-env', names.join(',')]),
    ...values.chosen('flags'),
    ...['--', ...(toCommandWords(values.text('command')) ?? [])],
  ];
}

export function toRemoveAgentForm(agent: AgentView, remove: () => Promise<string | null>): FormSpec {
  return {
    title: 'Take an agent out',
    intro: [
      [span(foreign(agent.label), 'title', { bold: true }), span(`  ${foreign(agent.id)}`, 'muted')],
      plain('Its entry leaves agents.json; a built-in agent is then as it was. Its HOME and its sessions stay.'),
    ],
    fields: [],
    verb: 'takes it out',
    submit: () => remove(),
  };
}
