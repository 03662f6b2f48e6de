/**
 * Which of the variables that the user's OpenSSH configuration sends (SetEnv, SendEnv) go with commands: ssh sends all of them, but commands here are
 * judged and shown by their words alone, so that no variable may change what they do. Pure; what a server takes of them is its own choice (AcceptEnv).
 */
import { isSecretName } from './audit/secret-names.ts';

/** What says only how output is worded, and is not named like a secret: language, time zone, colours. */
export function toCommandEnvironment(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => wordsOutput.test(name) && !isSecretName(name)),
  );
}

const wordsOutput = /^(?:LANG|LANGUAGE|LC_[A-Z_]+|TZ|COLORTERM|NO_COLOR)$/;
