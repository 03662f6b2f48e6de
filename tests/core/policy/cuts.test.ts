/** Forms that could carry a secret past the redaction of a server: parts of lines, other encodings. They ask there, and only there. */
import { describe, expect, it } from 'vitest';
import { decideLine, target } from './set-up.ts';

const redacting = target({ redactOutput: true });
const open = target({ redactOutput: false });

const cutting = `
cut -d= -f2 /srv/app/main.conf
cut -c 10-40 /srv/app/main.conf
cut -b10-40 /srv/app/main.conf
cut --complement -d '=' -f 1 /srv/app/main.conf
cut --output-delimiter=x -d: -f1,2 /etc/nginx/nginx.conf
cut -d: -f1 /etc/passwd /srv/app/main.conf
head -c 100 /srv/app/main.conf
head -c100 /srv/app/main.conf
head --bytes=100 /srv/app/main.conf
head -qc 1K /srv/app/main.conf
tail -c 20 /srv/app/main.conf
tail -c20 /srv/app/main.conf
tail -c +20 /srv/app/main.conf
tail --bytes 20 /srv/app/main.conf
grep -o 'word=.*' /srv/app/main.conf
grep -oP '(?<==).*' /srv/app/main.conf
grep -io '=.*$' /srv/app/main.conf
grep --only-matching '[^=]*$' /srv/app/main.conf
grep -rho '[^=]*$' /srv/app
egrep -o '=.*' /srv/app/main.conf
fgrep -o hunter /srv/app/main.conf
grep --color=always wor /srv/app/main.conf
grep --colour=always wor /srv/app/main.conf
zgrep -o '=.*' /var/log/app.log.1.gz
column -t -s '=' /srv/app/main.conf
column /srv/app/main.conf
sort /srv/app/main.yml
sort -k2 -t= /srv/app/main.conf
sort -u /srv/app/main.conf
tac -s '=' /srv/app/main.conf
tac /srv/app/main.conf
strings -n 8 /srv/app/main.conf
od -c /srv/app/main.conf
od -A x -t x1z /srv/app/main.conf
hexdump -C /srv/app/main.conf
cmp -l /srv/app/main.conf /srv/app/old.conf
cmp -b /srv/app/main.conf /srv/app/old.conf
diff -y -W 20 /srv/app/main.conf /dev/null
diff --color=always /srv/app/main.conf /dev/null
`
  .trim()
  .split('\n');

const whole = `
cat /srv/app/main.conf
grep -n word /srv/app/main.conf
grep -rn word /srv/app
grep --color=never word /srv/app/main.conf
head -n 20 /srv/app/main.conf
tail -n 20 /srv/app/main.conf
wc -c /srv/app/main.conf
diff -u /srv/app/main.conf /srv/app/old.conf
cmp /srv/app/main.conf /srv/app/old.conf
uniq -c /srv/app/main.conf
zgrep word /var/log/app.log.1.gz
cut -d: -f1 /etc/passwd
cut -d: -f1,3 /etc/passwd /etc/group
sort /etc/passwd
sort -t: -k3n /etc/group
grep -o '^[^:]*' /etc/passwd
head -c 64 /etc/os-release
od -c /etc/hostname
`
  .trim()
  .split('\n');

describe('a server whose output is redacted', () => {
  it.each(cutting)('asks about a form that could hide a secret: %s', (line) => {
    const decision = decideLine(line, { on: redacting });
    expect(decision.outcome).toBe('approval-required');
    expect(decision.rule).toMatch(/^command\.[a-z]+\.cut$/);
    expect(decision.reason).toContain('redaction of this server');
  });

  it.each(cutting)('is not asked on another server: %s', (line) => {
    expect(decideLine(line, { on: open }).outcome).toBe('auto-allow');
  });

  it.each(whole)('shows whole lines at once: %s', (line) => {
    expect(decideLine(line, { on: redacting }).outcome).toBe('auto-allow');
  });

  it('does not take a link or a neighbour for a plain table', () => {
    expect(decideLine('cut -d: -f1 /etc/passwd-', { on: redacting }).rule).toBe('command.cut.cut');
    expect(decideLine('cut -d: -f1 /srv/etc/passwd', { on: redacting }).rule).toBe('command.cut.cut');
    expect(decideLine('cut -d: -f1 passwd', { on: redacting, cwd: '/etc' }).outcome).toBe('auto-allow');
  });
});

describe('what a server calls sensitive', () => {
  const on = target({ sensitive: ['/srv/Vault'] });
  it.each([
    'cat /srv/Vault/a',
    'cat /srv/vault/a',
    'cat /SRV/VAULT/a',
    'ls /srv/vault',
    'grep -r a /srv',
    'grep -r a /SRV',
    'diff /srv/a /srv/vAULT/a',
    'diff -r /srv /opt/a',
    'diff /srv /opt/a',
  ])('is so in any case, as what is built in: %s', (line) => {
    expect(decideLine(line, { on }).rule).toBe('floor.sensitive-path');
  });

  it.each(['cat /srv/Vaults/a', 'cat /srv/a', 'ls /srv/vault-b'])('is not its neighbour: %s', (line) => {
    expect(decideLine(line, { on }).outcome).toBe('auto-allow');
  });
});

describe('a comparison', () => {
  it.each([
    'diff /srv/a /srv/b',
    'diff -u /srv/a /srv/b',
    'diff -q /srv/a /srv/b',
    'diff -r /srv/a /srv/b',
    'diff /srv/a /srv/b -N',
  ])('leaves out what is sensitive, because both may be folders: %s', (line) => {
    const { outcome, argv } = decideLine(line);
    expect(outcome).toBe('auto-allow');
    expect(argv).toContain('--exclude=.[sS][sS][hH]');
    expect(argv).toContain('--exclude=.[eE][nN][vV]');
    expect(argv?.slice(-3)).toEqual(['--', '/srv/a', '/srv/b']);
  });

  it.each(['diff /etc /srv/etc', 'diff /srv/a /root', 'diff / /srv', 'diff -q /srv/a /home', 'diff /proc /srv/a'])(
    'does not begin too high: %s',
    (line) => {
      expect(decideLine(line).outcome).toBe('approval-required');
    },
  );
});
