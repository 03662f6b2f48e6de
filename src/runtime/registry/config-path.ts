/** Paths as ssh_config(5) writes them: `~/`, tokens, variables of the environment. Touches no file. */
import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Whose connection the tokens speak of. */
export interface Tokens {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** As it was asked for. */
  readonly alias: string;
}

/** The absolute path; null when it is relative, or holds a token or a variable that is not known here. */
export function toConfigPath(path: string, tokens: Tokens, env: NodeJS.ProcessEnv): string | null {
  const home = userInfo().homedir || homedir();
  const unquoted = path.replace(/^"|"$/g, '');
  const expanded = expandTokens(unquoted, tokens);
  const named = expanded === null ? null : expandVariables(expanded, env);
  if (named === null) return null;
  const absolute = named.startsWith('~/') ? join(home, named.slice(2)) : named;
  return isAbsolute(absolute) ? absolute : null;
}

/** TOKENS of ssh_config(5), as far as they are known before there is a connection; null for another one. */
export function expandTokens(text: string, tokens: Tokens): string | null {
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    d: userInfo().homedir || homedir(),
    h: tokens.host,
    i: String(userInfo().uid),
    k: tokens.alias,
    L: hostname().split('.')[0] ?? '',
    l: hostname(),
    n: tokens.alias,
    p: String(tokens.port),
    r: tokens.username,
    u: userInfo().username,
  };
  let isKnown = true;
  const expanded = text.replace(/%(.?)/g, (_all, token: string) => {
    const value = Object.hasOwn(values, token) ? values[token] : undefined;
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  return isKnown ? expanded : null;
}

function expandVariables(text: string, env: NodeJS.ProcessEnv): string | null {
  let isKnown = true;
  const expanded = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_all, name: string) => {
    const value = env[name];
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  return isKnown ? expanded : null;
}
