/** What a rule of the operator can lift, and what it cannot; what it can restrict, and where it reaches. */
import { describe, expect, it } from 'vitest';
import { target } from '../set-up.ts';
import { type Asked, decide, policyWith, type RuleFields } from './set-up.ts';

const soon = '2099-01-01';
const systemctl: RuleFields = { command: 'systemctl', operands: ['restart', 'nginx|php[0-9.]*-fpm'] };
const anyKubectl: RuleFields = { command: 'kubectl', options: ['-n', '-o'], operands: ['.*', '...'] };
const anyTool: RuleFields = { command: 'mytool', options: ['--file=*', '-v'], operands: ['.*', '...'] };
const exact = (line: string, more: RuleFields = {}): RuleFields => ({ exact: line.split(' '), expires: soon, ...more });

type Case = readonly [line: string, rules: readonly RuleFields[], asked?: Asked];

const lifted: readonly Case[] = [
  ['systemctl restart nginx', [systemctl]],
  ['systemctl restart php8.2-fpm', [systemctl]],
  ['/usr/bin/systemctl restart nginx', [systemctl]],
  ['mytool --file=/srv/a -v /srv/b', [anyTool]],
  ['mytool a', [{ ...anyTool, scope: { servers: ['web-*'], environment: ['staging', 'development'] } }]],
  ['mytool a', [{ ...anyTool, scope: { groups: ['front*'] } }], { on: target({ groups: ['x', 'frontend'] }) }],
  ['mytool a', [anyTool], { on: target({ environment: 'production' }) }],
  ['tail -f /var/log/syslog', [{ command: 'tail', options: ['-f'], operands: ['/var/log/.*'] }]],
  ['kubectl get pods', [exact('kubectl get pods')]],
  ['docker ps -a', [exact('docker ps -a')]],
  ['redis-cli ping', [exact('redis-cli ping')]],
  ['python3 /opt/check.py', [exact('python3 /opt/check.py')]],
  ['/opt/bin/health', [exact('/opt/bin/health')]],
  ['sudo systemctl status nginx', [exact('sudo systemctl status nginx')]],
  ['apt-get update', [exact('apt-get update')]],
  ['sudo -u app mytool a', [exact('sudo -u app mytool a')]],
];

const staysAQuestion: readonly Case[] = [
  // Other words than the rule's.
  ['systemctl restart mysql', [systemctl]],
  ['systemctl stop nginx', [systemctl]],
  ['systemctl restart nginx mysql', [systemctl]],
  ['systemctl nginx restart', [systemctl]],
  ['systemctl restart', [systemctl]],
  ['systemctl --force restart nginx', [systemctl]],
  ['systemctl restart xnginx', [systemctl]],
  ['systemctl restart nginxx', [systemctl]],
  ['/opt/bin/systemctl restart nginx', [systemctl]],
  ['./systemctl restart nginx', [systemctl]],
  ['mytool --file /srv/a', [anyTool], { on: target({ sensitive: ['/srv/a'] }) }],
  ['mytool -vv a', [anyTool]],
  ['mytool', [anyTool]],
  ['mytool /srv/../etc/x', [anyTool]],
  // Other servers than the rule's.
  ['mytool a', [{ ...anyTool, scope: { servers: ['db-*'] } }]],
  ['mytool a', [{ ...anyTool, scope: { servers: ['web'] } }]],
  ['mytool a', [{ ...anyTool, scope: { groups: ['backend'] } }]],
  ['mytool a', [{ ...anyTool, scope: { environment: 'development' } }]],
  ['mytool a', [{ ...anyTool, scope: { servers: ['web-*'], environment: 'development' } }]],
  ['mytool a', [{ ...anyTool, scope: { environment: 'production' } }], { on: null }],
  // Words that no rule has seen.
  ['mytool a', [anyTool], { hasStdin: true }],
  ['python3 /opt/check.py', [exact('python3 /opt/check.py')], { hasStdin: true }],
  // Paths that hold secrets, wherever in a word they stand.
  ['mytool /etc/shadow', [anyTool]],
  ['mytool --file=/etc/shadow a', [anyTool]],
  ['mytool key:/root/.ssh/id_rsa', [anyTool]],
  ['mytool @/srv/.env', [anyTool]],
  ['mytool a,/etc/shadow', [anyTool]],
  ['mytool shadow', [anyTool], { cwd: '/etc' }],
  ['mytool .env', [anyTool], { cwd: '/srv' }],
  ['mytool /dev/sda', [anyTool]],
  ['mytool /opt/a', [anyTool], { on: target({ roots: ['/srv'] }) }],
  // Changes of files: nothing lifts them.
  ['rm /srv/a', [{ command: 'rm', operands: ['.*'] }]],
  ['rm /srv/a', [exact('rm /srv/a')]],
  ['tee /srv/a', [exact('tee /srv/a')]],
  ['sed -i s/a/b/ /srv/a', [exact('sed -i s/a/b/ /srv/a')]],
  ['find /srv -delete', [exact('find /srv -delete')]],
  ['sort -o /srv/a /srv/b', [exact('sort -o /srv/a /srv/b')]],
  ['sudo rm /srv/a', [exact('sudo rm /srv/a')]],
  ['curl -o /srv/a http://h', [exact('curl -o /srv/a http://h')]],
  ['uniq /srv/a /srv/b', [exact('uniq /srv/a /srv/b')]],
  ['uniq /srv/a /srv/b', [{ command: 'uniq', operands: ['.*', '...'] }]],
  ['journalctl --vacuum-size=1M', [{ command: 'journalctl', options: ['--vacuum-size=*'] }]],
  ['journalctl --vac=1M', [exact('journalctl --vac=1M')]],
  ['file -bC -m /srv/x', [exact('file -bC -m /srv/x')]],
  ['sort --compress-program=x /srv/a', [exact('sort --compress-program=x /srv/a')]],
  ['curl -sD /srv/a http://h', [{ command: 'curl', options: ['-sD'], operands: ['.*', '...'] }]],
  ['curl --trace /srv/a http://h', [exact('curl --trace /srv/a http://h')]],
  ['tcpdump -w /srv/a', [exact('tcpdump -w /srv/a')]],
  ['sudo uniq /srv/a /srv/b', [exact('sudo uniq /srv/a /srv/b')]],
  ['strace -o /srv/a ls', [exact('strace -o /srv/a ls')]],
  ['nohup mytool', [exact('nohup mytool')]],
  ['env A=1 mytool', [exact('env A=1 mytool')]],
  ['awk 1 /srv/a', [exact('awk 1 /srv/a')]],
  ['python3 -c x', [exact('python3 -c x')]],
  ['sudo perl -e x', [exact('sudo perl -e x')]],
  // Compositions: nothing lifts them.
  ['mytool a; mytool b', [anyTool]],
  ['mytool a > /srv/x', [anyTool]],
  ['mytool $(mytool a)', [anyTool]],
  ['A=1 mytool a', [anyTool]],
  ['mytool *', [anyTool]],
  ['sh -c "mytool a"', [{ exact: ['sh', '-c', 'mytool a'], expires: soon }, anyTool]],
  // Middleware: only exact, only reads, only with an end, only outside of production.
  ['kubectl get pods', [anyKubectl]],
  ['kubectl get pods', [{ exact: ['kubectl', 'get', 'pods'] }]],
  ['kubectl get pods', [exact('kubectl get pods')], { on: target({ environment: 'production' }) }],
  ['kubectl get pods', [exact('kubectl get pods')], { on: null }],
  ['kubectl get secrets', [exact('kubectl get secrets')]],
  ['kubectl get secret/db -o yaml', [exact('kubectl get secret/db -o yaml')]],
  ['kubectl delete pod a', [exact('kubectl delete pod a')]],
  ['kubectl logs -f a', [exact('kubectl logs -f a')]],
  ['kubectl -n x delete pod a', [exact('kubectl -n x delete pod a')]],
  ['docker rm a', [exact('docker rm a')]],
  ['docker exec a ls', [exact('docker exec a ls')]],
  ['docker inspect a', [exact('docker inspect a')]],
  ['docker -H tcp://h ps', [exact('docker -H tcp://h ps')]],
  ['terraform apply', [exact('terraform apply')]],
  ['aws s3 rm s3://b/k', [exact('aws s3 rm s3://b/k')]],
  ['aws secretsmanager list-secrets', [exact('aws secretsmanager list-secrets')]],
  ['redis-cli flushall', [exact('redis-cli flushall')]],
  ['redis-cli eval x 0', [exact('redis-cli eval x 0')]],
  // Programs whose words say too little: only exact.
  ['python3 /opt/check.py', [{ command: 'python3', operands: ['/opt/check.py'] }]],
  ['python3 /opt/check.py', [{ exact: ['python3', '/opt/check.py'] }]],
  ['python3 /opt/check.py', [exact('python3 /opt/check.py')], { on: target({ environment: 'production' }) }],
  ['/opt/bin/health', [{ command: '/opt/bin/health' }]],
  ['apt-get update', [{ command: 'apt-get', operands: ['update'] }]],
  ['apt-get update', [exact('apt-get update')], { on: target({ environment: 'production' }) }],
  ['sudo systemctl status nginx', [{ command: 'sudo', operands: ['.*', '...'] }]],
  // What may end the way in, and what is no matter of commands.
  ['reboot', [exact('reboot')]],
  ['systemctl restart sshd', [{ command: 'systemctl', operands: ['restart', '.*'] }]],
  ['cat a', [{ command: 'cat', operands: ['.*'] }]],
  ['cat /dev/sda', [{ command: 'cat', operands: ['.*'] }]],
  ['cat /etc/shadow', [exact('cat /etc/shadow')]],
  ['find / -name x', [exact('find / -name x')]],
  // Another rule is stricter.
  ['systemctl restart nginx', [systemctl, { decision: 'approval-required', command: 'systemctl' }]],
  ['systemctl restart nginx', [{ decision: 'approval-required', command: '*' }, systemctl]],
];

const rejected: readonly Case[] = [
  ['git pull', [{ decision: 'reject', command: 'git' }]],
  ['/usr/local/bin/git pull', [{ decision: 'reject', command: 'git' }]],
  ['uptime', [{ decision: 'reject', command: 'uptime' }]],
  ['uptime', [{ decision: 'reject', exact: ['uptime'] }]],
  ['sudo git pull', [{ decision: 'reject', command: 'git' }]],
  ['sh -c "git pull"', [{ decision: 'reject', command: 'git' }]],
  ['uptime; git pull', [{ decision: 'reject', command: 'git' }]],
  ['echo $(git pull)', [{ decision: 'reject', command: 'git' }]],
  ['git push --force', [{ decision: 'reject', command: 'git', options: ['--force'] }]],
  ['git push --forc', [{ decision: 'reject', command: 'git', options: ['--force'] }]],
  ['rsync --rsh=x a b', [{ decision: 'reject', command: 'rsync', options: ['--rsh=*'] }]],
  ['ls -laR /srv', [{ decision: 'reject', command: 'ls', options: ['-R'] }]],
  ['git -C /x push', [{ decision: 'reject', command: 'git', operands: ['push'] }]],
  ['systemctl -n 5 stop nginx', [{ decision: 'reject', command: 'systemctl', operands: ['stop', 'nginx'] }]],
  ['docker ps', [{ decision: 'reject', command: '*', scope: { environment: 'staging' } }]],
  ['systemctl restart nginx', [systemctl, { decision: 'reject', command: 'systemctl' }]],
  ['mytool a', [anyTool], { on: target({ readonly: true }) }],
  ['vim /srv/a', [exact('vim /srv/a')]],
  ['rm /srv/a', [{ decision: 'reject', command: 'rm' }]],
];

const toCases = (cases: readonly Case[]) => cases.map(([line, rules, asked = {}]) => ({ line, rules, asked }));

describe('rules', () => {
  it('refuse more than they allow', () => {
    expect(staysAQuestion.length + rejected.length).toBeGreaterThan(3 * lifted.length);
  });

  it.each(toCases(lifted))('lift the question about: $line', ({ line, rules, asked }) => {
    expect(decide(policyWith([]), line, asked).outcome).toBe('approval-required');
    expect(decide(policyWith(rules), line, asked)).toMatchObject({
      outcome: 'auto-allow',
      rule: 'rule.r1',
      reason: 'the test says so.',
      lifted: true,
      floor: false,
    });
  });

  it.each(toCases(staysAQuestion))('leave the question about: $line, $rules', ({ line, rules, asked }) => {
    expect(decide(policyWith(rules), line, asked).outcome).toBe('approval-required');
  });

  it.each(toCases(rejected))('reject: $line, $rules', ({ line, rules, asked }) => {
    expect(decide(policyWith(rules), line, asked).outcome).toBe('reject');
  });

  it.each<[string, RuleFields]>([
    ['uptime', { command: 'git' }],
    ['git status', { command: 'gitk' }],
    ['git push', { command: 'git', options: ['--force'] }],
    ['ls -la /srv', { command: 'ls', options: ['-R'] }],
  ])('do not restrict %s by a rule about %j', (line, about) => {
    const rule: RuleFields = { decision: 'reject', ...about };
    expect(decide(policyWith([rule]), line).outcome).toBe(decide(policyWith([]), line).outcome);
  });

  it('name themselves and keep the paths of a lifted command to be looked up', () => {
    const decision = decide(policyWith([anyTool]), 'mytool --file=/srv/a b', { cwd: '/opt' });
    expect(decision).toMatchObject({ outcome: 'auto-allow', paths: ['/srv/a'] });
  });

  it('make paths sensitive for commands and file tools alike', () => {
    const policy = policyWith([], ['/srv/private']);
    expect(decide(policy, 'cat /srv/private/a')).toMatchObject({ outcome: 'approval-required', floor: true });
    expect(decide(policy, 'cat /srv/private/a', { on: null })).toMatchObject({ rule: 'floor.sensitive-path' });
    const read = { kind: 'read', path: '/srv/private/a', realPath: null, recursive: false } as const;
    expect(policy.decide(read, target()).rule).toBe('floor.sensitive-path');
    expect(decide(policy, 'cat /srv/public/a').outcome).toBe('auto-allow');
    const look = decide(policy, 'cat /srv/link');
    expect(policy.decideRealPaths(look, new Map([['/srv/link', '/srv/private/a']]), target()).outcome).toBe(
      'approval-required',
    );
  });

  it('are in the hash', () => {
    const hashes = [policyWith([]), policyWith([systemctl]), policyWith([anyTool]), policyWith([], ['/srv'])].map(
      ({ hash }) => hash,
    );
    expect(new Set(hashes).size).toBe(4);
    expect(policyWith([systemctl]).hash).toBe(hashes[1]);
  });
});
