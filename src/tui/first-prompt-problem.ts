/** What is odd about a prompt that is written before its session is there, as the prompt's own field would say it; null when nothing is. Pure. */
import type { View } from '../protocol/view.ts';
import { keyWord } from './key-words.ts';
import { attachCommand } from './prompt-completion.ts';
import { toAttachWish, toUnknownCommand } from './prompt-text.ts';

/** @param agent its id, `label` what it is called. Its commands are known from the sessions in which it runs or ran. */
export function toFirstPromptProblem(view: View, agent: string, label: string, text: string): string | null {
  const known = Object.values(view.sessions)
    .filter((session) => session.agent === agent)
    .flatMap(({ commands }) => commands.map(({ name }) => name));
  const again = `${keyWord('form', 'submit')} again sends it as words.`;
  const isOurs = !known.some((name) => `/${name}` === attachCommand);
  if (isOurs && toAttachWish(text))
    return `${attachCommand} works in the prompt of the session, once it is open; ${again}`;
  const unknown = toUnknownCommand(text, known);
  if (unknown === null) return null;
  return known.length > 0
    ? `${label} offers no /${unknown}. ${again}`
    : `Whether ${label} has /${unknown} is known once it runs; ${keyWord('form', 'submit')} again sends it.`;
}
