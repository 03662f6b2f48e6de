/** What a person has set up for an agent and the agent does not see here, since its HOME is another. It only looks, and copies nothing. */
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths } from '../../core/paths.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { readModelSettings } from './import-login.ts';
import { toAgentHome } from './launch.ts';
import { toOwnPlace, toPerson } from './own-files.ts';

/** One sentence for the person; null when everything is here, or there is nothing that could be copied. Never rejects. */
export async function findUnusedSettings(
  profile: Pick<AgentProfile, 'id' | 'label' | 'loginFiles' | 'movedBy' | 'modelSettings' | 'origin'>,
  { paths, env }: { readonly paths: Pick<Paths, 'agentsFolder'>; readonly env: NodeJS.ProcessEnv },
): Promise<string | null> {
  if (profile.origin === 'command line') return null;
  const { id, label, loginFiles } = profile;
  const person = toPerson(env);
  const home = toAgentHome(paths, id);
  const isMissing = async (path: string): Promise<boolean> => !(await succeeds(lstat(join(home, path))));
  const logins: string[] = [];
  for (const path of loginFiles) {
    const place = toOwnPlace(profile, path, person);
    if (place && (await succeeds(stat(place.path))) && (await isMissing(path))) logins.push(place.words);
  }
  const mine = await readModelSettings(profile, person).catch(() => null);
  const models = mine?.settings && (await isMissing(mine.settings.path)) ? mine.settings.from : [];
  if (logins.length + models.length === 0) return null;
  const what = [...(logins.length > 0 ? ['login'] : []), ...(models.length > 0 ? ['choice of model'] : [])].join(
    ' and ',
  );
  const files = [...logins, ...models].join(', ');
  return `${label} has a HOME of its own here and does not see your ${what} (${files}); to use yours, run \`signalbox agent login ${id} --import\` and begin a new session.`;
}

async function succeeds(look: Promise<unknown>): Promise<boolean> {
  return await look.then(
    () => true,
    () => false,
  );
}
