/** ping, dig and getent hosts: at once for registered servers in scope, never with what floods, writes, or asks somebody else. */
import { describe, expect, it } from 'vitest';
import { couldAskOthers, reachableFor } from '../../../src/core/reachable.ts';
import { target as serverTarget } from '../../fixtures/sshd.ts';
import { decideLine, target } from './set-up.ts';

const on = target({ reachable: ['web-1', 'web-1.example.org', '10.0.0.4', 'fd00::4'] });

const allowed = `
ping -c 4 web-1.example.org
ping -c 1 10.0.0.4
ping -c4 -W 2 web-1
ping -n -q -c 20 -i 1 -w 60 10.0.0.4
ping -6 -c 3 fd00::4
ping 10.0.0.4 -c 3
/bin/ping -c 1 WEB-1.example.org
ping -c 1 web-1.example.org.
dig web-1.example.org
dig +short web-1.example.org
dig +short AAAA web-1.example.org
dig web-1.example.org MX +noall +answer
dig -t txt web-1.example.org +time=2 +tries=1
dig -x 10.0.0.4 +short
dig -4 web-1.example.org A web-1.example.org AAAA
getent hosts web-1
getent hosts 10.0.0.4 web-1.example.org
getent ahosts web-1.example.org
getent ahostsv4 web-1.example.org
`
  .trim()
  .split('\n');

const refused = `
ping web-1 => command.ping.form
ping => command.ping.operand
ping -c 4 => command.ping.operand
ping -c 4 example.org => command.ping.host
ping -c 4 10.0.0.5 => command.ping.host
ping -c 4 a.web-1.example.org => command.ping.host
ping -c 4 c2VjcmV0.web-1.example.org => command.ping.host
ping -c 4 web-1.example.org.evil.example => command.ping.host
ping -c 4 web-1.. => command.ping.host
ping -c 4 xweb-1 => command.ping.host
ping -c 4 web-1 10.0.0.5 => command.ping.operand
ping -c 4 167772164 => command.ping.host
ping -c 4 0x0a000004 => command.ping.host
ping -c 4 10.4 => command.ping.host
ping -c 4 fd00:0::4 => command.ping.host
ping -c 4 fd00::4%eth0 => command.ping.operand
ping -f web-1 => command.ping.option
ping -c 4 -f web-1 => command.ping.option
ping -fc 4 web-1 => command.ping.option
ping -c 4 -A web-1 => command.ping.option
ping -c 4 -i 0.001 web-1 => command.ping.option
ping -c 4 -i 0 web-1 => command.ping.option
ping -c 100000 web-1 => command.ping.option
ping -c 0 web-1 => command.ping.option
ping -c 4 -s 65507 web-1 => command.ping.option
ping -c 4 -p 736563726574 web-1 => command.ping.option
ping -c 4 -l 100 web-1 => command.ping.option
ping -c 4 -b web-1 => command.ping.option
ping -c 4 -I eth0 web-1 => command.ping.option
ping -c 4 -R web-1 => command.ping.option
ping -c 4 -T tsonly web-1 => command.ping.option
ping -c 4 -w 100000 web-1 => command.ping.option
ping -c 4 -M do web-1 => command.ping.option
ping -c 4 -- -f => command.ping.operand
ping6 -c 1 web-1 => command.unknown
fping web-1 => command.unknown
hping3 web-1 => command.unknown
dig => command.dig.operand
dig example.org => command.dig.host
dig secret.web-1.example.org => command.dig.host
dig web-1.example.org example.org => command.dig.host
dig 8.8.8.8 => command.dig.host
dig -x 8.8.8.8 => command.dig.host
dig -q example.org => command.dig.host
dig web-1 '@8.8.8.8' => command.dig.option
dig -f /srv/names => command.dig.option
dig -k /etc/bind/rndc.key web-1 => command.dig.option
dig -y hmac:name:c2VjcmV0 web-1 => command.dig.option
dig -b 10.0.0.9 web-1 => command.dig.option
dig -p 5353 web-1 => command.dig.option
dig -m web-1 => command.dig.option
dig +trace web-1 => command.dig.option
dig +nssearch web-1 => command.dig.option
dig +domain=evil.example web-1 => command.dig.option
dig +search web-1 => command.dig.option
dig +subnet=1.2.3.4/32 web-1 => command.dig.option
dig +tries=100000 web-1 => command.dig.option
dig +time=100000 web-1 => command.dig.option
dig +ednsopt=65001:736563726574 web-1 => command.dig.option
dig web-1 AXFR => command.dig.host
dig -t AXFR web-1 => command.dig.option
dig -t ANY web-1 => command.dig.option
dig web-1 -t => command.dig.option
getent hosts => command.getent.operand
getent hosts example.org => command.getent.host
getent hosts web-1 example.org => command.getent.host
getent hosts secret.web-1.example.org => command.getent.host
getent ahosts example.org => command.getent.host
getent shadow => command.getent.operand
getent gshadow root => command.getent.operand
getent netgroup x => command.getent.operand
getent networks => command.getent.operand
getent ethers => command.getent.operand
getent -s dns hosts web-1 => command.getent.option
getent --service=dns hosts web-1 => command.getent.option
host web-1 => command.unknown
nslookup web-1 => command.unknown
traceroute web-1 => command.unknown
mtr web-1 => command.unknown
`
  .trim()
  .split('\n')
  .map((row) => row.split(' => ') as [string, string]);

describe('commands that ask other machines', () => {
  it.each(allowed)('run at once for a server in scope: %s', (line) => {
    const decision = decideLine(line, { on });
    expect(decision.outcome, decision.reason).toBe('auto-allow');
  });

  it.each(allowed)('wait where no server is in scope, and without one: %s', (line) => {
    expect(decideLine(line, { on: target() }).rule).toMatch(/\.host$/);
    expect(decideLine(line, { on: target({ reachable: [] }) }).rule).toMatch(/\.host$/);
    expect(decideLine(line).rule).toMatch(/\.host$/);
  });

  it.each(refused)('wait for a person: %s (%s)', (line, rule) => {
    const decision = decideLine(line, { on });
    expect([decision.outcome, decision.rule]).toEqual(['approval-required', rule]);
  });

  it('has the longer table of refusals', () => {
    expect(refused.length).toBeGreaterThan(3 * allowed.length);
  });

  it('puts the options of ping first', () => {
    expect(decideLine('ping 10.0.0.4 -c 3', { on }).argv).toEqual(['ping', '-c', '3', '--', '10.0.0.4']);
  });
});

describe('the servers in scope', () => {
  const servers = [
    serverTarget({ id: 'web-1', host: 'Web-1.Example.org' }),
    serverTarget({ id: 'db-1', host: '10.0.0.9' }),
  ];
  const registry = {
    list: async () => ({ servers, broken: [], warnings: [] }),
    resolve: async () => serverTarget(),
  };

  it('are those of the session, by id and by address', async () => {
    const names = (scope: readonly string[] | 'all') => reachableFor(registry, { servers: scope, workspace: null });
    expect(await names(['web-1'])).toEqual(['web-1', 'web-1.example.org']);
    expect(await names('all')).toEqual(['web-1', 'web-1.example.org', 'db-1', '10.0.0.9']);
    expect(await names([])).toEqual([]);
  });

  it.each([
    [{ command: 'ping -c 1 web-1' }, true],
    [{ command: '/usr/bin/dig web-1' }, true],
    [{ command: "sh -c 'getent hosts web-1'" }, true],
    [{ argv: ['/bin/ping', '-c', '1', 'web-1'] }, true],
    [{ argv: ['getent', 'hosts', 'web-1'] }, true],
    [{ command: 'uptime' }, false],
    [{ command: 'cat /srv/digest' }, false],
    [{ argv: ['cat', '/srv/pinging'] }, false],
    [{}, false],
  ])('are looked up only where they count: %j', (input, isAsked) => {
    expect(couldAskOthers(input)).toBe(isAsked);
  });
});
