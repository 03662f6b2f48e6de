/** Published ways past lists of harmless commands: every class has its table, and no row of it runs without a question. */
import { describe, expect, it } from 'vitest';
import { optionBypasses } from './option-bypasses.ts';
import { decideLine, target } from './set-up.ts';
import { shellBypasses } from './shell-bypasses.ts';
import { wrapperBypasses } from './wrapper-bypasses.ts';

const classes = Object.entries({ ...shellBypasses, ...optionBypasses, ...wrapperBypasses });

describe.each(classes)('%s', (_name, lines) => {
  it('is tried with many lines', () => {
    expect(lines.length).toBeGreaterThanOrEqual(18);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('never runs without a question, wherever it stands', () => {
    const on = target({ reachable: ['web-2'] });
    const folders = [null, '/srv', '/srv/repo'];
    const allowed = lines.filter((line) =>
      folders.some((cwd) => decideLine(line, { cwd, on }).outcome === 'auto-allow'),
    );
    expect(allowed).toEqual([]);
  });

  it('never becomes allowed by blanks around it or a full name', () => {
    const spelled = lines.flatMap((line) => [` ${line}`, `${line} `, line.replace(/^([a-z0-9]+)(?= )/, '/usr/bin/$1')]);
    expect(spelled.filter((line) => decideLine(line, { cwd: '/srv' }).outcome === 'auto-allow')).toEqual([]);
  });
});

describe('the classes', () => {
  it('are all there', () => {
    expect(classes.map(([name]) => name)).toHaveLength(14);
    expect(classes.reduce((sum, [, lines]) => sum + lines.length, 0)).toBeGreaterThan(600);
  });
});
