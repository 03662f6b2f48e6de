/** Whether a terminal can show more than ASCII, from what the environment says of it. */

export function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  // macOS terminals often leave the locale unset, and are UTF-8 all the same.
  return locale === '' ? process.platform === 'darwin' : /utf-?8/i.test(locale);
}
