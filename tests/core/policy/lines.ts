/** Every refused and rejected line, and those with characters that look like others. */
import { refusedForms } from './refused-forms.ts';
import { refusedOptions } from './refused-options.ts';

export { allowedLines } from './allowed-lines.ts';

export const refusedLines = [...refusedForms, ...refusedOptions];

export const rejectedLines: readonly (readonly [line: string, rule: string])[] = [
  ['', 'malformed.empty'],
  ['   ', 'malformed.empty'],
  ['cat /srv/a\0b', 'malformed.bytes'],
  ['cat /srv/a\rrm /srv/a', 'malformed.bytes'],
  ['cat /srv/a\x1b[2K', 'malformed.bytes'],
  ['cat\t/srv/a', 'malformed.bytes'],
  ['cat /srv/\x7f', 'malformed.bytes'],
  ['cat /srv/\x9b2J', 'malformed.bytes'],
  ['cat /srv/\ud800', 'malformed.bytes'],
  [`cat /${'a'.repeat(4096)}`, 'malformed.too-long'],
  [`cat /${'\u00e9'.repeat(2048)}`, 'malformed.too-long'],
  ['<<a '.repeat(33), 'malformed.here-documents'],
  ['<<a;'.repeat(1_000), 'malformed.here-documents'],
  [`cat ${"<<-'a' ".repeat(33)}`, 'malformed.here-documents'],
  ...[
    ...['vi /srv/a', 'vim', 'nano /srv/a', 'less /srv/a', 'more /srv/a', 'top', 'top -d 1', 'htop', 'man ls', 'visudo'],
    ...[
      '/usr/bin/vim /srv/a',
      'crontab -e',
      'systemctl edit nginx',
      'tmux',
      'sudo vim /srv/a',
      'sudo -u a nano /srv/a',
    ],
    ...[
      'env EDITOR=a vim',
      'sh -c vim',
      "sh -c 'ls; vim /srv/a'",
      "sudo sh -c 'sudo less /srv/a'",
      'nohup top',
      'xargs less',
    ],
    ...['ls | less', 'dmesg | more', 'cat /srv/a && vim /srv/a', 'ls $(vim)', 'ls\nvim', 'watch top', 'timeout 5 htop'],
    ...['find /srv -exec vim {} +', 'ssh web-2 vim /srv/a', 'FOO=1 vim', 'vim $HOME/a', 'vim > /srv/a'],
  ].map((line) => [line, 'reject.interactive'] as const),
];

/** Lines with characters that look like others, or hide. */
export const lookAlikeLines: readonly string[] = [
  '\u0441at /srv/a',
  'cat /srv/\u0430',
  'cat \u2010n /srv/a',
  'cat\u00a0/srv/a',
  'cat /srv/\u200ba',
  'cat /srv/\u202egpj.a',
  'cat \uff0fetc\uff0fshadow',
  'ls\nid',
  'ls \\\nid',
  'cat /srv/a\u2028rm',
  'uptim\u0435',
];
