/** Edits of servers.json: the record and nothing else, whatever the file looks like. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/runtime/config-file.ts';
import { addServerRecord, removeServerRecord } from '../../../src/runtime/registry/edit-servers.ts';
import fc from '../../fixtures/properties.ts';
import { openWorkbench, record, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

const textOf = (file: string): string => readFileSync(file, 'utf8');

describe('adding', () => {
  it('makes the file and its folder for the owner only', async () => {
    await addServerRecord({ file: bench.paths.serversFile, trust: null }, { id: 'web-1' });
    expect(JSON.parse(textOf(bench.paths.serversFile))).toEqual([{ id: 'web-1' }]);
    expect(statSync(bench.paths.serversFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(bench.paths.serversFile)).mode & 0o777).toBe(0o700);
  });

  it.each([
    '[]',
    '[\n]\n',
    ' [ ] ',
    '[{"id":"a"}]',
    '[\n\t{ "id" : "a" }\n]\n',
    '[{"id":"a"}, {"id":"b","x":[1,\n2]}\n  ]',
  ])('keeps what %j says, byte for byte', async (text) => {
    const file = bench.writeGlobal(text);
    await addServerRecord({ file, trust: null }, { id: 'web-1' });
    expect(JSON.parse(textOf(file))).toEqual([...JSON.parse(text), { id: 'web-1' }]);
    await removeServerRecord({ file, trust: null }, 'web-1');
    expect(textOf(file).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('keeps the mode and leaves no temporary file', async () => {
    const file = bench.writeGlobal('[]', 0o644);
    // What the host has.
    const umask = process.umask(0o077);
    try {
      await addServerRecord({ file, trust: null }, { id: 'web-1' });
    } finally {
      process.umask(umask);
    }
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(dirname(file))).toEqual(['servers.json']);
  });
});

describe('refused edits leave the file as it was', () => {
  it.each([
    ['an id that is there', '[{"id": "web-1"}]', 0o600, 'already in'],
    ['broken JSON', '[{"id": }]', 0o600, 'line 1: not valid JSON'],
    ['no array', '{}', 0o600, 'must be a JSON array'],
    ['a file others can write', '[]', 0o666, 'chmod go-w'],
  ])('adding to %s', async (_name, text, mode, message) => {
    const file = bench.writeGlobal(text, mode);
    await expect(addServerRecord({ file, trust: null }, { id: 'web-1' })).rejects.toThrowError(message);
    expect(textOf(file)).toBe(text);
  });

  it.each(['[]', '[{"id": "web-2"}]', '[3, "web-1", null, ["web-1"]]'])(
    'removing from %s what is not there',
    async (text) => {
      const file = bench.writeGlobal(text);
      await expect(removeServerRecord({ file, trust: null }, 'web-1')).rejects.toThrowError('No server "web-1"');
      expect(textOf(file)).toBe(text);
    },
  );
});

describe('trust', () => {
  const edit = () => ({ file: bench.workspaceFile, trust: bench.trust });
  const isTrusted = async (): Promise<boolean> => {
    const file = await readConfigFile(bench.workspaceFile);
    return await bench.trust.isTrusted(bench.workspaceFile, file?.sha256 ?? '');
  };

  it('follows our own edits of a new or trusted file', async () => {
    expect(await addServerRecord(edit(), record('web-1') as { id: string })).toEqual({ trusted: true });
    expect(await isTrusted()).toBe(true);
    expect(await removeServerRecord(edit(), 'web-1')).toEqual({ trusted: true });
    expect(await isTrusted()).toBe(true);
  });

  it('is not given to a file that was not trusted before', async () => {
    bench.writeWorkspace([record('web-2')]);
    expect(await addServerRecord(edit(), record('web-1') as { id: string })).toEqual({ trusted: false });
    expect(await isTrusted()).toBe(false);
  });
});

it('any sequence of edits of any formatting gives the records one expects', async () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      ids,
      fc.constantFrom(0, 1, 2, '\t'),
      fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')),
      async (start, indent, steps) => {
        const file = bench.writeGlobal(
          JSON.stringify(
            start.map((id) => ({ id, x: [1] })),
            null,
            indent,
          ),
        );
        let expected: { id: string; x: number[] }[] = start.map((id) => ({ id, x: [1] }));
        for (const id of steps) {
          if (expected.some((one) => one.id === id)) {
            await removeServerRecord({ file, trust: null }, id);
            expected = expected.filter((one) => one.id !== id);
          } else {
            await addServerRecord({ file, trust: null }, { id, x: [1] } as { id: string });
            expected.push({ id, x: [1] });
          }
        }
        expect(JSON.parse(textOf(file))).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});
