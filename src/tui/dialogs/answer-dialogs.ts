/**
 * The questions around an answer: the reason of a denial, the id of a production server, the number of marked cards. They ask; they send nothing.
 */

import type { FormSpec } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { toSubject } from '../present/card.ts';
import { foreign, plain, span } from '../present/text.ts';
import { toCount, toEnvironmentToken, toEnvironmentWord } from '../present/words.ts';
import type { QueueEntry } from '../queue.ts';

type GateEntry = Extract<QueueEntry, { kind: 'gate' }>;

export function toReasonForm(entry: QueueEntry, deny: (reason: string) => void): FormSpec {
  return {
    title: 'Deny, and say why',
    intro: [
      plain(toSubject(entry), 'code'),
      [],
      plain('The agent reads the reason and can do something else.', 'muted'),
    ],
    fields: [{ kind: 'text', name: 'reason', label: 'Reason', placeholder: 'for example: restart it after 18:00' }],
    verb: 'denies',
    submit(values) {
      const reason = values.text('reason').trim();
      if (reason === '')
        return `Write a reason, or leave with ${keyWord('form', 'close')} and press ${keyWord('card', 'deny')}.`;
      deny(reason);
      return null;
    },
  };
}

/** Nothing happens on production before its id was typed. */
export function toProductionForm(entry: GateEntry, verb: string, approve: (confirmation: string) => void): FormSpec {
  const { server } = entry.card;
  const word = toEnvironmentWord(server);
  return {
    title: 'Production',
    intro: [
      [
        span(foreign(server.id), 'title', { bold: true }),
        span('  '),
        span(` ${word} `, toEnvironmentToken('production'), { inverse: true }),
      ],
      plain(toSubject(entry), 'code'),
      [],
      plain(`To ${verb} this, type the id of the server.`),
    ],
    fields: [{ kind: 'text', name: 'id', label: 'Server', placeholder: '' }],
    verb: `${verb}s`,
    submit(values) {
      const typed = values.text('id').trim();
      if (typed !== server.id)
        return `That is not its id. Type ${server.id}, or leave with ${keyWord('form', 'close')}.`;
      approve(typed);
      return null;
    },
  };
}

/** The count is typed: it is read off the list, not confirmed by habit. */
export function toBatchForm(entries: readonly QueueEntry[], approve: () => void): FormSpec {
  return {
    title: 'Approve the marked',
    intro: [
      ...entries.map((entry) => [
        span(entry.kind === 'gate' ? `${foreign(entry.card.server.id)}  ` : 'LOCAL  ', 'title', { bold: true }),
        span(toSubject(entry), 'code'),
      ]),
      [],
      plain(`${toCount(entries.length, 'request')}; each is approved once. To approve them, type how many there are.`),
    ],
    fields: [{ kind: 'text', name: 'count', label: 'Count', placeholder: '' }],
    verb: 'approves them',
    submit(values) {
      if (values.text('count').trim() !== `${entries.length}`)
        return `That is not the count. Type ${entries.length}, or leave with ${keyWord('form', 'close')}.`;
      approve();
      return null;
    },
  };
}
