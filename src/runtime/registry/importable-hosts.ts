/** Which hosts of an OpenSSH configuration can be registered, under which id, and which are registered already. Pure. */
import { serverIdPattern } from '../../core/server.ts';
import { isPlainAlias } from './alias-settings.ts';
import { hostNamesOf, namesakesOf } from './ssh-config-text.ts';

export interface ImportableHost {
  readonly alias: string;
  /** Under which it is registered, or would be; of no other host and no record. */
  readonly id: string;
  readonly isRegistered: boolean;
  readonly address: string | null;
  /** Of the same machine, on the same Host line; absent for none. */
  readonly otherNames?: readonly string[];
  /** Why it cannot be registered; absent when it can. */
  readonly problem?: string;
}

export interface RegisteredName {
  readonly id: string;
  /** The alias it stands for; null for a record with an address of its own. */
  readonly ssh: string | null;
}

/**
 * One a machine, as far as `addresses` tells machines from each other, in the order of the text; with `names`, exactly those, also where two are one
 * machine. `addresses` is empty where only OpenSSH itself could say: then the Host lines decide.
 */
export function toImportableHosts(
  text: string,
  addresses: ReadonlyMap<string, string>,
  registered: readonly RegisteredName[],
  names: readonly string[] | 'one a machine' = 'one a machine',
): readonly ImportableHost[] {
  const all = hostNamesOf(text);
  const namesakes = namesakesOf(text, addresses);
  const taken = new Set(registered.map(({ id }) => id));
  const chosen = names === 'one a machine' ? all.filter((name) => !namesakes.has(name)) : names;
  return chosen.map((alias): ImportableHost => {
    const otherNames = names === 'one a machine' ? all.filter((name) => namesakes.get(name) === alias) : [];
    const known = [alias, ...otherNames].flatMap((name) => find(name, registered) ?? [])[0];
    const proposal = known === undefined && isPlainAlias(alias) ? toFreeId(alias, taken) : null;
    if (proposal !== null) taken.add(proposal);
    return {
      ...{ alias, id: known?.id ?? proposal ?? alias, isRegistered: known !== undefined },
      address: addresses.get(alias) ?? null,
      ...(otherNames.length > 0 ? { otherNames } : {}),
      ...(known === undefined && proposal === null ? { problem: 'holds characters that a host name cannot have' } : {}),
    };
  });
}

/** By its alias, or as a server of its own that has the same name. */
function find(alias: string, registered: readonly RegisteredName[]): RegisteredName | undefined {
  return registered.find(({ ssh }) => ssh === alias) ?? registered.find(({ id, ssh }) => ssh === null && id === alias);
}

/** As close to the alias as ids allow; a second one of the same letters gets a number. Null when nothing of it is left. */
function toFreeId(alias: string, taken: ReadonlySet<string>): string | null {
  const plain = alias
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .replace(/^[._-]+/, '');
  for (let count = 1; count <= taken.size + 1; count += 1) {
    const end = count === 1 ? '' : `-${count}`;
    const id = plain.slice(0, idCharactersMax - end.length) + end;
    if (!serverIdPattern.test(id)) return null;
    if (!taken.has(id)) return id;
  }
  return null;
}

const idCharactersMax = 63;
