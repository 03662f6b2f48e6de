/** Judges a command line as text: bytes, strict lexer, second opinion, then its words; what is not simple is explained part by part. */
import { limits } from '../limits.ts';
import { checkBytes } from './bytes.ts';
import { type Explanation, explainLine } from './explain.ts';
import { judgeArgv, type Surroundings } from './judge-argv.ts';
import { lexLine } from './lexer.ts';
import { isReadAlike } from './second-opinion.ts';
import { ask, rejected, type Verdict } from './verdict.ts';

export function judgeLine(line: string, around: Surroundings): Verdict {
  if (Buffer.byteLength(line) > limits.commandBytesMax) {
    return rejected(
      'malformed.too-long',
      `The command is longer than ${limits.commandBytesMax} bytes; put it into a script, or split it.`,
    );
  }
  const bytes = checkBytes(line);
  if (bytes.kind === 'malformed') return rejected('malformed.bytes', bytes.reason);
  if (line.trim() === '') return rejected('malformed.empty', 'The command is empty; name a command.');
  const lexed = lexLine(line);
  if (bytes.kind === 'unusual') return judgeComplex(line, 'bytes.unusual', bytes.reason, around);
  if (lexed.kind === 'not-simple') return judgeComplex(line, 'lexer.not-simple', lexed.reason, around);
  if (!isReadAlike(line, lexed.argv)) {
    return judgeComplex(line, 'lexer.second-opinion', 'A shell may read this line in another way.', around);
  }
  return judgeArgv(lexed.argv, around);
}

/** A line that only a shell can run: always a question, or a reject when one of its commands is one. */
function judgeComplex(line: string, rule: string, reason: string, around: Surroundings): Verdict {
  // A run of them, however long, begins one.
  if ((line.match(/<<+/g)?.length ?? 0) > limits.hereDocumentsMax) {
    return rejected(
      'malformed.here-documents',
      `The command has << in more than ${limits.hereDocumentsMax} places; put it into a script, or split it.`,
    );
  }
  const explanation = explainLine(line, around);
  const { parts } = explanation;
  const reject = explanation.verdicts.find((verdict) => verdict.outcome === 'reject');
  if (reject !== undefined) return rejected(reject.rule, reject.reason, { parts });
  const own = ownQuestion(explanation, rule, reason);
  return ask(own.rule, own.reason, { parts, floor: true });
}

/** The most telling of what stands against the line. */
function ownQuestion(
  explanation: Explanation,
  rule: string,
  reason: string,
): { readonly rule: string; readonly reason: string } {
  if (explanation.writesFile) return { rule: 'floor.write', reason: 'The line writes to a file.' };
  const telling = explanation.verdicts.find((verdict) => verdict.floor || verdict.rule === 'command.reachability');
  if (telling !== undefined) return telling;
  if (explanation.isComposition) {
    return {
      rule: 'floor.composition',
      reason: 'The line is a shell composition (several commands, a redirection, an assignment or a substitution).',
    };
  }
  if (explanation.problem !== null)
    return { rule, reason: `The line is not valid shell syntax: ${explanation.problem}.` };
  return { rule, reason };
}
