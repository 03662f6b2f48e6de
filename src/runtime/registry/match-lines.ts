/**
 * Match lines of an OpenSSH configuration where no OpenSSH is installed: those that only ask for names are decided here, as readconf.c of OpenSSH does,
 * and become Host lines that always or never count. What would run a program, or needs a second pass, is refused. It reads no file.
 */
import { userInfo } from 'node:os';
import { OperationError } from '../../core/codes.ts';
import { matchesGlob } from './matches-glob.ts';
import { toDirective } from './ssh-config-text.ts';

export interface Asked {
  readonly alias: string;
  /** Said by the record; null: what the configuration says. */
  readonly username: string | null;
}

/** What the lines before a Match line say. */
export interface SoFar {
  readonly hostName: string | null;
  readonly user: string | null;
}

/** `read` says what a text without Match lines sets for the alias. Throws UNSUPPORTED. */
export function decideMatches(text: string, asked: Asked, read: (text: string) => SoFar): string {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const directive = toDirective(line);
    if (directive?.keyword !== 'match') lines.push(line);
    else lines.push(isMet(directive.words, asked, () => read(lines.join('\n'))) ? 'Host *' : 'Host !*');
  }
  return lines.join('\n');
}

function isMet(words: readonly string[], asked: Asked, soFar: () => SoFar): boolean {
  const criteria = toCriteria(words);
  if (criteria.some(({ name }) => name === 'all') && criteria.length > 1) throw toRefusal('all, with others');
  // All of them are looked at, so that what is refused is refused whatever stands before it.
  return criteria.map((criterion) => isCriterionMet(criterion, asked, soFar)).every((met) => met);
}

interface Criterion {
  readonly name: string;
  readonly isNegated: boolean;
  readonly patterns: readonly string[];
}

/** `name patterns`, `name=patterns` or `all`, each with a "!" in front or without. */
function toCriteria(words: readonly string[]): readonly Criterion[] {
  const criteria: Criterion[] = [];
  const left = words.flatMap((word) => /^(!?[A-Za-z]+)=(.*)$/s.exec(word)?.slice(1) ?? [word]);
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const name = word.replace(/^!/, '').toLowerCase();
    const patterns = name === 'all' ? '' : left.shift();
    if (patterns === undefined || /["\\]/.test(patterns)) throw toRefusal(word);
    criteria.push({ name, isNegated: word.startsWith('!'), patterns: patterns.split(',') });
  }
  if (criteria.length === 0) throw toRefusal('nothing');
  return criteria;
}

function isCriterionMet({ name, isNegated, patterns }: Criterion, asked: Asked, soFar: () => SoFar): boolean {
  const isFound = (subject: string): boolean => isInList(subject, patterns) !== isNegated;
  const isHost = (host: string): boolean =>
    isInList(
      host.toLowerCase(),
      patterns.map((pattern) => pattern.toLowerCase()),
    ) !== isNegated;
  switch (name) {
    case 'all':
      return !isNegated;
    case 'originalhost':
      return isHost(asked.alias);
    case 'host':
      return isHost(toHost(soFar().hostName, asked.alias));
    case 'user':
      return isFound(asked.username ?? soFar().user ?? userInfo().username);
    case 'localuser':
      return isFound(userInfo().username);
    default:
      throw toRefusal(name);
  }
}

/** PATTERNS of ssh_config(5): a negated one that matches decides. */
function isInList(subject: string, patterns: readonly string[]): boolean {
  const hits = (pattern: string): boolean => matchesGlob(subject, pattern);
  if (patterns.some((pattern) => pattern.startsWith('!') && hits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && hits(pattern));
}

/** Of the tokens, only these two may stand there. */
function toHost(hostName: string | null, alias: string): string {
  if (hostName === null) return alias;
  return hostName.replace(/%(.?)/gs, (_token, letter: string) => {
    if (letter === 'h') return alias;
    if (letter === '%') return '%';
    throw toRefusal(`host, where HostName is ${hostName}`);
  });
}

function toRefusal(what: string): OperationError {
  return new OperationError(
    'UNSUPPORTED',
    `Your ssh configuration has a Match line (${what}) that needs OpenSSH to evaluate; install the ssh program.`,
  );
}
