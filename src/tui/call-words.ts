/**
 * What the host does while a call of the screen is not answered, in words that follow "…". Pure.
 */
import type { MethodName, Params } from '../protocol/methods.ts';

type Words = { readonly [Name in MethodName]?: string | ((params: Params<Name>) => string) };

/** Those that are not named are answered from memory; when even they take long, the host is slow. */
const words: Words = {
  'operation.perform': ({ operation, input }) => toOperationWords(operation, input),
  'openItem.storeImage': 'reading the file from its server',
  'snapshots.purge': 'purging kept contents',
  'recordings.purge': 'purging recordings',
  'audit.page': 'reading the audit log',
  'audit.detail': 'reading the records',
  'audit.recording': 'reading the recording',
  'audit.verify': 'verifying the audit log',
  'rollback.preview': 'looking what a rollback would do',
  'session.changes': 'collecting what the session changed',
  'server.test': ({ server }) => `testing ${server}`,
  'server.facts': ({ server }) => `asking ${server} what it is`,
  'server.trustKey': ({ server }) => `trusting the key of ${server}`,
  'vault.unlock': 'opening the vault',
  'servers.reload': 'reading the server files',
  'agents.reload': 'reading agents.json',
  'agent.probe': ({ agent }) => `starting ${agent} once`,
  'session.new': 'opening a session',
  'session.start': 'starting the agent',
  'session.switchAgent': 'switching the agent',
  'session.setOption': 'the agent is told of the option',
  'session.setMode': 'the agent is told of the mode',
  'session.prompt': 'sending the prompt',
  'session.kill': 'ending the session',
  'policy.propose': 'looking which rules there could be',
  'policy.add': 'saving the rule',
};

/** They stay open for as long as they are used, or are nobody's wish. */
const silent: readonly MethodName[] = [
  'shell.attach',
  'view.attach',
  'hello',
  'cancel',
  'session.seen',
  'session.items',
  'session.cancel',
];

/** Null where nothing is to be said of it. */
export function toCallWords(method: MethodName, params: unknown): string | null {
  if (silent.includes(method)) return null;
  const found = words[method] as string | ((params: unknown) => string) | undefined;
  if (found === undefined) return 'waiting for the host';
  return typeof found === 'string' ? found : found(params);
}

/** `rollback_file` waits for the card that it asks, too. */
function toOperationWords(operation: string, input: unknown): string {
  if (operation === 'remote_list_dir') return 'listing the folder';
  if (operation === 'durable_command')
    return durableWords.get(Reflect.get(Object(input), 'act')) ?? 'looking after a durable command';
  return operation === 'rollback_file' ? 'rolling back, after your approval' : `${operation} is under way`;
}

/** By what is done with it. */
const durableWords: ReadonlyMap<unknown, string> = new Map([
  ['follow', 'following a command that goes on without you'],
  ['stop', 'stopping a durable command'],
]);
