/** The version of this program, from the package.json it was installed with. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Works from the sources and from the bundle: the nearest package.json above this file is ours. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }).version;
}

/** Folder of the installed package. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown };
      if (name === 'signalbox') return folder;
    } catch {
      // No package.json here: the next folder up is asked.
    }
    const above = dirname(folder);
    if (above === folder) throw new Error('The package.json of signalbox is missing; install it again.');
    folder = above;
  }
}
