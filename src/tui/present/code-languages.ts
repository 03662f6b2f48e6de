/** Names of the languages that code is coloured in, as people write them behind a fence or at the end of a file. Data only; loads nothing. */

export type KnownLanguage =
  | 'bash'
  | 'diff'
  | 'dockerfile'
  | 'go'
  | 'ini'
  | 'javascript'
  | 'json'
  | 'nginx'
  | 'python'
  | 'shell'
  | 'sql'
  | 'typescript'
  | 'xml'
  | 'yaml';

/** In small letters. No prototype: a name may be any word. */
export const knownLanguages: Readonly<Record<string, KnownLanguage>> = Object.assign(Object.create(null), {
  ...toNames('bash', 'bash sh zsh ksh fish ash'),
  ...toNames('diff', 'diff patch'),
  ...toNames('dockerfile', 'dockerfile docker containerfile'),
  ...toNames('go', 'go golang'),
  ...toNames('ini', 'ini toml conf cfg service socket timer properties env editorconfig'),
  ...toNames('javascript', 'javascript js mjs cjs jsx node'),
  ...toNames('json', 'json json5 jsonc ndjson jsonl'),
  ...toNames('nginx', 'nginx nginxconf'),
  ...toNames('python', 'python py python3'),
  ...toNames('shell', 'shell console shellsession sh-session'),
  ...toNames('sql', 'sql psql postgres postgresql mysql sqlite'),
  ...toNames('typescript', 'typescript ts mts cts tsx'),
  ...toNames('xml', 'xml html svg xhtml plist'),
  ...toNames('yaml', 'yaml yml compose ansible k8s'),
});

function toNames(language: KnownLanguage, names: string): Readonly<Record<string, KnownLanguage>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, language]));
}

/** The language of a file by its name; null where it does not tell. */
export function toLanguageOf(path: string): KnownLanguage | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/\/nginx\//.test(path) || /^nginx.*\.conf$/.test(name)) return 'nginx';
  if (/^(dockerfile|containerfile)/.test(name)) return 'dockerfile';
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return knownLanguages[ending] ?? null;
}
