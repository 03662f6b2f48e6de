/** Redaction of ordinary log text, chunk by chunk as output arrives, against sha256 and a plain pattern over the same text. Times are of the processor, so that other work does not count. */
import { createHash, randomBytes } from 'node:crypto';
import { createRedactor } from '../../src/core/audit/create-redactor.ts';
import { type Aim, type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';
import { slowTexts } from './slow-texts.ts';

const samples: Readonly<Record<Effort, number>> = { full: 60, quick: 12 };
const chunkBytes = 1024 * 1024;
const heldValues = 20;
const megabytesPerSecondMin = 50;
/** Sixteen times the length: the square would be 256 times the time. */
const slowLengths = [30_000, 480_000] as const;
const slowGrowthMax = 100;

const lines = [
  'May 12 08:00:01 web-1 sshd[1234]: Accepted publickey for deploy from 10.0.0.7 port 52211 ssh2: ED25519 SHA256:8sdf7sdf6s8d',
  '10.0.0.7 - - [12/May/2026:08:00:01 +0000] "GET /login?page=2&sort=name HTTP/1.1" 200 512 "https://example.com/a" "Mozilla/5.0"',
  '2026-05-12T08:00:01Z INFO request_id=7d3e6a3e-52d3-4b1e-9d5e-7f6b6a3e52d3 method=POST path=/api/orders status=201 duration=12ms',
  '{"level":"info","ts":"2026-05-12T08:00:01Z","msg":"order created","order":{"id":4711,"total":12.5},"user":"deploy"}',
  'May 12 08:00:02 web-1 systemd[1]: Started Session 42 of user deploy.',
  '2026/05/12 08:00:01 [error] 12#12: *34 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.7',
  'May 12 08:00:03 web-1 kernel: [12345.678] eth0: renamed from veth1a2b3c',
];

export async function benchRedact(effort: Effort): Promise<Report> {
  const text = toText();
  const redactor = createRedactor({ key: randomBytes(32) });
  for (let index = 0; index < heldValues; index += 1) redactor.hold(randomBytes(16).toString('hex'));
  const ours = time(effort, () => redactor.redact(text));
  const hash = time(effort, () => createHash('sha256').update(text).digest());
  const pattern = time(effort, () => [...text.matchAll(/(?:password|token|secret)=(\S+)/gi)].length);
  const measures = [
    toMeasure('1 MiB of log text redacted', 'subject', ours),
    toMeasure('sha256 of the same', 'baseline', hash),
    toMeasure('one pattern, (password|token|secret)=, over the same', 'baseline', pattern),
  ] as const;
  const speed = chunkBytes / 1e6 / (measures[0].p50Ms / 1000);
  return {
    ...{
      name: 'redact',
      title: `redaction of ordinary log text with ${heldValues} values held, processor time`,
      measures,
    },
    aims: [
      toRatioAim(`p50 at least ${megabytesPerSecondMin} MB/s`, speed / megabytesPerSecondMin, { min: 1 }),
      toGrowthAim(),
    ],
    notes: [`${speed.toFixed(0)} MB/s at the median.`],
  };
}

/** The worst of all texts made to be slow. */
function toGrowthAim(): Aim {
  const growth = slowTexts.map(([what, piece]) => {
    const [short, long] = slowLengths.map((length) => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      // A redactor of its own each time: a text that held nothing is remembered.
      return Math.min(...[1, 2, 3].map(() => timeOnce(() => createRedactor({ key: randomBytes(32) }).redact(text))));
    });
    return { what, ratio: (long ?? 0) / Math.max(1, short ?? 0) };
  });
  const worst = growth.reduce((one, other) => (one.ratio >= other.ratio ? one : other));
  return toRatioAim(
    `16 times as much of a text made to be slow: at most ${slowGrowthMax} times as long (worst: ${worst.what})`,
    ...([worst.ratio, { max: slowGrowthMax }] as const),
  );
}

function timeOnce(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  return process.cpuUsage(start).user / 1000;
}

function toText(): string {
  let text = '';
  for (let index = 0; text.length < chunkBytes; index += 1)
    text += `${lines[index % lines.length]?.replace('4711', `${index}`)}\n`;
  return text.slice(0, chunkBytes);
}

function time(effort: Effort, run: () => unknown): number[] {
  for (let index = 0; index < 5; index += 1) run();
  return Array.from({ length: samples[effort] }, () => timeOnce(run));
}
