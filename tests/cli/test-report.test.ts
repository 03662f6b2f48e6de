/** How a tested server is shown at 80 columns: each step a line, its time at the edge, and at the end what to do next, whole. */
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/base/display/width.ts';
import { type TestReportOptions, type TestSteps, toTestReport } from '../../src/cli/test-report.ts';

const key = 'ssh-ed25519 SHA256:v2hxmNzaJrc9YwSX92MccMjS7v6y/HthcBKI7/vTFIw';
const command = 'signalbox server trust-key web SHA256:v2hxmNzaJrc9YwSX92MccMjS7v6y/HthcBKI7/vTFIw';
const good: TestSteps = [
  { name: 'Settings', ok: true, detail: 'ssh alias web of ~/.ssh/config lines 3, 12', notes: ['Port 2200 (line 4)'] },
  { name: 'Jump host', ok: true, detail: 'bastion (admin@10.0.0.1:22)', ms: 84.2 },
  { name: 'Network', ok: true, detail: '10.1.2.3:2200 answers as OpenSSH_9.2p1', ms: 2.04 },
  { name: 'Host key', ok: true, detail: key, notes: ['known from ~/known_hosts line 3'] },
  {
    name: 'Login',
    ok: true,
    detail: 'deploy, with the key /home/me/.ssh/a-key-with-quite-a-long-name-indeed',
    ms: 10_300,
  },
  { name: 'Commands', ok: true, detail: 'bash on Linux', ms: 6, notes: ['a round trip takes 1.8 ms'] },
];
const report = (more: Partial<TestReportOptions> = {}): readonly string[] =>
  toTestReport({
    ...{ server: 'web', address: 'deploy@10.1.2.3:2200', environment: 'staging', steps: good, columns: 80 },
    ...{ isUtf8: true, isColoured: false, isVerbose: false, ...more },
  });

describe('the report of a test', () => {
  it('does not say how long connecting took where the login was not timed', () => {
    const steps = good.map((step) => (step.name === 'Login' ? { ...step, ms: null } : step));
    expect(report({ steps }).at(-1)).toBe('  Everything works, a round trip takes 1.8 ms.');
  });

  it('has a line a step, times at the edge, and a sentence at the end', () => {
    expect(report()).toEqual([
      'web  deploy@10.1.2.3:2200  staging',
      '',
      '  ✓ Settings   ssh alias web of ~/.ssh/config lines 3, 12',
      `  ✓ Jump host  bastion (admin@10.0.0.1:22)${'84 ms'.padStart(38)}`,
      `  ✓ Network    10.1.2.3:2200 answers as OpenSSH_9.2p1${'2.0 ms'.padStart(27)}`,
      `  ✓ Host key   ${key}`,
      `  ✓ Login      deploy, with the key${'10.3 s'.padStart(45)}`,
      '               /home/me/.ssh/a-key-with-quite-a-long-name-indeed',
      `  ✓ Commands   bash on Linux${'6.0 ms'.padStart(52)}`,
      '',
      '  Everything works: connected in 10.4 s, a round trip takes 1.8 ms.',
    ]);
  });

  it('shows all that was seen where that is wanted', () => {
    const lines = report({ isVerbose: true });
    expect(lines).toContain('               Port 2200 (line 4)');
    expect(lines).toContain('               known from ~/known_hosts line 3');
  });

  it('says why a step failed, what was seen of it, and the command that is next, whole', () => {
    const detail = `The host key of web (10.1.2.3:2200), ${key}, is not known yet; compare it with what its owner says, then run \`${command}\`.`;
    const steps = [good[0], { name: 'Host key', ok: false, detail, notes: ['seen\x1b[2Jhere'] }] as TestSteps;
    const lines = report({ steps });
    expect(lines.at(-1)).toBe(command);
    expect(lines.slice(3, -2).join(' ').replace(/ +/g, ' ')).toMatch(
      /^ ✗ Host key The host key of web .*, then run the command below\. seen\\x1b\[2Jhere$/,
    );
    expect(lines.slice(0, -1).every((line) => textWidth(line) <= 80)).toBe(true);
    expect(report({ steps, isUtf8: false })[3]).toMatch(/^ {2}failed Host key {3}The host key of web/);
  });

  it('is coloured only where that is wanted, and never by what a server says', () => {
    expect(report({ isColoured: true })[2]).toMatch(/^ {2}\x1b\[32m✓\x1b\[0m Settings/);
    const steps = [{ name: 'Network', ok: true, detail: 'a\x1b[31mred\x07', ms: 1 }];
    expect(report({ steps }).join('\n')).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});
