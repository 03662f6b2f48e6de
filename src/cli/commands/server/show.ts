/** `signalbox server show`: everything about one record but the values of its credentials. */

import { present } from '../../../base/assert.ts';
import { systemClock } from '../../../base/clock.ts';
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import { toLineLines } from '../../../core/facts/facts-text.ts';
import { createLineNotes } from '../../../runtime/facts/create-line-notes.ts';
import { createServerView } from '../../../runtime/registry/server-view.ts';
import { type CliIo, printJson, printLine, printNote } from '../../output.ts';
import { type Desk, describeAuth, describeSudo, openDesk, withoutSecrets } from './desk.ts';
import { environmentOf, scopeOf } from './list.ts';

export async function showServer(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const desk = openDesk(io);
  const { serversFile, trustFile } = desk.paths;
  const target = await desk.registry.resolve(id, desk.workspace);
  const view = await createServerView({ serversFile, trustFile, trust: desk.trust, home: desk.home })(desk.workspace);
  const entry = present(view.good.get(id), 'A resolved server has an entry.');
  const line = await createLineNotes(desk.paths.factsFolder, systemClock).find(target.recordHash);
  const warnings = view.warnings.filter((warning) => warning.includes(`"${id}"`));
  if (options.json) {
    const { file } = entry;
    printJson(io, { ...target, file, line: entry.line(), record: withoutSecrets(entry.record), warnings, shown: line });
    return;
  }
  for (const warning of warnings) printNote(io, `warning: ${escapeProse(warning)}`);
  const { record } = entry;
  const lines: readonly (readonly [string, string])[] = [
    ['id', id],
    ['address', target.address],
    ...('ssh' in record ? ([['ssh alias', record.ssh]] as const) : []),
    ...(await toProxyLines(desk, id)),
    ['environment', environmentOf(target)],
    ['login', describeAuth(record)],
    ['sudo', describeSudo(record)],
    ...(record.transport === undefined ? [] : ([['ssh by', record.transport]] as const)),
    ...('jump' in record && record.jump !== undefined ? ([['jump', record.jump]] as const) : []),
    ['groups', target.groups.join(', ') || 'none'],
    ['labels', target.labels.join(', ') || 'none'],
    ['roots', target.roots.join(', ') || 'everywhere'],
    ['sensitive', target.sensitive.join(', ') || 'the built-in list'],
    ['read-only', target.readonly ? 'yes' : 'no'],
    ['redaction', target.redactOutput ? 'secrets are hidden from agents' : 'agents see output as it is'],
    ['scope', scopeOf(target)],
    ['record', `${entry.file}, line ${entry.line()}`],
  ];
  for (const [name, value] of lines) printLine(io, `${name.padEnd(12)} ${escapeExact(value)}`);
  for (const [name, value] of toLineLines(line))
    if (value !== null) printLine(io, `${name.padEnd(12)} ${escapeProse(value)}`);
}

/** The commands of this machine that lead there or to its jump hosts, whole, and whether they may run. */
async function toProxyLines(
  { allowedCommands, registry, workspace }: Desk,
  id: string,
): Promise<readonly (readonly [string, string])[]> {
  const lines: (readonly [string, string])[] = [];
  for (const command of await registry.proxyCommandsTo(id, workspace)) {
    const isAllowed = await allowedCommands.isAllowed(command);
    const standing = isAllowed ? 'allowed' : `not allowed yet; see \`signalbox server trust-command ${id}\``;
    const whose = command.server === id ? '' : `, to the jump host ${command.server?.replace(/^ssh:/, '')}`;
    lines.push(['reached by', command.text], ['', `(a command of this machine${whose}, ${standing})`]);
  }
  return lines;
}
