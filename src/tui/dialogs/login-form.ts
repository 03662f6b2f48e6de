/** The dialog in which a person types what a login needs: one field a prompt, hidden ones as dots. It sends nothing. */
import type { FormSpec } from '../form-model.ts';
import { type LoginEntry, toKeptNote, toLoginIntro } from '../present/login-card.ts';
import { foreign, plain } from '../present/text.ts';

export function toLoginForm(
  entry: LoginEntry,
  ports: {
    answer(answers: readonly string[]): Promise<string | null>;
    /** For a question that only this screen waits for: leaving it is an answer. */
    readonly decline?: () => void;
  },
): FormSpec {
  const { prompts } = entry.card;
  return {
    title: toTitle(entry),
    intro: [...toLoginIntro(entry), plain(toKeptNote(entry), 'muted')],
    fields: prompts.map(({ label, echo }, at) => ({
      ...{ kind: 'text', name: `${at}`, label: foreign(label.trim()) },
      ...(echo === 'hidden' ? { isSecret: true as const } : {}),
    })),
    verb: entry.card.server === null || entry.card.command !== undefined ? 'answers' : 'logs in',
    ...(entry.card.command === undefined ? {} : { isReadFirst: true as const }),
    ...(ports.decline ? { handleCancel: ports.decline } : { leave: 'later' }),
    emptiesSecrets: true,
    submit: (values) => ports.answer(prompts.map((_prompt, at) => values.text(`${at}`))),
  };
}

function toTitle({ card }: LoginEntry): string {
  if (card.command !== undefined) return 'Command of this machine';
  return card.server === null ? 'Question' : 'Login';
}
