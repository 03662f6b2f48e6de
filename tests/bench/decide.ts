/** What deciding costs: ordinary lines and long ones, with no rules and with many. The policy is the real one; nothing runs. */
import { createPolicy } from '../../src/core/policy/create-policy.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { knowRule } from '../../src/core/policy/rules/match-rule.ts';
import { ruleSet } from '../../src/core/policy/rules/rule-set.ts';
import { growingPieces } from '../core/policy/growing-pieces.ts';
import { type Effort, type Measure, type Report, toMeasure, toRatioAim } from './measure.ts';

const rounds: Readonly<Record<Effort, number>> = { full: 2_000, quick: 200 };
const p50MsMax = 0.1;
const ruleCount = 500;
/** Four times the length takes four times as long; the rest is for what a machine does beside. */
const growthMax = 6;
const lengths = [1_000, 4_000] as const;

const lines: readonly string[] = [
  'uptime',
  'cat /var/log/syslog',
  'grep -n error /var/log/nginx/error.log',
  'find /srv/app -name *.log -mtime -1',
  "find /srv/app -name '*.log' -mtime -1",
  'journalctl -u nginx -n 100 --since today',
  'systemctl restart nginx',
  'ps aux --sort=-%mem',
  'df -hT',
  'tail -n 100 /var/log/syslog | grep error',
  'kubectl get pods',
  'sudo rm -rf /srv/app',
];
const target = {
  id: 'web-1',
  environment: 'staging',
  roots: [],
  readonly: false,
  sensitive: [],
  groups: ['web'],
} as const;

export async function benchDecide(effort: Effort): Promise<Report> {
  const builtIn = createPolicy();
  const withRules = createPolicy(ruleSet(toRules(), ['/srv/secret']));
  const short = measure(`ordinary lines, ${ruleCount} rules`, 'subject', withRules, lines, effort);
  const plain = measure('ordinary lines, no rules', 'baseline', builtIn, lines, effort);
  const long = [1_000, 4_000].map((length) => `mytool ${'a'.repeat(length - 7)}`);
  const [thousand, fourThousand] = long.map((line) =>
    measure(`a word of ${line.length} characters`, 'subject', withRules, [line], effort),
  );
  const measures = [short, ...[thousand, fourThousand].filter((one) => one !== undefined), plain];
  const p50Ms = short.p50Ms;
  const growth = findGrowth(builtIn);
  return {
    name: 'decide',
    title: 'one decision of the policy',
    measures,
    aims: [
      { aim: 'p50 below 0.1 ms', measured: p50Ms, unit: 'ms', isMet: p50Ms <= p50MsMax },
      toRatioAim('four times the length, of all pieces the worst', growth.ratio, { max: growthMax }),
    ],
    notes: [
      `${lines.length} kinds of lines in turn: allowed, asked about, compound and rejected ones.`,
      `Four times as long takes ${((fourThousand?.p50Ms ?? 0) / (thousand?.p50Ms ?? 1)).toFixed(1)} times as long.`,
      `${growingPieces.length} pieces, each repeated to ${lengths.join(' and ')} characters; the worst is ${JSON.stringify(growth.piece)}, the slowest takes ${growth.slowestMs.toFixed(1)} ms.`,
    ],
  };
}

function measure(
  what: string,
  role: Measure['role'],
  policy: Policy,
  asked: readonly string[],
  effort: Effort,
): Measure {
  const samples: number[] = [];
  const decide = (line: string): void => {
    policy.decide({ kind: 'line', line, cwd: '/srv', hasStdin: false }, target);
  };
  for (const line of asked) for (let warm = 0; warm < 200; warm += 1) decide(line);
  for (let round = 0; round < rounds[effort] / Math.max(1, (asked[0] ?? '').length / 200); round += 1) {
    for (const line of asked) {
      const startMs = performance.now();
      decide(line);
      samples.push(performance.now() - startMs);
    }
  }
  return toMeasure(what, role, samples);
}

/** The least of several times: what a machine does beside only adds to it. Below a tenth of a millisecond nothing is told apart. */
function findGrowth(policy: Policy): { readonly ratio: number; readonly piece: string; readonly slowestMs: number } {
  const timeOf = (line: string): number => {
    let bestMs = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 15; time += 1) {
      const startMs = performance.now();
      policy.decide({ kind: 'line', line, cwd: '/srv', hasStdin: false }, target);
      bestMs = Math.min(bestMs, performance.now() - startMs);
    }
    return Math.max(bestMs, 0.1);
  };
  const found = growingPieces.map((piece) => {
    const [shortMs = 1, longMs = 1] = lengths.map((length) => timeOf(piece.repeat(Math.floor(length / piece.length))));
    return { ratio: longMs / shortMs, piece, slowestMs: longMs };
  });
  const slowestMs = Math.max(...found.map((one) => one.slowestMs));
  const worst = found.reduce((one, other) => (other.ratio > one.ratio ? other : one));
  return { ...worst, slowestMs };
}

/** Many rules about one command, so that the lines about it meet them all. */
function toRules() {
  return Array.from({ length: ruleCount }, (_, index) =>
    knowRule(
      {
        id: `rule-${index}`,
        decision: 'auto-allow',
        because: 'measured',
        command: index % 10 === 0 ? 'mytool' : `tool-${index % 97}`,
        operands: ['restart|(a|aa)*b', '...'],
        scope: { groups: ['web*'] },
      },
      'global',
    ),
  );
}
