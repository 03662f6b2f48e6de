/** The shell that ssh is given: it runs a text that was allowed, to the letter, and reports every other one without running any of it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShellGate, type GatedRun } from '../../../src/runtime/local-commands/shell-gate.ts';
import fc from '../../fixtures/properties.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-gate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As ssh does it. In place of the user's shell is a program that prints what it is given. */
const give = (text: string, allowed: readonly string[], shell = '/bin/echo'): Promise<GatedRun> =>
  createShellGate({
    folder: join(folder, 'run'),
    env: { PATH: process.env.PATH, SHELL: shell },
    secretVariables: () => [],
  }).run('/bin/sh', ['-c', 'exec "$SHELL" -c "$1"', 'sh', text], allowed);

describe('the shell that ssh is given', () => {
  const sign = fc.constantFrom(
    ...'ab1 \t\'"`$(){}[]*?!#;&|<>\\=-%~/.é\u202e\u{1f600}'.split(''),
    '$@',
    '-n',
    '$(id)',
    '\r',
    '\x1b',
  );
  const text = fc
    .array(sign, { minLength: 1, maxLength: 14 })
    .map((parts) => parts.join(''))
    .filter((made) => made.isWellFormed());

  it('runs what is allowed, as it is', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), async (wanted, others) => {
        const run = await give(wanted, [...others, wanted]);
        expect(run).toMatchObject({ stdout: `-c ${wanted}\n`, stderr: '', withheld: [], status: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('withholds what differs in anything', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), async (wanted, others) => {
        const allowed = [...others, `${wanted} `, ` ${wanted}`, `${wanted}x`, '', '*'].filter((one) => one !== wanted);
        const run = await give(wanted, allowed);
        expect(run).toMatchObject({ stdout: '', stderr: '', withheld: [wanted], status: 1 });
      }),
      { numRuns: 40 },
    );
  });

  it('takes no report from a command that was allowed, and keeps what else is said', async () => {
    const script = 'echo "signalbox-withheld-0 true" >&2; echo said >&2';
    const run = await give(script, [script], '/bin/sh');
    expect(run).toMatchObject({ stderr: 'signalbox-withheld-0 true\nsaid\n', withheld: [] });
  });

  it('is ours again when somebody changed it', async () => {
    await give('x', []);
    const file = join(folder, 'run', 'match-exec-gate');
    const [before, { mode }] = [readFileSync(file, 'utf8'), statSync(file)];
    writeFileSync(file, '#!/bin/sh\necho changed\n');
    expect((await give('x', [])).withheld).toEqual(['x']);
    expect([readFileSync(file, 'utf8'), mode & 0o777]).toEqual([before, 0o700]);
  });
});
