/**
 * Variables that foreign text may not set for an agent: what builds the wall around it starts with the agent's environment, too, and these
 * would make it load code from where the agent can write. It judges names only.
 */

/** What the dynamic linker, the C library and a shell load or run by a variable; where programs are looked for; and what is ours. */
const loaderVariable =
  /^(LD_|DYLD_|SIGNALBOX_|GLIBC_|BASH_)|^(PATH|HOME|TMPDIR|ENV|SHELLOPTS|BASHOPTS|PS4|IFS|GCONV_PATH|LOCPATH|NLSPATH|OPENSSL_(CONF|MODULES|ENGINES)|NODE_(OPTIONS|PATH)|PYTHON(PATH|HOME|STARTUP))$/;

/** The first name that decides what programs load, or is none of a variable (a shell would take some of those for functions); null when none is. */
export function findLoaderVariable(variables: Readonly<Record<string, string>>): string | null {
  const names = Object.keys(variables);
  return names.find((name) => loaderVariable.test(name) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) ?? null;
}
