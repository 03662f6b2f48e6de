/** Forms of commands that are worse than the command's name says: editors, writes, and what may cut the machine off. Nothing here allows. */
import { ask, rejected, type Verdict } from './verdict.ts';

interface SpecialForm {
  readonly name: string;
  readonly rule: 'reject.interactive' | 'floor.write' | 'command.reachability';
  readonly applies: (args: readonly string[]) => boolean;
  /** A whole sentence. */
  readonly reason: string;
}

const powerVerbs = /^(poweroff|reboot|halt|kexec|suspend|hibernate|rescue|emergency|isolate|soft-reboot)$/;
const accessUnits =
  /^(ssh|sshd|network|networking|NetworkManager|systemd-networkd|firewalld|nftables|ufw)(\.service|\.socket)?$/;
const changeVerbs = /^(stop|restart|disable|mask|kill|reload|try-restart|reload-or-restart)$/;

const specialForms: readonly SpecialForm[] = [
  {
    name: 'top',
    rule: 'reject.interactive',
    applies: (args) => !args.some((arg) => /^-[A-Za-z]*b|^--batch/.test(arg)),
    reason: 'top needs a terminal, and there is none here; use top -b -n 1, or ps.',
  },
  {
    name: 'crontab',
    rule: 'reject.interactive',
    applies: (args) => args.some((arg) => /^-[a-z]*e/.test(arg)),
    reason: 'crontab -e opens an editor, and there is no terminal here; use crontab -l and the file tools.',
  },
  {
    name: 'systemctl',
    rule: 'reject.interactive',
    applies: (args) => args.find((arg) => !arg.startsWith('-')) === 'edit',
    reason: 'systemctl edit opens an editor, and there is no terminal here; use the file tools.',
  },
  {
    name: 'systemctl',
    rule: 'command.reachability',
    applies: (args) =>
      args.some((arg) => powerVerbs.test(arg)) ||
      (args.some((arg) => accessUnits.test(arg)) && args.some((arg) => changeVerbs.test(arg))),
    reason: 'This systemctl MAY END THE REACHABILITY OF THIS MACHINE; make sure there is another way in.',
  },
  {
    name: 'find',
    rule: 'floor.write',
    applies: (args) => args.some((arg) => /^-(delete|fprint|fprint0|fprintf|fls)$/.test(arg)),
    reason: 'find changes files with -delete, -fprint, -fprint0, -fprintf and -fls.',
  },
  {
    name: 'sed',
    rule: 'floor.write',
    applies: (args) => args.some((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg)),
    reason: 'sed -i changes files; use the file tools, because those changes can be rolled back.',
  },
  {
    name: 'curl',
    rule: 'floor.write',
    applies: (args) =>
      args.some((arg) => /^-[a-zA-Z]*[oOJ]|^--(output|remote-name|create-dirs|dump-header|cookie-jar)/.test(arg)),
    reason: 'This curl writes files.',
  },
  {
    name: 'sort',
    rule: 'floor.write',
    applies: (args) => args.some((arg) => /^-[a-zA-Z]*o|^--o/.test(arg)),
    reason: 'sort -o writes a file.',
  },
];

/** The verdict on a form that is listed above, or null. */
export function judgeSpecialForm(name: string, args: readonly string[]): Verdict | null {
  const form = specialForms.find((candidate) => candidate.name === name && candidate.applies(args));
  if (form === undefined) return null;
  if (form.rule === 'reject.interactive') return rejected(form.rule, form.reason);
  return ask(form.rule, form.reason, { floor: form.rule === 'floor.write' });
}
