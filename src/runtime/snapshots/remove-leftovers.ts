/**
 * Takes away what a git or a host that died left in the repository: locks, packs and objects that were begun, reports of a crash. Knows no
 * git process and no images.
 */
import { type Dirent, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Git holds a lock for milliseconds, and no git of ours runs while this looks. */
const lockAgeMsMin = 10_000;

/** Whether what lies there is of a process that is dead, whatever its age: so it is when the host starts, since only one host runs. */
export type LockJudgement = 'all are left over' | 'old ones are left over';

/** Those that a git of ours has to take itself: a young one of somebody else is told instead of met. */
const ownLocks = ['refs/heads/main', 'refs/heads/purging', 'HEAD', 'packed-refs', 'config', 'index'];

/** What is neither a lock nor begun is never touched: git names nothing that it keeps like this. */
const leftovers: readonly { readonly folder: RegExp; readonly name: RegExp }[] = [
  { folder: /^(?!objects\/[0-9a-f]{2}$)/, name: /\.lock$/ },
  // A report of a crash holds what git was given, contents too; the other two are of packing references and of collecting.
  { folder: /^$/, name: /^(?:fast_import_crash_\d+|packed-refs\.new|gc\.pid)$/ },
  { folder: /^objects\/pack$/, name: /^(?:tmp_|\.tmp-)/ },
  { folder: /^objects\/[0-9a-f]{2}$/, name: /^tmp_obj_/ },
  { folder: /^objects$/, name: /^(?:probe-[0-9a-f]+|tmp_objdir-.*)$/ },
  { folder: /^(?:objects\/)?info$/, name: /^(?:refs|packs)_\w{6}$/ },
];

/** Throws when a lock that a git of ours would need is young and may be held. @param repository absolute */
export function removeLeftovers(repository: string, judgement: LockJudgement): void {
  for (const name of listLeftovers(repository, '')) {
    if (isLeftOver(join(repository, name), judgement)) rmSync(join(repository, name), { recursive: true, force: true });
    else if (ownLocks.some((own) => name === `${own}.lock`))
      throw new Error(`${name.slice(0, -5)} is locked by ${name}`);
  }
}

/** Names from the repository on. A lock is for a file, and one for a file in a folder that is not there cannot exist. */
function listLeftovers(repository: string, folder: string): readonly string[] {
  const rules = leftovers.filter((rule) => rule.folder.test(folder));
  return listFolder(join(repository, folder)).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (rules.some((rule) => rule.name.test(entry.name))) return [path];
    return entry.isDirectory() ? listLeftovers(repository, path) : [];
  });
}

function listFolder(folder: string): readonly Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

/** A pack that another git is writing grows all the time. */
function isLeftOver(path: string, judgement: LockJudgement): boolean {
  if (judgement === 'all are left over') return true;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > lockAgeMsMin;
}
