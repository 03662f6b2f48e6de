/**
 * Which questions of a server a recorded password answers without a person: those that ask this account for its password and for nothing else. It
 * knows neither the password nor how the question came.
 */

/** `prompt` is the server's own text. Codes, second passwords, new passwords and the passwords of others are a person's. */
export function asksForPassword(prompt: string, username: string): boolean {
  const words = prompt.trim();
  if (words.length > promptCharactersMax) return false;
  const owner = /^(?<whose>\S+)'s password:?$/i.exec(words) ?? /^password for (?<whose>\S+?) ?:?$/i.exec(words);
  if (owner !== null) return isOf(owner.groups?.['whose'] ?? '', username);
  return plain.test(words);
}

/** As PAM's modules, the BSDs, and makers of network devices word it. */
const plain = /^(?:(?:enter|your|unix|ldap|kerberos|radius|domain|account|user|login) ){0,3}password ?:?$/i;

/** A name and at most a realm or a host behind it, in quotes or not. */
function isOf(whose: string, username: string): boolean {
  const bare = whose.replace(/^['"`](.*)['"]$/s, '$1');
  return bare === username || bare.startsWith(`${username}@`);
}

const promptCharactersMax = 256;
