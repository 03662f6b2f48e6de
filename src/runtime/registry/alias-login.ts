/** How an OpenSSH configuration says to log in: keys, certificates, agent and a person, in the order in which ssh tries them. Only looks which keys exist. */
import { existsSync } from 'node:fs';
import type { AuthChoice, PasswordMethod } from '../../core/login/auth-choice.ts';
import { type Tokens, toConfigPath } from './config-path.ts';

type Lines = ReadonlyMap<string, readonly string[]>;

/** Empty when it allows neither a key that is there nor asking a person. */
export function toAliasLogin(lines: Lines, env: NodeJS.ProcessEnv, tokens: Tokens): readonly AuthChoice[] {
  const choices: AuthChoice[] = [];
  for (const method of toMethods(lines)) {
    const last = choices.at(-1);
    if (method === 'publickey') choices.push(...toKeys(lines, env, tokens));
    else if (last?.kind === 'password') choices.splice(-1, 1, { ...last, methods: [...(last.methods ?? []), method] });
    else choices.push({ kind: 'password', secret: null, methods: [method] });
  }
  return choices;
}

type Method = 'publickey' | PasswordMethod;

/** Those that are allowed, the first to be tried first; each at most once. */
function toMethods(lines: Lines): readonly Method[] {
  const is = (option: string, fallback: string): string => lines.get(option)?.[0]?.toLowerCase() ?? fallback;
  // A script that says BatchMode wants no question, and we ask none on its account.
  const mayAsk = !/^(yes|true)$/.test(is('batchmode', 'no'));
  const isAllowed: Readonly<Record<Method, boolean>> = {
    publickey: !/^(no|false)$/.test(is('pubkeyauthentication', 'yes')),
    'keyboard-interactive': mayAsk && !/^(no|false)$/.test(is('kbdinteractiveauthentication', 'yes')),
    password: mayAsk && !/^(no|false)$/.test(is('passwordauthentication', 'yes')),
  };
  const preferred = lines.get('preferredauthentications')?.[0]?.split(',') ?? Object.keys(isAllowed);
  const methods = preferred.map((word) => word.trim()).filter((word): word is Method => Object.hasOwn(isAllowed, word));
  return [...new Set(methods)].filter((method) => isAllowed[method]);
}

/** Certificates first, since somebody had them signed for this; then what the agent holds, and the files. */
function toKeys(lines: Lines, env: NodeJS.ProcessEnv, tokens: Tokens): readonly AuthChoice[] {
  const named = (option: string): readonly string[] =>
    (lines.get(option) ?? [])
      .map((file) => toConfigPath(file, tokens, env))
      .filter((file): file is string => file !== null);
  const identities = named('identityfile');
  const keys = identities.filter((file) => existsSync(file));
  const agentSocket = toAgentSocket(lines.get('identityagent')?.[0], env, tokens);
  const certificates = [
    ...named('certificatefile').map((certificatePath) => ({ certificatePath, privateKeyPaths: keys })),
    ...identities.map((key) => ({ certificatePath: `${key}-cert.pub`, privateKeyPaths: [key] })),
  ].filter(({ certificatePath }) => existsSync(certificatePath));
  const certified = certificates.map(
    (certificate): AuthChoice => ({ kind: 'certificate', ...certificate, agentSocket, passphrase: null }),
  );
  const files = keys.map((privateKeyPath): AuthChoice => ({ kind: 'privateKey', privateKeyPath, passphrase: null }));
  if (agentSocket === null) return [...certified, ...files];
  // A key whose private half is only in the agent is named by the file of its public half.
  const inAgent = [...identities, ...certificates.map(({ certificatePath }) => certificatePath)].filter(
    (file) => existsSync(file) || existsSync(`${file}.pub`),
  );
  const isExclusive = /^(yes|true)$/.test(lines.get('identitiesonly')?.[0]?.toLowerCase() ?? 'no');
  if (isExclusive && inAgent.length === 0) return [...certified, ...files];
  return [...certified, { kind: 'agent', socket: agentSocket, identities: inAgent, isExclusive }, ...files];
}

/** ssh_config(5): absent means $SSH_AUTH_SOCK; "none", a variable, or a path. */
function toAgentSocket(value: string | undefined, env: NodeJS.ProcessEnv, tokens: Tokens): string | null {
  if (value?.toLowerCase() === 'none') return null;
  if (value === undefined || value === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || null;
  const variable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/.exec(value);
  if (variable) return env[variable[1] ?? variable[2] ?? ''] || null;
  return toConfigPath(value, tokens, env);
}
