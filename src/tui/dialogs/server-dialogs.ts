/**
 * The dialogs about the registry beside a server's form: hosts of ~/.ssh/config to register, and taking a server out.
 */

import type { ServerView } from '../../protocol/view.ts';
import type { FormSpec } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { cell, foreign, plain, span } from '../present/text.ts';
import { toCount, toEnvironmentToken, toEnvironmentWord } from '../present/words.ts';
import type { SshHost } from '../server-desk.ts';

export interface ImportRequest {
  readonly hosts: readonly SshHost[];
  /** Null when it is done, else why not. */
  add(aliases: readonly string[], environment: string): Promise<string | null>;
}

/** Addresses stand below each other, also beside a few long names. */
const aliasColumnsMax = 24;

/** Each host is registered by its alias, so that it never goes stale. */
export function toImportForm({ hosts, add }: ImportRequest): FormSpec {
  const open = hosts.filter(({ isRegistered, problem }) => !isRegistered && problem === undefined);
  const [only] = open.length === 1 ? open : [];
  const aliasColumns = Math.min(aliasColumnsMax, Math.max(0, ...hosts.map(({ alias }) => alias.length)));
  return {
    title: 'Hosts of ~/.ssh/config',
    intro: [
      plain(
        'They are registered by their alias: address, user, keys and jump hosts are looked up there with every connection.',
        'muted',
      ),
    ],
    fields: [
      {
        kind: 'one',
        name: 'environment',
        label: 'Environment of those you choose',
        options: (['production', 'staging', 'development'] as const).map((id) => ({
          id,
          label: [span(id === 'production' ? 'PRODUCTION' : id, toEnvironmentToken(id))],
          disabled: null,
        })),
        chosen: [],
        isOptional: true,
      },
      {
        kind: 'many',
        name: 'hosts',
        label: `${toCount(open.length, 'host')}: ${keyWord('form', 'toggleChoice')} chooses, ${keyWord('form', 'toggleAll')} all or none`,
        options: hosts.map((host) => ({
          id: host.alias,
          label: [
            span(cell(foreign(host.alias), aliasColumns), open.includes(host) ? 'text' : 'muted'),
            span(`  ${toHostWords(host)}`, 'muted'),
          ],
          disabled: toObstacle(host),
        })),
        chosen: only ? [only.alias] : [],
      },
    ],
    verb: 'registers them',
    submit(values) {
      const [environment] = values.chosen('environment');
      const aliases = values.chosen('hosts');
      if (aliases.length === 0) return `Choose at least one host with ${keyWord('form', 'toggleChoice')}.`;
      if (environment === undefined)
        return `Choose an environment with ${keyWord('form', 'toggleChoice')}; it decides how careful policy is.`;
      return add(aliases, environment);
    },
  };
}

function toHostWords({ alias, id, isRegistered, problem, address = null, otherNames = [] }: SshHost): string {
  if (isRegistered) return `registered as ${foreign(id)}`;
  if (problem !== undefined) return foreign(problem);
  const as = id === alias ? [] : [`as ${id}`];
  return foreign(
    [address ?? '', ...otherNames.map((name) => `also ${name}`), ...as].filter((part) => part !== '').join(', '),
  );
}

function toObstacle({ alias, id, isRegistered, problem }: SshHost): string | null {
  if (isRegistered) return `${alias} is registered already, as ${id}.`;
  return problem === undefined ? null : `${alias} ${problem}.`;
}

export function toRemoveServerForm(server: ServerView, remove: () => Promise<string | null>): FormSpec {
  return {
    title: 'Take a server out',
    intro: [
      [
        span(foreign(server.id), 'title', { bold: true }),
        span(`  ${foreign(server.address)}  `, 'muted'),
        span(toEnvironmentWord(server), toEnvironmentToken(server.environment)),
      ],
      plain(
        `Its record leaves the ${server.scope} file; sessions that use it lose it. The server itself, the audit log and the snapshots stay as they are.`,
      ),
      ...(server.shadowsGlobal ? [plain('The global record of the same id counts again then.', 'warn')] : []),
    ],
    fields: [],
    verb: 'takes it out',
    submit: () => remove(),
  };
}
