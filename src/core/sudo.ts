/** What the gate knows of sudo: which commands are one, when it gets the password of a server's record, and how it says that it wanted one. Pure. */
import type { Decision } from './policy/decision.ts';
import type { Target } from './server.ts';

const programs = new Set(['sudo', '/bin/sudo', '/usr/bin/sudo']);

/** A line for a shell is none, whatever is in it. */
export function isSudo(argv: readonly string[]): boolean {
  return programs.has(argv[0] ?? '');
}

/** Only for what a person approved, or a rule of the operator's allows: the password serves no command that nobody meant. */
export function sudoOf(decision: Decision, target: Pick<Target, 'sudo'> | null): { readonly sudo?: 'password' } {
  const isMeant = decision.outcome === 'approval-required' || decision.lifted === true;
  return target?.sudo && isMeant && decision.argv !== null && isSudo(decision.argv) ? { sudo: 'password' } : {};
}

/** Why a command failed that sudo wanted a password for; null when it did not. `stderr` is what it said. */
export function findSudoQuestion(
  stderr: Uint8Array,
  { id, sudo }: Pick<Target, 'id' | 'sudo'>,
  got: 'password' | undefined,
): string | null {
  const said = new TextDecoder().decode(stderr.subarray(0, lookedAtBytes));
  if (!wanted.test(said) && !wantedElsewhere.test(said)) return null;
  if (got)
    return `sudo on ${id} took the password of its record and asks for it again for each command (timestamp_timeout=0 in its sudoers, or other rules for this command); let the account run this one without a password (NOPASSWD).`;
  if (sudo)
    return `sudo on ${id} asked for a password, and that of its record is given only to a command that begins with sudo itself and is not durable; ask for it alone, without other commands, pipes or lists around it.`;
  return `sudo on ${id} asked for a password and got none; let the account run this without one (NOPASSWD in its sudoers), or give the server one with \`signalbox server edit ${id} --sudo-vault NAME\`.`;
}

const lookedAtBytes = 64 * 1024;
const wanted =
  /^sudo: (?:a password is required|a terminal is required to read the password|no tty present and no askpass program specified|no password was provided|no askpass program specified)/m;
/** Its word for a password in the languages that it speaks beside English: where it may ask nobody, it says that of nothing else. */
const wantedElsewhere =
  /^sudo: .*(?:passwort|contrase|contrasenya|heslo|adgangskode|κωδικός πρόσβασης|pasvort|salasana|mot de passe|e covente une password|lozink|jelszó|una password|parola|パスワード|암호|passord|wachtwoord|hasł|senha|parolă|geslo|лозинк|lösenord|пароль|mật khẩu|密码|密碼)/imu;
