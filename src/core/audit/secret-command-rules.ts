/** Which programs take secrets on their command line, and where: after a flag, attached to it, behind a user's name, or so many words behind another. Data. */

export interface CommandRule {
  /** The next word, or the rest of the same word, is the secret. */
  readonly next?: readonly string[];
  /** Only the rest of the same word is. */
  readonly attached?: readonly string[];
  /** A pair; the secret follows the separator. */
  readonly pair?: { readonly flags: readonly string[]; readonly separator: string };
  /** `NAME/SECRET@HOST` as a word of its own. */
  readonly slash?: true;
  /** So many words behind this one. */
  readonly after?: readonly (readonly [word: string, distance: number])[];
  /** The rule holds only when this word is among the arguments. */
  readonly only?: string;
}

const families: readonly (readonly [names: string, rule: CommandRule])[] = [
  // Databases.
  [
    'mysql mysqldump mysqladmin mysqlcheck mysqlimport mysqlshow mysqlslap mysqlpump mycli xtrabackup mariadb mariadb-dump mariadb-admin mariadb-check mariadb-import mariadb-backup',
    { attached: ['-p'] },
  ],
  ['mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop', { next: ['-p'] }],
  ['cqlsh cypher-shell hdbsql beeline arangosh elasticsearch-users influx', { next: ['-p', '-t'] }],
  ['sqlcmd bcp isql osql tsql sqsh', { next: ['-P'] }],
  ['vsql', { next: ['-w'] }],
  ['nzsql', { next: ['-W', '-pw'] }],
  ['sqlplus sqlldr exp imp expdp impdp rman sqlcl', { slash: true }],
  [
    'redis-cli keydb-cli valkey-cli',
    {
      next: ['-a', '--pass'],
      after: [
        ['auth', 1],
        ['AUTH', 1],
      ],
    },
  ],
  ['neo4j-admin', { after: [['set-initial-password', 1]] }],
  ['db2', { after: [['using', 1]] }],
  // Directories and logins.
  ['ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd ldapcompare ldapmodrdn', { next: ['-w', '-y'] }],
  ['kadmin kadmin.local', { next: ['-w', '-pw'] }],
  ['smbclient rpcclient smbget smbcacls smbmap winexe wmic', { pair: { flags: ['-U', '--user'], separator: '%' } }],
  ['net', { pair: { flags: ['-U', '--user'], separator: '%' }, after: [['setpassword', 2]] }],
  [
    'samba-tool',
    {
      after: [
        ['create', 2],
        ['add', 2],
      ],
      only: 'user',
    },
  ],
  ['useradd usermod', { next: ['-p'] }],
  [
    'rabbitmqctl',
    {
      after: [
        ['add_user', 2],
        ['change_password', 2],
        ['authenticate_user', 2],
      ],
    },
  ],
  ['rabbitmqadmin', { next: ['-p'] }],
  ['grafana-cli grafana', { after: [['reset-admin-password', 1]] }],
  ['security', { next: ['-w', '-p', '-P'] }],
  ['networksetup', { after: [['-setairportnetwork', 3]] }],
  // Remote control.
  ['sshpass', { next: ['-p'] }],
  ['plink pscp psftp putty kitty', { next: ['-pw'] }],
  ['ipmitool', { next: ['-P'] }],
  ['ipmipower ipmiconsole ipmi-sensors ipmi-sel racadm', { next: ['-p'] }],
  ['xfreerdp xfreerdp3 wlfreerdp freerdp sdl-freerdp', { attached: ['/p:', '/gp:'] }],
  ['rdesktop evil-winrm crackmapexec nxc netexec psexec', { next: ['-p'] }],
  ['x11vnc vncviewer', { next: ['-passwd'] }],
  ['govc virsh', { pair: { flags: ['-u'], separator: ':' } }],
  [
    'snmpget snmpwalk snmpbulkwalk snmpbulkget snmpgetnext snmpset snmptable snmptrap snmpinform snmpstatus snmpdf snmpnetstat snmpusm snmptest',
    { next: ['-c', '-A', '-X', '-3m', '-3M', '-3k', '-3K'] },
  ],
  [
    'nmcli',
    {
      after: [
        ['password', 1],
        ['wifi-sec.psk', 1],
        ['802-11-wireless-security.psk', 1],
        ['802-1x.password', 1],
        ['wep-key0', 1],
        ['802-11-wireless-security.wep-key0', 1],
        ['vpn.secrets', 1],
      ],
    },
  ],
  ['wpa_passphrase', { after: [['wpa_passphrase', 2]] }],
  [
    'iwconfig',
    {
      after: [
        ['key', 1],
        ['enc', 1],
      ],
    },
  ],
  ['wpa_cli', { after: [['psk', 1]] }],
  ['mosquitto_pub mosquitto_sub mosquitto_rr', { next: ['-P'] }],
  ['mosquitto_passwd', { after: [['-b', 3]] }],
  ['transmission-remote', { pair: { flags: ['-n', '--auth'], separator: ':' } }],
  ['swaks', { next: ['-ap', '-xp'] }],
  ['sendemail sendEmail', { next: ['-xp'] }],
  // HTTP.
  [
    'curl',
    {
      pair: { flags: ['-u', '--user', '-U', '--proxy-user', '-E', '--cert'], separator: ':' },
      next: ['-b', '--oauth2-bearer', '--pass'],
    },
  ],
  ['http https xh xhs', { pair: { flags: ['-a', '--auth'], separator: ':' } }],
  ['hey', { pair: { flags: ['-a'], separator: ':' } }],
  ['ab', { pair: { flags: ['-A', '-P'], separator: ':' } }],
  ['jenkins-cli jenkins-cli.jar', { pair: { flags: ['-auth'], separator: ':' } }],
  ['etcdctl', { pair: { flags: ['--user'], separator: ':' } }],
  ['lftp', { pair: { flags: ['-u', '--user'], separator: ',' } }],
  ['ncftp ncftpget ncftpput yt-dlp youtube-dl', { next: ['-p'] }],
  // Containers and clouds.
  [
    'docker podman buildah nerdctl helm oc az oras crane cosign regctl ibmcloud skopeo cf glab kubectl',
    { next: ['-p'], only: 'login' },
  ],
  [
    'skopeo buildah podman crictl',
    { pair: { flags: ['--creds', '--src-creds', '--dest-creds', '--cred'], separator: ':' } },
  ],
  ['ctr', { pair: { flags: ['-u', '--user'], separator: ':' } }],
  ['docker k3s rke2', { next: ['--token'] }],
  ['kubeadm', { next: ['--token', '--certificate-key'], after: [['create', 1]] }],
  ['az', { next: ['--account-key', '--sas-token', '--connection-string'] }],
  ['flyctl fly', { next: ['-t', '--access-token'] }],
  [
    'mc',
    {
      after: [
        ['set', 4],
        ['add', 4],
      ],
    },
  ],
  ['s3cmd', { next: ['--secret_key'] }],
  [
    'rclone',
    {
      after: [
        ['obscure', 1],
        ['reveal', 1],
      ],
    },
  ],
  [
    'vault',
    {
      after: [
        ['login', 1],
        ['unseal', 1],
      ],
    },
  ],
  ['argocd', { next: ['--password', '--current-password', '--new-password'] }],
  ['gitlab-runner', { next: ['-r', '-t', '--registration-token', '--token'] }],
  ['rancher vercel', { next: ['-t', '--token'] }],
  // Packages and code.
  ['cargo', { after: [['login', 1]] }],
  [
    'dotnet nuget',
    {
      next: ['-k', '--api-key', '-ApiKey', '-Password'],
      after: [
        ['setApiKey', 1],
        ['setapikey', 1],
      ],
    },
  ],
  [
    'ngrok',
    {
      after: [
        ['authtoken', 1],
        ['add-authtoken', 1],
        ['add-api-key', 1],
      ],
    },
  ],
  ['snyk', { after: [['auth', 1]] }],
  ['twine', { next: ['-p'] }],
  [
    'poetry',
    {
      after: [
        ['pypi-token.pypi', 1],
        ['http-basic.pypi', 2],
      ],
    },
  ],
  [
    'composer',
    {
      after: [
        ['github-oauth.github.com', 1],
        ['gitlab-token.gitlab.com', 1],
      ],
    },
  ],
  ['mvn', { next: ['--encrypt-password', '-ep', '--encrypt-master-password', '-emp'] }],
  [
    'bw',
    {
      after: [
        ['unlock', 1],
        ['login', 2],
      ],
    },
  ],
  ['sonar-scanner', { attached: ['-Dsonar.login=', '-Dsonar.token=', '-Dsonar.password='] }],
  ['caddy', { next: ['--plaintext'] }],
  // Archives and keys.
  ['7z 7za 7zz 7zr', { attached: ['-p'] }],
  ['rar unrar', { attached: ['-p', '-hp'] }],
  ['zip unzip zipcloak', { next: ['-P'] }],
  [
    'pdftk',
    {
      after: [
        ['input_pw', 1],
        ['user_pw', 1],
        ['owner_pw', 1],
      ],
    },
  ],
  ['pdftotext pdfinfo pdfimages pdftoppm', { next: ['-upw', '-opw'] }],
  ['openssl', { next: ['-k', '-K'], pair: { flags: ['-pass', '-passin', '-passout'], separator: 'pass:' } }],
  ['ssh-keygen', { next: ['-N', '-P'] }],
  ['cmdkey', { attached: ['/pass:'] }],
];

/** A program may have several rules. */
export const commandRules: ReadonlyMap<string, readonly CommandRule[]> = families.reduce((byName, [names, rule]) => {
  for (const name of names.split(' ')) byName.set(name, [...(byName.get(name) ?? []), rule]);
  return byName;
}, new Map<string, CommandRule[]>());

export const commandsWithSecrets: readonly string[] = [...commandRules.keys(), 'htpasswd', 'chpasswd'];
