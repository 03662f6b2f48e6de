/** What is damaged of the program's own files is said in one sentence each, and what is whole or missing is not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrokenFiles } from '../../src/runtime/broken-files.ts';
import { toPaths } from '../../src/runtime/paths.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-broken-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function find(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text, { mode: 0o600 });
  }
  const found = await findBrokenFiles(toPaths({ SIGNALBOX_HOME: home }));
  for (const { path, problem } of found) expect(problem).toContain(path);
  return found.map(({ problem }) => problem.replaceAll(`${home}/`, ''));
}

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ';

describe('files of the program', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['nothing yet', {}],
    ['a head', { 'data/audit/head.json': '{"seq":3,"hash":"ab"}' }],
    ['a checkpoint that a kill cut', { 'data/audit/checkpoints.jsonl': '{"seq":1,"ha' }],
    ['trusted files', { 'config/trusted.json': '{"version":1,"files":{}}' }],
    ['host keys and comments', { 'config/known_hosts': `# mine\n\nweb ssh-ed25519 ${key}\n` }],
    ['prompts, one of which a kill cut', { 'data/prompts/history.ndjson': '"one"\n"two"\n"thr' }],
    ['folders with something in them', { 'data/recordings/a': '', 'data/sessions/b': '' }],
  ])('that are well are not mentioned: %s', async (_name, files) => {
    expect(await find(files)).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['data/audit/head.json', '{"seq":', /head\.json is damaged.*`signalbox audit verify`, then delete it/],
    ['data/audit/head.json.damaged', '{', /was damaged when a host started.*`signalbox audit verify`, then delete it/],
    ['data/audit/checkpoints.jsonl', 'x\ny\n', /has 2 lines that are no checkpoints; put it back from a copy/],
    ['config/trusted.json', '[]', /trusted\.json is damaged; delete it, then trust/],
    ['config/known_hosts', `web ssh-ed25519 ${key}\nweb ssh-rsa junk\n`, /known_hosts, line 2 holds no host key/],
    ['data/prompts/history.ndjson', 'x\ny\n"z"\n', /has 2 of 3 lines that are no prompts.*delete it/],
    ['data/prompts/history.ndjson', 'x\n', /has 1 of 1 lines/],
    ['data/recordings', '', /data\/recordings is not a folder; move it away/],
    ['data/audit', '', /data\/audit is not a folder; move it away/],
    ['data/audit/head.json/x', '', /head\.json is a folder where a file belongs; move it away/],
  ])('that are damaged are named: %s with %j', async (name, text, sentence) => {
    const found = await find({ [name]: text });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });
});
