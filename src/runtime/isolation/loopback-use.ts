/** Finds out whether an agent is told to use something on this machine's loopback: a model, a proxy. It judges variables only. */

/** An address with `//` before it or a port after it; a list of names that are to be reached directly is none. */
const loopback =
  /(?:\/\/(?:[^/\s"'@]*@)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?=[:/"'\s]|$))|(?:(?:^|[\s"'=])(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0):\d{1,5}\b)/i;

/** The name of the first variable that names an address of the loopback; null when none does. */
export function findLoopbackUse(env: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(env)) {
    if (!/^no_proxy$/i.test(name) && loopback.test(value)) return name;
  }
  return null;
}
