/** Looks at the terminal: size, colours and character set, as its variables and streams tell them. */
import type { CliIo } from '../output.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export function checkTerminal(io: CliIo): readonly Finding[] {
  const { env, stdout } = io;
  const findings: Finding[] = [];
  const term = env.TERM ?? '';
  if (term === '' || term === 'dumb')
    findings.push(bad('terminal', `TERM is "${term}"`, 'The screen needs a real terminal; commands work.'));
  else findings.push(ok('terminal', `${term}, ${coloursOf(env, term)}`));
  const { columns, rows } = stdout as { readonly columns?: number; readonly rows?: number };
  if (!stdout.isTTY || columns === undefined || rows === undefined) findings.push(ok('size', 'not a terminal here'));
  else if (columns < 80 || rows < 24) findings.push(warn('size', `${columns}x${rows}`, 'Make it at least 80x24.'));
  else findings.push(ok('size', `${columns}x${rows}`));
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  if (/utf-?8/i.test(locale)) findings.push(ok('locale', locale));
  else findings.push(warn('locale', `"${locale}" is not UTF-8`, 'Set LANG to a UTF-8 locale, for example C.UTF-8.'));
  return findings;
}

function coloursOf(env: NodeJS.ProcessEnv, term: string): string {
  if (env.NO_COLOR) return 'no colours (NO_COLOR)';
  if (/truecolor|24bit/i.test(env.COLORTERM ?? '')) return 'true colour';
  return /256/.test(term) ? '256 colours' : '16 colours';
}
