/** The environment of a command of the operator's ssh configuration: as ssh would hand it on, without what is ours. */

/** `secretVariables` are those that records of servers take secrets from. */
export function toLocalEnvironment(
  env: NodeJS.ProcessEnv,
  secretVariables: readonly string[],
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('SIGNALBOX_') && !secretVariables.includes(name)),
  );
}
