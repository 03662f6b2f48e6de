/** Looks at folders and configuration files: owners, modes, and whether each file can be read as what it should be. Changes nothing. */
import { accessSync, constants, lstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { JsonTextError, readJson } from '../../base/json-text.ts';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import { readRuleFile, toProblemSentence } from '../../core/policy/rules/read-rule-file.ts';
import type { ConnectionSource, Registry } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import { findBrokenFiles } from '../../runtime/broken-files.ts';
import { readConfigFile } from '../../runtime/config-file.ts';
import { toLocalCommand } from '../../runtime/local-command.ts';
import { readSettings } from '../../runtime/settings.ts';
import { createTrust } from '../../runtime/trust.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export async function checkFolders(paths: Paths): Promise<readonly Finding[]> {
  return await Promise.all([
    checkFolder('config folder', paths.config),
    checkFolder('data folder', paths.data),
    checkFolder('runtime folder', paths.runtime),
  ]);
}

/** Other configuration files: that they are safe and JSON, that config.json says nothing unknown and policy.json keeps its word, because nothing runs otherwise. */
export async function checkConfigFiles(paths: Paths): Promise<readonly Finding[]> {
  const files = [paths.agentsFile, paths.policyFile, paths.configFile, paths.trustFile];
  const findings = await Promise.all(
    files.map((path) =>
      checkJson(path, async (text) => {
        if (path === paths.configFile) await readSettings(path);
        if (path === paths.policyFile) checkRules(path, text);
        if (path === paths.trustFile) await createTrust(path).wasTrusted('/');
      }),
    ),
  );
  return findings.filter((finding) => finding !== null);
}

/** What is damaged of the program's own files, which it can do without. */
export async function checkOwnFiles(paths: Paths): Promise<readonly Finding[]> {
  const broken = await findBrokenFiles(paths);
  // The list of trusted files is looked at with the configuration.
  return broken
    .filter(({ path }) => path !== paths.trustFile)
    .map(({ problem }) => warn('own files', problem, 'See the sentence.'));
}

export async function checkServers(
  registry: Registry & ConnectionSource,
  workspace: string | null,
): Promise<readonly Finding[]> {
  try {
    const { servers, broken, warnings } = await registry.list(workspace);
    const counted = `${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`;
    return [
      servers.length + broken.length === 0
        ? warn('servers', 'none is registered', 'Add one with `signalbox server add` or `signalbox server import`.')
        : ok('servers', `${counted} usable${workspace === null ? '' : `, workspace ${workspace}`}`),
      ...broken.map((one) => bad(`server ${one.id}`, one.problem, 'Correct or remove this record.')),
      ...warnings.map((warning) => warn('servers', warning, 'See the sentence.')),
      ...(await checkLeftOut(registry, servers)),
    ];
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return [bad('servers', error.message, 'Until then no server can be used.')];
  }
}

/** Options of the OpenSSH configuration that somebody set for a server, and that are not kept to. */
async function checkLeftOut(source: ConnectionSource, servers: readonly Target[]): Promise<readonly Finding[]> {
  const byOption = new Map<string, string[]>();
  for (const target of servers) {
    const account = await source.explain?.(target, 'brief');
    for (const { option } of account?.leftOut ?? []) byOption.set(option, [...(byOption.get(option) ?? []), target.id]);
  }
  const words = [...byOption].map(([option, [first = '', ...more]]) => {
    return `${option} (${first}${more.length === 0 ? '' : ` and ${more.length} more`})`;
  });
  const next = '`signalbox server test NAME --verbose` says what each would do, and what to do instead.';
  return words.length === 0 ? [] : [warn('ssh options', `left out: ${words.join(', ')}`, next)];
}

async function checkFolder(name: string, path: string): Promise<Finding> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return checkAbove(name, path);
  if (!found.isDirectory()) return bad(name, `${path} is not a folder`, 'Move it away.');
  if (found.uid !== userInfo().uid)
    return bad(name, `${path} belongs to user ${found.uid}`, 'Remove it or set SIGNALBOX_HOME.');
  if ((found.mode & 0o077) !== 0)
    return warn(name, `others can look into ${path}`, `Run \`${await toLocalCommand(['chmod', '700', path])}\`.`);
  return isWritable(path)
    ? ok(name, path)
    : bad(name, `${path} cannot be written`, 'Check its owner, mode and file system.');
}

/** A folder that is not there yet will be made: somewhere above it that must be possible. */
function checkAbove(name: string, path: string): Finding {
  let above = dirname(path);
  while (!lstatSync(above, { throwIfNoEntry: false }) && dirname(above) !== above) above = dirname(above);
  if (isWritable(above)) return ok(name, `${path} (made when it is needed)`);
  return bad(name, `${path} cannot be made`, `Make ${above} writable, or set SIGNALBOX_HOME.`);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function checkRules(path: string, text: string): void {
  const [problem] = readRuleFile(text, 'global').problems;
  if (problem) throw new OperationError('CONFIG_INVALID', toProblemSentence(path, problem));
}

async function checkJson(path: string, checkMeaning: (text: string) => Promise<void>): Promise<Finding | null> {
  try {
    const file = await readConfigFile(path);
    if (!file) return null;
    readJson(file.text);
    await checkMeaning(file.text);
    return ok('config file', path);
  } catch (error) {
    if (error instanceof OperationError) return bad('config file', error.message, 'Until then it is refused.');
    if (!(error instanceof JsonTextError)) throw error;
    return bad('config file', `${path}, line ${error.line}: not valid JSON, ${error.message}`, 'Correct that line.');
  }
}
