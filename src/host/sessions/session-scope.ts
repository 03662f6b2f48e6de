/** Which servers of a session are still those that were meant: one whose record is another by now stays out until a person confirms it. */
import { OperationError } from '../../core/codes.ts';
import type { KeptSession } from '../../core/kept-session.ts';
import type { Registry } from '../../core/ports.ts';
import type { ChangedServerView } from '../../protocol/view.ts';
import type { Session } from './session.ts';

type Records = NonNullable<KeptSession['serverRecords']>;

export interface SessionScopeOptions {
  readonly session: Pick<Session, 'id' | 'memory' | 'tell'>;
  readonly registry: Registry;
  onChange(change: {
    readonly servers: readonly string[];
    readonly changedServers: readonly ChangedServerView[];
  }): void;
}

export class SessionScope {
  readonly #options: SessionScopeOptions;
  #told = '[]';

  constructor(options: SessionScopeOptions) {
    this.#options = options;
  }

  /**
   * The servers that an agent gets now. What changed is shown, and said once. Rejects with OperationError when a server is not there any
   * more, and CONFLICT when none is left.
   */
  async check(): Promise<readonly string[]> {
    const { session, onChange } = this.#options;
    const { kept } = session.memory;
    const now = await this.#read();
    // A session of an earlier version did not keep them: then what is there now counts as meant.
    const meant: Records = { ...now, ...kept.serverRecords };
    if (kept.servers.some((id) => kept.serverRecords?.[id] === undefined))
      session.memory.change({ serverRecords: meant });
    const changed = kept.servers.flatMap((id): ChangedServerView[] => {
      const [was, is] = [meant[id], now[id]];
      return was === undefined || is === undefined || was.hash === is.hash
        ? []
        : [{ id, was: was.address, now: is.address }];
    });
    const servers = kept.servers.filter((id) => !changed.some((one) => one.id === id));
    const told = JSON.stringify(changed);
    if (told !== this.#told) {
      this.#told = told;
      onChange({ servers, changedServers: changed });
      for (const one of changed) session.tell(this.#toSentence(one));
    }
    const [first] = changed;
    if (servers.length === 0 && first) throw new OperationError('CONFLICT', this.#toSentence(first));
    return servers;
  }

  /** A person says that these are meant as they are now. Throws INVALID_ARGUMENT for one that is as it was, or not of this session. */
  async confirm(servers: readonly string[]): Promise<void> {
    const { memory, id } = this.#options.session;
    const now = await this.#read();
    const before = memory.kept.serverRecords ?? {};
    for (const server of servers)
      if (now[server] === undefined || before[server] === undefined || before[server].hash === now[server].hash)
        throw new OperationError('INVALID_ARGUMENT', `Server "${server}" of session ${id} needs no confirmation.`);
    const confirmed = Object.fromEntries(servers.flatMap((server) => (now[server] ? [[server, now[server]]] : [])));
    memory.change({ serverRecords: { ...before, ...confirmed } });
    // Others may still wait for it.
    await this.check().catch(() => undefined);
  }

  async #read(): Promise<Records> {
    const { servers, workspace } = this.#options.session.memory.kept;
    const records: Record<string, Records[string]> = {};
    for (const server of servers) {
      const { recordHash, address } = await this.#options.registry.resolve(server, workspace);
      records[server] = { hash: recordHash, address };
    }
    return records;
  }

  #toSentence({ id, was, now }: ChangedServerView): string {
    const what = was === now ? `its record is another by now (${now})` : `it was ${was} and is ${now} now`;
    const command = `\`signalbox session confirm ${this.#options.session.id} ${id}\``;
    return `Server "${id}" was changed since this session began: ${what}. It stays out of the session until you run ${command}.`;
  }
}
