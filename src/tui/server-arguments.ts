/**
 * A filled-in server form as the words of `signalbox server add` and `server edit`, and a registered record as what stands in the form. Pure.
 */
import { toCommandWords } from './command-words.ts';

/** What stands in the form, by field; lists are the words as they were typed. */
export interface ServerFields {
  readonly id: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly ssh: string;
  readonly key: string;
  /** `$NAME`, or a command that prints it: the password, or with a key its passphrase. Empty: none, or in an edit the one that is there. */
  readonly secret: string;
  /** The password or passphrase itself. It is no word of a command: the command reads it. */
  readonly password: string;
  /** Where a typed one is kept. */
  readonly keep: 'vault' | 'plain';
  /** Where sudo's password comes from, written like `secret`; empty: nowhere. */
  readonly sudo: string;
  readonly jump: string;
  readonly labels: string;
  readonly groups: string;
  readonly roots: string;
  /** Empty: none, so production rules apply. */
  readonly environment: string;
  readonly readonly: 'readonly' | 'writable';
}

export const emptyServerFields: ServerFields = {
  ...{
    id: '',
    host: '',
    port: '',
    user: '',
    ssh: '',
    key: '',
    secret: '',
    password: '',
    sudo: '',
    jump: '',
    labels: '',
    groups: '',
    roots: '',
  },
  ...{ environment: '', readonly: 'writable', keep: 'vault' },
};

/** The words after `signalbox server`. */
export function toAddArguments(fields: ServerFields): readonly string[] {
  const { ssh } = fields;
  return [
    ...['add', fields.id],
    ...(ssh === '' ? [] : ['--ssh', ssh]),
    ...option('--host', fields.host),
    ...option('--port', fields.port),
    ...option('--user', fields.user),
    ...option('--jump', fields.jump),
    ...toLogin(fields, ssh === '' ? 'agent' : 'none'),
    ...toSource('sudo', fields.sudo),
    ...option('--environment', fields.environment),
    ...list('--label', fields.labels),
    ...list('--group', fields.groups),
    ...list('--root', fields.roots),
    ...(fields.readonly === 'readonly' ? ['--readonly'] : []),
  ];
}

/** Only what is other than before; null when nothing is. `scope` names the file that has the record. */
export function toEditArguments(
  before: ServerFields,
  after: ServerFields,
  scope: 'global' | 'workspace',
): readonly string[] | null {
  const clear: string[] = [];
  const words: string[] = [];
  const change = (name: keyof ServerFields, flag: string, field: string, kind: 'text' | 'list' = 'text'): void => {
    if (before[name] === after[name]) return;
    if (after[name] === '') clear.push(field);
    else words.push(...(kind === 'list' ? list(flag, after[name]) : option(flag, after[name])));
  };
  if (after.ssh !== before.ssh && after.ssh !== '') words.push('--ssh', after.ssh);
  if (after.ssh === '') {
    words.push(...option('--host', after.host === before.host ? '' : after.host));
    change('port', '--port', 'port');
    words.push(...option('--user', after.user === before.user ? '' : after.user));
    change('jump', '--jump', 'jump');
  }
  const isOtherSource = after.secret !== before.secret;
  // A typed password takes the place of where it came from before.
  const login = after.password === '' || isOtherSource ? after : { ...after, secret: '' };
  if (after.key !== before.key || isOtherSource || after.password !== '') words.push(...toLogin(login, 'agent'));
  // A key keeps its passphrase unless that is said.
  if (before.key !== '' && after.key !== '' && isOtherSource && `${after.secret}${after.password}` === '')
    clear.push('passphrase');
  if (after.sudo !== before.sudo) {
    if (after.sudo === '') clear.push('sudo');
    else words.push(...toSource('sudo', after.sudo));
  }
  change('environment', '--environment', 'environment');
  change('labels', '--label', 'labels', 'list');
  change('groups', '--group', 'groups', 'list');
  change('roots', '--root', 'roots', 'list');
  if (after.readonly !== before.readonly) {
    if (after.readonly === 'readonly') words.push('--readonly');
    else clear.push('readonly');
  }
  if (clear.length > 0) words.push('--clear', clear.join(','));
  return words.length === 0 ? null : ['edit', before.id, '--scope', scope, ...words];
}

function option(flag: string, value: string): readonly string[] {
  // A value that begins with a dash would be read as an option.
  return value === '' ? [] : [`${flag}=${value}`];
}

function list(flag: string, text: string): readonly string[] {
  return toWords(text).map((word) => `${flag}=${word}`);
}

export function toWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** `otherwise`: what to say when neither a key nor a password is named. */
function toLogin({ key, secret, password, keep }: ServerFields, otherwise: 'agent' | 'none'): readonly string[] {
  const what = key === '' ? 'password' : 'passphrase';
  const source = [...(password === '' ? [] : ['--secret-stdin', `--secret-in=${keep}`]), ...toSource(what, secret)];
  if (key !== '') return [`--key=${key}`, ...source];
  if (source.length > 0) return source;
  return otherwise === 'agent' ? ['--agent'] : [];
}

function toSource(what: string, text: string): readonly string[] {
  if (text === '') return [];
  return [text.startsWith('$') ? `--${what}-env=${text.slice(1)}` : `--${what}-command=${text}`];
}

/** What is wrong with the place a secret is to come from; null when nothing is. */
export function findSourceProblem(text: string): string | null {
  if (text === '') return null;
  if (text.startsWith('$'))
    return /^\$[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? null : 'After "$" comes the name of a variable, and nothing else.';
  const words = toCommandWords(text);
  if (words === null || words.length === 0) return 'A quote of this command is not closed.';
  const bare = text.replace(/'[^']*'|"[^"$`\\]*"/g, '');
  if (/(^|\s)~/.test(bare)) return 'No shell reads this command: write the whole path instead of "~".';
  return /[$`|&;<>()*?\\]/.test(bare)
    ? "No shell reads this command: put special characters in '...', or name a script."
    : null;
}

/** What `server show --json` printed. Null for what is no record of a server. */
export function readServerFields(
  output: string,
): { readonly fields: ServerFields; readonly scope: 'global' | 'workspace' } | null {
  let shown: unknown;
  try {
    shown = JSON.parse(output);
  } catch {
    return null;
  }
  const { record, scope } = toObject(shown);
  const raw = toObject(record);
  const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');
  const words = (value: unknown): string => (Array.isArray(value) ? value.map(text).join(' ') : '');
  if (text(raw['id']) === '') return null;
  const auth = toObject(raw['auth']);
  return {
    scope: scope === 'workspace' ? 'workspace' : 'global',
    fields: {
      ...{ id: text(raw['id']), host: text(raw['host']), user: text(raw['username']), ssh: text(raw['ssh']) },
      ...{ port: text(raw['port']), key: text(auth['privateKeyPath']), password: '', keep: 'vault' },
      secret: toSourceText(auth['secret'] ?? auth['passphrase']),
      sudo: toSourceText(toObject(raw['sudo'])['secret']),
      ...{ jump: text(raw['jump']), labels: words(raw['labels']), groups: words(raw['groups']) },
      ...{ roots: words(raw['roots']), environment: text(raw['environment']) },
      readonly: raw['readonly'] === true ? 'readonly' : 'writable',
    },
  };
}

/** Where a secret comes from, as it is typed; empty for one that stands in the record itself, which nobody shows. */
function toSourceText(source: unknown): string {
  const { env, command } = toObject(source);
  if (typeof env === 'string') return `$${env}`;
  const words = Array.isArray(command) ? command.filter((word) => typeof word === 'string') : [];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ');
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
