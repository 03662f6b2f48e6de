/** Commands known for what they must not do without a person: families by name, with the sentence a card shows. Nothing here ever allows. */

export interface Family {
  readonly rule: string;
  readonly outcome: 'approval-required' | 'reject';
  /** No rule may lift it. */
  readonly floor: boolean;
  /** Ends a sentence that begins with the command's name. */
  readonly because: string;
  readonly names: readonly string[];
}

export const families: readonly Family[] = [
  {
    rule: 'reject.interactive',
    outcome: 'reject',
    floor: true,
    because: 'needs a terminal, and there is none here; read with cat, head or tail, change files with the file tools',
    names: listed(
      'vi vim nvim vimdiff view rvim ex nano pico emacs joe jed mcedit mc micro less more most pg zless',
      'zmore bzless xzless man info pinfo htop btop atop iotop iftop nethogs nmon glances ncdu mutt',
      'alsamixer visudo vipw vigr sudoedit sensible-editor editor tmux screen byobu dialog whiptail',
    ),
  },
  {
    rule: 'floor.write',
    outcome: 'approval-required',
    floor: true,
    because: 'changes files; use the file tools where you can, because those changes can be rolled back',
    names: listed(
      'rm mv cp ln link unlink mkdir rmdir touch tee dd truncate install shred fallocate chmod chown chgrp',
      'chattr setfacl setfattr setcap mknod mkfifo mktemp sponge rename patch split csplit tar cpio unzip',
      'zip gzip gunzip bzip2 bunzip2 xz unxz zstd 7z rsync scp sftp wget crontab ed logrotate restorecon',
      'chcon srm wipe trash',
    ),
  },
  {
    rule: 'floor.middleware',
    outcome: 'approval-required',
    floor: true,
    because: 'reaches into a database, cluster, container or cloud, where this policy cannot tell a read from a change',
    names: listed(
      'psql pg_dump pg_restore mysql mysqldump mysqladmin mariadb mariadb-dump sqlite3 mongo mongosh',
      'mongodump redis-cli valkey-cli memcached-tool clickhouse-client cqlsh influx etcdctl kubectl oc k3s',
      'k9s helm crictl ctr nerdctl docker docker-compose podman buildah lxc incus virsh qm pct terraform',
      'tofu pulumi ansible ansible-playbook salt salt-call puppet aws gcloud gsutil az doctl hcloud',
      'linode-cli oci vault consul nomad rabbitmqctl kcat kafka-topics.sh zkCli.sh ldapsearch ldapmodify',
    ),
  },
  {
    rule: 'command.reachability',
    outcome: 'approval-required',
    floor: false,
    because: 'MAY END THE REACHABILITY OF THIS MACHINE; make sure there is another way in',
    names: listed(
      'reboot shutdown halt poweroff init telinit kexec iptables ip6tables iptables-restore nft ufw',
      'firewall-cmd ifconfig ifup ifdown route nmcli netplan networkctl dhclient sshd tc',
    ),
  },
  {
    rule: 'command.changes',
    outcome: 'approval-required',
    floor: false,
    because: 'changes the state of the machine',
    names: listed(
      'apt apt-get aptitude dpkg yum dnf rpm zypper pacman apk snap flatpak pip pip3 npm service kill pkill',
      'killall mount umount swapon swapoff fsck mkfs fdisk parted lvm useradd userdel usermod groupadd',
      'groupdel passwd chpasswd adduser deluser sysctl modprobe insmod rmmod at batch git make hostnamectl',
      'timedatectl localectl loginctl renice wall',
    ),
  },
  {
    rule: 'command.interpreter',
    outcome: 'approval-required',
    floor: false,
    because: 'runs a program that this policy does not read',
    names: listed(
      'awk gawk mawk sed perl python python2 python3 ruby node php lua tclsh expect java eval source . exec',
      'trap alias cd export set unset read',
    ),
  },
];

/** The family of a command name; `mkfs.ext4` and the like belong to their stem. */
export function familyOf(name: string): Family | null {
  const stem = name.startsWith('mkfs.') || name.startsWith('fsck.') ? name.slice(0, 4) : name;
  return families.find((family) => family.names.includes(stem)) ?? null;
}

/** Names that are written as text, to keep long lists readable. */
function listed(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}
