/** What an agent's answer to `initialize` says that it can do. Read field by field: nobody has checked it, and absent means no. */
import type { AgentAbilities, AgentLogin } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';

/** @param initialized the answer to `initialize`, as it came. */
export function toAbilities(initialized: Fields): AgentAbilities {
  const capabilities = fieldsOf(initialized.agentCapabilities);
  const prompt = fieldsOf(capabilities.promptCapabilities);
  const session = fieldsOf(capabilities.sessionCapabilities);
  return {
    images: prompt.image === true,
    embeddedFiles: prompt.embeddedContext === true,
    resume: isOffered(session.resume),
    load: capabilities.loadSession === true,
    list: isOffered(session.list),
    close: isOffered(session.close),
    delete: isOffered(session.delete),
    logins: toLogins(initialized.authMethods),
    logout: isOffered(fieldsOf(capabilities.auth).logout),
  };
}

/** A capability is an object, empty for "yes"; null or absent for "no". */
function isOffered(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function toLogins(value: unknown): readonly AgentLogin[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, limits.agentListEntriesMax).flatMap((one): AgentLogin[] => {
    const method = fieldsOf(one);
    const id = textOf(method.id);
    if (id === null || id === '') return [];
    return [
      {
        id,
        name: textOf(method.name) ?? id,
        description: textOf(method.description),
        kind: method.type === 'terminal' ? 'terminal' : 'agent',
        arguments: Array.isArray(method.args) ? method.args.filter((word) => typeof word === 'string') : [],
        env: toTexts(method.env),
      },
    ];
  });
}

function toTexts(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(fieldsOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
