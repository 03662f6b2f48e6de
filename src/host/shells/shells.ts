/** All interactive shells of the operator. They belong to the host: screens come and go. */
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import type { Gate } from '../../core/gate.ts';
import { limits } from '../../core/limits.ts';
import { operatorOperations } from '../../core/operations/table.ts';
import type { Params } from '../../protocol/methods.ts';
import type { ViewStore } from '../view-store.ts';
import { Shell } from './shell.ts';

export class Shells {
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #store: ViewStore;
  readonly #shells = new Map<string, Shell>();
  #lastNumber = 0;

  constructor(gate: Gate, clock: Clock, store: ViewStore) {
    this.#gate = gate;
    this.#clock = clock;
    this.#store = store;
  }

  /** Throws INVALID_ARGUMENT, and TOO_LARGE when there are too many. What the server says is told by the view. */
  open(params: Params<'shell.open'>, door: 'screen' | 'cli', workspace: string | null): string {
    const parsed = operatorOperations.shell_open.input.safeParse(params);
    if (!parsed.success)
      throw new OperationError('INVALID_ARGUMENT', `The shell cannot be opened: ${parsed.error.issues[0]?.message}.`);
    this.#checkRoom(params.server);
    this.#lastNumber += 1;
    const id = `shell-${this.#lastNumber}`;
    const { server, columns, rows } = params;
    this.#store.publish({
      type: 'shell.added',
      shell: {
        ...{ id, server, title: '', columns, rows, state: 'opening', problem: null, watchers: 0 },
        startedAtMs: this.#clock.nowMs(),
      },
    });
    const shell = new Shell({
      ...{ id, input: parsed.data, gate: this.#gate, clock: this.#clock },
      caller: { origin: 'operator', door, session: null, agent: null, servers: 'all', workspace, readonly: false },
      onChange: (change) => this.#store.publish({ type: 'shell.changed', id, change }),
      onGone: () => this.#remove(id),
    });
    this.#shells.set(id, shell);
    return id;
  }

  /** Throws INVALID_ARGUMENT for one that there is not. */
  find(id: string): Shell {
    const shell = this.#shells.get(id);
    if (!shell) throw new OperationError('INVALID_ARGUMENT', `There is no shell ${id} any more; open another one.`);
    return shell;
  }

  /** Hangs it up; one that has ended already goes out of the view. */
  close(id: string): void {
    const shell = this.find(id);
    if (this.#store.view.shells[id]?.state === 'ended') this.#remove(id);
    else shell.dispose();
  }

  /** Hangs up all of them; resolves when they have ended. */
  async dispose(): Promise<void> {
    const shells = [...this.#shells.values()];
    for (const shell of shells) shell.dispose();
    await Promise.all(shells.map(({ ended }) => ended));
  }

  #remove(id: string): void {
    this.#shells.get(id)?.forget();
    this.#shells.delete(id);
    this.#store.publish({ type: 'shell.removed', id });
  }

  #checkRoom(server: string): void {
    const all = Object.values(this.#store.view.shells);
    const here = all.filter((shell) => shell.server === server);
    if (here.length >= limits.shellsPerServerMax)
      throw new OperationError(
        'TOO_LARGE',
        `${server} has ${here.length} shells open already; close one of them first.`,
      );
    if (all.length >= limits.shellsMax)
      throw new OperationError('TOO_LARGE', `There are ${all.length} shells open already; close one of them first.`);
  }
}
