/** The tokens of ProxyCommand, replaced as OpenSSH replaces them (TOKENS in ssh_config(5)). Pure; runs nothing. */
import { OperationError } from '../../core/codes.ts';

export interface ProxyTokens {
  /** %h: the host name to connect to, as it was resolved. */
  readonly host: string;
  /** %p */
  readonly port: number;
  /** %r */
  readonly username: string;
  /** %n: the name as it was asked for. */
  readonly alias: string;
  /** %k: HostKeyAlias, where there is one; else it is the name. */
  readonly hostKeyAlias: string | null;
}

/**
 * The text a shell is given. Names are put into it as they are, so they must be plain: like ssh with the names of its command line, but also
 * for those that the configuration holds. Throws CONFIG_INVALID for a name that a shell could take for more than a word, and for an unknown token.
 */
export function expandProxyCommand(template: string, tokens: ProxyTokens): string {
  const { alias } = tokens;
  return template.replace(/%(.?)/gs, (_all, token: string) => {
    switch (token) {
      case '%':
        return '%';
      case 'h':
        return checkHost(tokens.host, alias);
      case 'n':
        return checkHost(alias, alias);
      case 'k':
        return checkHost(tokens.hostKeyAlias?.toLowerCase() ?? alias, alias);
      case 'p':
        return String(tokens.port);
      case 'r':
        return checkUser(tokens.username, alias);
      default:
        throw new OperationError(
          'CONFIG_INVALID',
          `The ProxyCommand of the ssh alias "${alias}" holds ${token === '' ? 'a "%" at its end' : `"%${token}"`}, which means nothing there; ssh knows %h, %k, %n, %p, %r and %%.`,
        );
    }
  });
}

function checkHost(name: string, alias: string): string {
  return check('host name', name, alias, /^[A-Za-z0-9_:.+@%,/=][A-Za-z0-9_:.+@%,/=-]*$/);
}

/** A backslash stands between a domain and a name; at the end it would swallow what follows. */
function checkUser(name: string, alias: string): string {
  return check('user name', name, alias, /^[A-Za-z0-9_:.+@%,/=](?:[A-Za-z0-9_:.+@%,/=\\-]*[A-Za-z0-9_:.+@%,/=-])?$/);
}

function check(what: string, name: string, alias: string, plain: RegExp): string {
  if (plain.test(name)) return name;
  throw new OperationError(
    'CONFIG_INVALID',
    `The ${what} ${JSON.stringify(name)} of the ssh alias "${alias}" holds characters that a shell would take for more than a name, and its ProxyCommand would hand it to one; correct it in ~/.ssh/config.`,
  );
}
