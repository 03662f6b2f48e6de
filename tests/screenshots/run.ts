/**
 * `npm run screenshots`: walks through the demo with the real screen, a real host and an emulator in place of the terminal, and writes what is
 * seen as SVG. Time goes a thousand times slower for both, so that a second run shows the same.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { toScreenshots } from './story.ts';

const sizes = [
  { columns: 200, rows: 50 },
  { columns: 80, rows: 24 },
] as const;

process.exitCode = await run(process.argv[2] ?? '', process.argv[3] ?? '');

/** @param main the built program. @param slowClock the module that slows the time of the host. */
async function run(main: string, slowClock: string): Promise<number> {
  const folder = join(process.cwd(), '.github', 'screenshots');
  const pictures = new Map<string, string>();
  for (const size of sizes) {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-screenshots-')));
    try {
      for (const { name, svg } of await toScreenshots({ main, slowClock, home, size }))
        pictures.set(`${name}-${size.columns}x${size.rows}.svg`, svg);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  const told = findPrivate(pictures);
  if (told !== null) {
    process.stderr.write(`${told}\n`);
    return 1;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.svg') && !pictures.has(name)) rmSync(join(folder, name));
  for (const [name, svg] of pictures) {
    const isSame = readdirSync(folder).includes(name) && readFileSync(join(folder, name), 'utf8') === svg;
    writeFileSync(join(folder, name), svg);
    process.stdout.write(`${isSame ? 'same    ' : 'changed '} .github/screenshots/${name} (${svg.length} bytes)\n`);
  }
  return 0;
}

/** Nothing of this machine may be in a picture that everybody sees. */
function findPrivate(pictures: ReadonlyMap<string, string>): string | null {
  const words = [tmpdir(), process.cwd(), hostname(), userInfo().homedir, 'signalbox-screenshots-'];
  for (const [name, svg] of pictures) {
    const found = words.find((word) => word.length > 2 && svg.includes(word));
    if (found !== undefined) return `${name} shows "${found}", which is of this machine; nothing was written.`;
  }
  return null;
}
