/**
 * The form of one server, to register it or to change it. Says what is wrong while one types; what it writes is written by the program's own
 * command, which checks all of it once more.
 */

import type { FieldSpec, FormSpec, FormValues } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { plain, span } from '../present/text.ts';
import { findSourceProblem, type ServerFields, toWords } from '../server-arguments.ts';

export interface ServerFormRequest {
  readonly kind: 'add' | 'edit';
  readonly fields: ServerFields;
  /** Ids of all registered servers. */
  readonly ids: readonly string[];
  /** Null when it is done, else why not. */
  save(fields: ServerFields): Promise<string | null>;
}

export function toServerForm(request: ServerFormRequest): FormSpec {
  const isEdit = request.kind === 'edit';
  return {
    title: isEdit ? `Change ${request.fields.id}` : 'Register a server',
    intro: [
      plain(
        isEdit
          ? 'What is left as it is stays so, a password or passphrase among it. A session that uses it asks you to confirm another address.'
          : 'An address, or an alias of ~/.ssh/config. Nothing connects before you test it or an agent uses it.',
        'muted',
      ),
    ],
    fields: [...toTextFields(request), ...toChoiceFields(request)],
    verb: isEdit ? 'saves it' : 'registers it',
    submit(values) {
      const fields = readFields(values, request);
      return findServerProblem(fields, request) ?? request.save(fields);
    },
  };
}

type TextName = Exclude<keyof ServerFields, 'environment' | 'readonly' | 'keep'>;

const textFields: readonly { readonly name: TextName; readonly label: string; readonly placeholder: string }[] = [
  { name: 'id', label: 'Id', placeholder: 'what it is called here: web-1' },
  { name: 'host', label: 'Address', placeholder: 'host name or IP address' },
  { name: 'port', label: 'Port', placeholder: '22' },
  { name: 'user', label: 'User', placeholder: 'the account there; yours here when empty' },
  { name: 'ssh', label: 'or ssh alias', placeholder: 'a Host of ~/.ssh/config, instead of the three above' },
  { name: 'key', label: 'Private key', placeholder: '~/.ssh/id_ed25519; without it and password: ssh-agent' },
  { name: 'password', label: 'Password', placeholder: 'of the account, or of the key above; in the vault' },
  { name: 'secret', label: 'or it is from', placeholder: '$NAME, or a command that prints it' },
  { name: 'sudo', label: 'for sudo from', placeholder: '$NAME or a command, where sudo asks for a password' },
  { name: 'jump', label: 'Jump host', placeholder: 'id of a registered server' },
  { name: 'labels', label: 'Labels', placeholder: 'words with blanks between' },
  { name: 'groups', label: 'Groups', placeholder: 'words with blanks between' },
  { name: 'roots', label: 'Folders', placeholder: 'file tools stay below these; empty: everywhere' },
];

function toTextFields(request: ServerFormRequest): readonly FieldSpec[] {
  return textFields
    .filter(({ name }) => request.kind === 'add' || name !== 'id')
    .map(({ name, label, placeholder }) => ({
      ...{ kind: 'text', layout: 'beside', name, label, value: request.fields[name] },
      // One that comes from elsewhere says so in its own field.
      placeholder:
        request.kind === 'edit' && name === 'password' && request.fields.secret === ''
          ? 'as it is; else of the account, or of the key above'
          : placeholder,
      ...(name === 'password' ? { isSecret: true } : {}),
      check: (text: string) => checks[name](text.trim(), request),
    }));
}

function toChoiceFields({ fields }: ServerFormRequest): readonly FieldSpec[] {
  return [
    {
      ...{ kind: 'one', name: 'environment', label: 'Environment', isOptional: true },
      options: [
        { id: 'production', label: [span('PRODUCTION', 'production')], disabled: null },
        { id: 'staging', label: [span('staging', 'staging')], disabled: null },
        { id: 'development', label: [span('development', 'development')], disabled: null },
      ],
      note: [plain('Space chooses. Without one, the rules of production apply.', 'muted')],
      chosen: fields.environment === '' ? [] : [fields.environment],
    },
    {
      ...{ kind: 'many', name: 'flags', label: '' },
      options: [
        { id: 'readonly', label: plain('read only: nothing but reads can ever run'), disabled: null },
        { id: 'plain', label: plain('password as plain text in servers.json, not in the vault'), disabled: null },
      ],
      chosen: fields.readonly === 'readonly' ? ['readonly'] : [],
    },
  ];
}

function readFields(values: FormValues, { fields }: ServerFormRequest): ServerFields {
  const texts = textFields.map(
    ({ name }) => [name, name === 'password' ? values.text(name) : values.text(name).trim()] as const,
  );
  return {
    ...(Object.fromEntries(texts) as Record<TextName, string>),
    id: fields.id === '' ? values.text('id').trim() : fields.id,
    environment: values.chosen('environment')[0] ?? '',
    keep: values.chosen('flags').includes('plain') ? 'plain' : 'vault',
    readonly: values.chosen('flags').includes('readonly') ? 'readonly' : 'writable',
  };
}

type Check = (text: string, request: ServerFormRequest) => string | null;

const plainName: Check = (text) => (/[\s/]/.test(text) ? 'A name has no blank and no slash.' : null);

const checks: Readonly<Record<TextName, Check>> = {
  id: (text, { ids }) => {
    if (text === '') return null;
    if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(text))
      return 'An id has only a-z, 0-9, ".", "_" and "-", and begins with a letter or digit.';
    return ids.includes(text)
      ? `"${text}" is registered already; ${keyWord('servers', 'editServer')} changes it.`
      : null;
  },
  host: (text) => {
    if (text.includes('@')) return 'Only the address here; the user has a field of its own.';
    if (/[\s/]/.test(text)) return 'An address has no blank and no slash.';
    return /^[^:]+:\d+$/.test(text) ? 'Only the address here; the port has a field of its own.' : null;
  },
  port: (text) =>
    text === '' || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535)
      ? null
      : 'A port is a number from 1 to 65535.',
  user: plainName,
  ssh: plainName,
  key: () => null,
  secret: findSourceProblem,
  password: () => null,
  sudo: findSourceProblem,
  jump: (text, { ids, fields }) => {
    if (text === '') return null;
    if (text === fields.id) return 'A server cannot be reached through itself.';
    return ids.includes(text) ? null : `No server "${text}" is registered.`;
  },
  labels: () => null,
  groups: () => null,
  roots: (text) =>
    toWords(text).every((folder) => folder.startsWith('/')) ? null : 'Folders begin with "/", with blanks between.',
};

/** The first thing that is wrong with all of it; null when nothing is. */
export function findServerProblem(fields: ServerFields, request: ServerFormRequest): string | null {
  if (fields.id === '') return `Write an id, or leave with ${keyWord('form', 'close')}.`;
  for (const { name, label } of textFields) {
    const problem = name === 'id' && request.kind === 'edit' ? null : checks[name](fields[name], request);
    if (problem !== null) return `${label}: ${problem}`;
  }
  const isAlias = fields.ssh !== '' && fields.ssh !== request.fields.ssh;
  const isAddress = fields.host !== '' && fields.host !== request.fields.host;
  if (fields.password !== '' && fields.secret !== '' && fields.secret !== request.fields.secret)
    return 'Type the password or say where it is from, not both.';
  if (fields.host === '' && fields.ssh === '') return 'Write where it is: an address, or an ssh alias.';
  if (fields.host !== '' && fields.ssh !== '' && (request.kind === 'add' || isAlias === isAddress))
    return 'Write an address or an ssh alias, not both; empty the other one.';
  const own = (['port', 'user', 'jump'] as const).find((name) => fields[name] !== '');
  if (fields.ssh !== '' && fields.host === '' && own !== undefined)
    return `The ${own === 'jump' ? 'jump host' : own} of an ssh alias comes from ~/.ssh/config; empty it here.`;
  return null;
}
