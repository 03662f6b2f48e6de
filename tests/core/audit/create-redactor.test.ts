/** What redaction must take out and what it must leave; tokens are put together at run time so that no scanner trips over this file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { Redactor } from '../../../src/core/audit/redactor.ts';

const create = (): Redactor => createRedactor({ key: new Uint8Array(32).fill(7) });
const filler = 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf6hIj9kLm2nOp5q';
const token = (prefix: string, length: number): string => prefix + filler.repeat(8).slice(0, length);
const hex = (length: number): string => '0123456789abcdef'.repeat(8).slice(0, length);
const pem = (label: string): string =>
  `-----BEGIN ${label}-----\n${`${'MIIE'.repeat(16)}\n`.repeat(3)}-----END ${label}-----`;

/** [text, what must be gone] */
const mustGo: readonly (readonly [string, string])[] = [
  ['PASSWORD=hunter22', 'hunter22'],
  ['export DB_PASSWORD="two words"', 'two words'],
  ["MYSQL_ROOT_PASSWORD='it is'", 'it is'],
  ['DB_PASSWORD=a,b;c&d', 'a,b;c&d'],
  ['DATABASE_PASS: hunter22', 'hunter22'],
  ['passwd: filesystem', 'filesystem'],
  ['password: Password', ' Password'],
  ['PASSWORD=#hunter22', 'hunter22'],
  ['db:\n  password: correct horse battery', 'correct horse battery'],
  ['password = s3cret value', 's3cret value'],
  ['{"password":"hunter22"}', 'hunter22'],
  ['{"password": "with \\"quote\\" inside"}', 'inside'],
  ['{"body":"{\\"api_key\\":\\"hunter22\\"}"}', 'hunter22'],
  ['{"apiKey" : "hunter22", "user": "x"}', 'hunter22'],
  ['{"clientSecret":"hunter22"}', 'hunter22'],
  ["config['password'] = 'hunter22'", 'hunter22'],
  ["'password' => 'hunter22',", 'hunter22'],
  ['password := "hunter22"', 'hunter22'],
  ['secret: |\n  first line\n  second line\nother: x', 'second line'],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI/K7MDENG'],
  ['//registry.npmjs.org/:_authToken=abc-def-123', 'abc-def-123'],
  ['"auth": "dXNlcjpwYXNzd29yZA=="', 'dXNlcjpwYXNzd29yZA=='],
  ['Authorization: Bearer abcdef123456', 'abcdef123456'],
  ['authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ["curl -H 'Authorization: Bearer abcdef123456' https://x", 'abcdef123456'],
  ['curl -H "X-Api-Key: abcdef123456" https://x', 'abcdef123456'],
  ['Cookie: session=abc; theme=dark', 'session=abc'],
  ['Set-Cookie: sid=abc123; HttpOnly', 'abc123'],
  ['X-Auth-Token: abcdef', 'abcdef'],
  ['GET /x?token=abcdef123&y=2', 'abcdef123'],
  ['https://a.blob.core.windows.net/c?sv=1&sig=abc%2Fdef', 'abc%2Fdef'],
  ['https://b.s3.amazonaws.com/k?X-Amz-Signature=abc123', 'abc123'],
  ['postgres://user:hunter22@db:5432/app', 'hunter22'],
  ['amqp://u:p%40ss@h/', 'p%40ss'],
  ['https://oauth2:hunter22@gitlab.example.com/x.git', 'hunter22'],
  ['redis://:hunter22@cache:6379', 'hunter22'],
  [`https://${filler.slice(0, 24)}@host.example/x`, filler.slice(0, 24)],
  ['Server=db;User Id=sa;Password=hunter22;Encrypt=yes', 'hunter22'],
  ['mysql -u root -phunter22 app', 'hunter22'],
  ['mysqldump --password=hunter22 app', 'hunter22'],
  ['sshpass -p hunter22 ssh web', 'hunter22'],
  ['redis-cli -a hunter22 ping', 'hunter22'],
  ['curl -u admin:hunter22 https://x', 'hunter22'],
  ['docker login -u me -p hunter22 registry', 'hunter22'],
  ['psql --password hunter22', 'hunter22'],
  ['java -Ddb.password=hunter22 -jar x.jar', 'hunter22'],
  ['keytool -storepass hunter22 -list', 'hunter22'],
  ['openssl rsa -passin pass:hunter22 -in k', 'hunter22'],
  ['smbclient //h/s -U user%hunter22', 'hunter22'],
  ["echo 'root:hunter22' | chpasswd", 'hunter22'],
  ['machine api.example.com login me password hunter22', 'hunter22'],
  ['<password>hunter22</password>', 'hunter22'],
  ['<add key="x"/><ApiKey type="a">hunter22</ApiKey>', 'hunter22'],
  ['root:$6$saltsalt$0123456789abcdefghijklmnop./ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:19000:0:99999:7:::', 'saltsalt'],
  ['$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 'abcdefghijklmnopqrstuu'],
  [pem('RSA PRIVATE KEY'), 'MIIE'],
  [pem('OPENSSH PRIVATE KEY'), 'MIIE'],
  [pem('PGP PRIVATE KEY BLOCK'), 'MIIE'],
  [pem('PRIVATE KEY').slice(0, 150), 'MIIE'],
  [pem('PRIVATE KEY').slice(60), 'MIIE'],
  [`key: "${pem('PRIVATE KEY').replaceAll('\n', '\\n')}"`, 'MIIE'],
  [`Private-Lines: 2\n${'AAAA'.repeat(16)}\n${'BBBB'.repeat(8)}\nPrivate-MAC: x`, 'BBBB'],
];

/** [issuer, token] */
const tokens: readonly (readonly [string, string])[] = [
  ['AWS', 'AKIA' + 'IOSFODNN7EXAMPLE'.replace('8', '2').replace('1', '2')],
  ['GitHub', token('ghp_', 36)],
  ['GitHub, fine-grained', token('github_pat_', 60)],
  ['GitLab', token('glpat-', 20)],
  ['Slack', token('xoxb-123456789012-', 24)],
  ['Slack, app', token('xapp-1-', 30)],
  ['Slack, hook', `https://hooks.slack.com/services/${token('T00/B00/', 24)}`],
  ['Stripe', token('sk_live_', 24)],
  ['Stripe, restricted', token('rk_test_', 24)],
  ['JWT', `${token('eyJ', 20)}.${token('eyJ', 40)}.${token('', 43)}`],
  ['Google', token('AIza', 35)],
  ['Google, OAuth', token('ya29.', 60)],
  ['OpenAI', token('sk-proj-', 48)],
  ['OpenAI, old', token('sk-', 48)],
  ['Anthropic', token('sk-ant-api03-', 40)],
  ['npm', token('npm_', 36)],
  ['PyPI', token('pypi-', 80)],
  ['Docker', token('dckr_pat_', 27)],
  ['Hugging Face', token('hf_', 34)],
  ['SendGrid', `${token('SG.', 22)}.${token('', 43)}`],
  ['DigitalOcean', `dop_v1_${hex(64)}`],
  ['Vault', token('hvs.', 24)],
  ['Tailscale', token('tskey-auth-', 24)],
  ['Telegram', token('123456789:AA', 33)],
];

const mustStay: readonly string[] = [
  'The password is required to log in, ask the operator for it.',
  'You need a token to call the API.',
  'Permission denied (publickey,password).',
  'error: unexpected token: expected an identifier',
  'sudo: a password is required',
  'Enter passphrase for key "/root/.ssh/id_ed25519":',
  `commit ${hex(40)}`,
  `sha256:${hex(64)}`,
  `docker.io/library/nginx@sha256:${hex(64)}`,
  `${hex(64)}  /usr/bin/bash`,
  `d41d8cd98f00b204e9800998ecf8427e`,
  'SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg root@web-1 (ED25519)',
  '123e4567-e89b-12d3-a456-426614174000',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0pnFkZ2pO0N3mC0Jx5w2S7m1m2n3o4p5q6r7s8t9u0 me@host',
  pem('CERTIFICATE'),
  pem('PUBLIC KEY'),
  'PWD=/home/me OLDPWD=/',
  'PATH=/usr/local/bin:/usr/bin:/bin',
  'password_file=/run/secrets/db',
  'ssl_certificate_key /etc/nginx/ssl/key.pem;',
  'private_key: /etc/ssl/private/site.pem',
  'PasswordAuthentication no',
  'password: ${DB_PASSWORD}',
  'PASSWORD=$DB_PASSWORD',
  'token = await getToken(session);',
  'password: string;',
  'look(token: Token): Look;',
  'return { passphrase: auth.passphrase };',
  'passwd:         files systemd',
  '#password_encryption = scram-sha-256',
  'secret = # not set',
  'token: string | null',
  'secretName: web-tls',
  'max_tokens: 4096',
  'tokens=12 keys=3 author=Tim',
  'key: value',
  'monkey=banana turkey: roast compass=north bypass: yes',
  'tests 12, pass: 12, fail: 0',
  'if (token == null) return;',
  'https://example.com:8080/path@2x.png',
  'http://localhost:3000/a?page=2&sort=name',
  'git@github.com:owner/repo.git',
  'ssh://deploy@web-1:2222/srv',
  'http://user@host/',
  'docker run -p 8080:80 nginx',
  'mkdir -p /srv/app',
  'ps -p 1234 -o pid',
  'rsync --password-file=/etc/rsync.pass a b',
  'docker login --password-stdin',
  '  --token string   Bearer token for authentication to the API server',
  'use the --password option to set it',
  'sk-folding-cube-container-with-long-name',
  'std::string token::value',
  'eyJustAWord and ghp_short',
  'nginx: configuration file /etc/nginx/nginx.conf test is successful',
  'Nov 20 10:28:01 web-1 sshd[1]: Accepted publickey for root from 10.0.0.1 port 4242',
  '«redacted:9f3a» and password=«redacted:1234»',
];

const argvCases: readonly (readonly [readonly string[], readonly (string | null)[]])[] = [
  [
    ['mysql', '-u', 'root', '-phunter2', 'app'],
    [null, null, null, 'hunter2', null],
  ],
  [
    ['sudo', 'mysqldump', '--password=hunter2', 'app'],
    [null, null, 'hunter2', null],
  ],
  [
    ['psql', '--password', 'x y'],
    [null, null, 'x y'],
  ],
  [
    ['/usr/bin/sshpass', '-p', 'hunter2', 'ssh', 'web'],
    [null, null, 'hunter2', null, null],
  ],
  [
    ['curl', '-u', 'me:hunter2', 'https://x'],
    [null, null, 'hunter2', null],
  ],
  [
    ['curl', '--user=me:hunter2', 'https://x'],
    [null, 'hunter2', null],
  ],
  [
    ['env', 'TOKEN=a b c', 'app'],
    [null, 'a b c', null],
  ],
  [
    ['openssl', 'rsa', '-passin', 'pass:hunter2'],
    [null, null, null, 'hunter2'],
  ],
  [
    ['redis-cli', 'config', 'set', 'requirepass', 'hunter2'],
    [null, null, null, null, 'hunter2'],
  ],
  [
    ['rabbitmqctl', 'add_user', 'me', 'hunter2'],
    [null, null, null, 'hunter2'],
  ],
  [
    ['htpasswd', '-nb', 'me', 'hunter2'],
    [null, null, null, 'hunter2'],
  ],
  [
    ['sh', '-c', 'PGPASSWORD=hunter2 psql'],
    [null, null, 'hunter2'],
  ],
  [
    ['podman', 'login', '-p', 'hunter2', 'r'],
    [null, null, null, 'hunter2', null],
  ],
  [
    ['docker', 'run', '-p', '80:80', 'nginx'],
    [null, null, null, null, null],
  ],
  [
    ['grep', '-r', 'password', '/etc/app'],
    [null, null, null, null],
  ],
  [
    ['mysql', '--password', '--host', 'db'],
    [null, null, null, null],
  ],
  [
    ['ls', '-la', '/etc/passwd'],
    [null, null, null],
  ],
  [
    ['systemctl', 'restart', 'token-service'],
    [null, null, null],
  ],
];

describe('createRedactor', () => {
  it.each(mustGo)('takes the secret out of %j', (text, secret) => {
    const redacted = create().redact(text);
    expect(redacted.text).not.toContain(secret);
    expect(redacted.text).toMatch(/«redacted:[0-9a-f]{4}»/);
    expect(redacted.count).toBeGreaterThan(0);
  });

  it.each(tokens)('knows the shape of a token of %s anywhere in a text', (_issuer, secret) => {
    for (const text of [secret, `x ${secret} y`, `a="${secret}"`, `(${secret})`, `line\\n${secret}`, `url/${secret}`])
      expect(create().redact(text).text).not.toContain(secret.slice(-12));
  });

  it.each(mustStay)('leaves %j as it is', (text) => {
    expect(create().redact(text)).toEqual({ text, count: 0 });
  });

  it.each(argvCases)('knows which words of %j are secret', (argv, secrets) => {
    const redacted = create().redactArgv(argv);
    redacted.argv.forEach((word, index) => {
      const secret = secrets[index];
      if (secret === null || secret === undefined) expect(word).toBe(argv[index]);
      else {
        expect(word).not.toContain(secret);
        expect(word).toMatch(/«redacted:[0-9a-f]{4}»$|«redacted:[0-9a-f]{4}» /);
      }
    });
    expect(redacted.count).toBe(secrets.filter((secret) => secret !== null).length);
  });

  it('takes out a held value in every form a program may print it', () => {
    const redactor = create();
    const value = 'p@ss "word"/42 ünï';
    redactor.hold(value);
    const forms = [
      value,
      Buffer.from(value).toString('base64'),
      Buffer.from(`user:${value}`).toString('base64'),
      Buffer.from(`ab${value}cd`).toString('base64'),
      Buffer.from(value).toString('hex'),
      encodeURIComponent(value),
      JSON.stringify({ x: value }),
    ];
    for (const form of forms) expect(redactor.redact(`before ${form} after`).count, form).toBeGreaterThan(0);
    expect(redactor.redact(`before ${value} after`).text).toMatch(/^before «redacted:[0-9a-f]{4}» after$/);
  });

  it('ignores held values of less than six characters', () => {
    const redactor = create();
    redactor.hold('short');
    expect(redactor.redact('a short text')).toEqual({ text: 'a short text', count: 0 });
  });

  it('gives equal values equal placeholders, different values different ones, and other runs others', () => {
    const redactor = create();
    const of = (value: string, by = redactor): string => by.redact(`password=${value}`).text;
    expect(of('hunter22')).toBe(of('hunter22'));
    expect(of('hunter22')).not.toBe(of('hunter22', createRedactor({ key: new Uint8Array(32).fill(8) })));
    const all = new Set(Array.from({ length: 3_000 }, (_, index) => of(`value-${index}`)));
    expect(all.size).toBe(3_000);
  });

  it('knows its own placeholders', () => {
    const redactor = create();
    expect(redactor.hasPlaceholder(redactor.redact('password=hunter22').text)).toBe(true);
    expect(redactor.hasPlaceholder('«redacted» [redacted:9f3a]')).toBe(false);
  });

  it('changes nothing when it redacts its own output', () => {
    const pieces = fc.constantFrom(
      ...mustGo.map(([text]) => text),
      ...mustStay,
      ...tokens.map(([, text]) => text),
      ' ',
      '\n',
      '"',
      "'",
      '=',
      ':',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (texts) => {
        const redactor = create();
        const once = redactor.redact(texts.join(''));
        const twice = redactor.redact(once.text);
        expect(redactor.redact(twice.text).text).toBe(twice.text);
        for (const match of once.text.matchAll(/«redacted:[0-9a-f]+»/g)) expect(twice.text).toContain(match[0]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['one letter', 'a'],
    ['separators', '='],
    ['names', 'password='],
    ['names with spaces', 'password = '],
    ['colons', 'token: '],
    ['quotes', 'password="'],
    ['escaped quotes', 'password=\\"'],
    ['begin lines', '-----BEGIN PRIVATE KEY-----\n'],
    ['end lines', '-----END PRIVATE KEY-----\n'],
    ['base64 lines', `${'A'.repeat(64)}\n`],
    ['urls', '://a:b'],
    ['tokens that never end', 'eyJaaaaaaaa-'],
    ['tokens of dots', 'eyJaaaaaaaa.'],
    ['commands', 'mysql -p '],
    ['flags', '--password '],
    ['elements', '<password'],
    ['spaces', '                                '],
    ['dashes', '-'],
    ['dollars', '$6$'],
    ['line ends', '\n'],
    ['backslashes', '\\'],
    ['blocks', 'password: |\n'],
    ['logins', 'login a password '],
  ])('takes linear time on %s', (_name, piece) => {
    const redactor = create();
    const timeMs = (length: number): number => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const start = performance.now();
      redactor.redact(text);
      return performance.now() - start;
    };
    timeMs(20_000);
    const small = Math.max(4, timeMs(60_000));
    expect(timeMs(480_000)).toBeLessThan(small * 40);
  });
});
