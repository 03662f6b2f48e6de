/** Gathers what a server is through the gate, once for all who ask, and keeps it. It asks nobody: what policy does not allow stays unknown. */
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import type { Redactor } from '../audit/redactor.ts';
import type { Caller } from '../caller.ts';
import { OperationError } from '../codes.ts';
import type { Envelope } from '../envelope.ts';
import type { Gate } from '../gate.ts';
import { limits } from '../limits.ts';
import type { Registry, Servers } from '../ports.ts';
import type { Target } from '../server.ts';
import { FactsRecord, type FactsRecordOptions } from './facts-record.ts';
import type { LineFacts } from './line-facts.ts';
import { parseFacts, toClockSkew } from './parse-facts.ts';
import { type ProbeName, probeNames } from './probe-table.ts';
import type { FactsReader, FactsRequest, FactsSource, FactsStore, ServerFacts } from './server-facts.ts';

export interface FactsDeskOptions extends FactsRecordOptions {
  readonly gate: Gate;
  readonly registry: Registry;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly store: FactsStore;
  readonly servers: Pick<Servers, 'status' | 'line' | 'learnAnew'>;
}

interface Answer {
  readonly probe: ProbeName;
  readonly envelope: Envelope;
  readonly askedMs: number;
  readonly answeredMs: number;
}

interface Look {
  readonly atMs: number;
  isFailed: boolean;
}

export class FactsDesk implements FactsSource {
  readonly #options: FactsDeskOptions;
  /** By the hash of the server's record, oldest first. */
  readonly #facts = new Map<string, ServerFacts>();
  readonly #gathering = new Map<string, Promise<ServerFacts>>();
  readonly #record: FactsRecord;
  /** The last look at each server, by the hash of its record. */
  readonly #looks = new Map<string, Look>();
  readonly #changed = new Emitter<string>();
  readonly onChanged = this.#changed.event;

  constructor(options: FactsDeskOptions) {
    this.#options = options;
    this.#record = new FactsRecord(options);
  }

  async read(request: FactsRequest): Promise<ServerFacts> {
    const target = await this.#options.registry.resolve(
      request.server,
      request.workspace,
      ...(request.refresh === 'now' ? (['asked'] as const) : []),
    );
    const known = request.refresh === 'now' ? null : await this.#find(target);
    if (known && !this.#isOld(known)) {
      await this.#record.noteRead(request, known);
      return known;
    }
    const running = this.#gathering.get(target.recordHash);
    // Who asked first may have gone away in the middle; that is no answer to anybody else.
    if (running) return await running.catch(() => (request.signal.aborted ? running : this.read(request)));
    const tooSoon = this.#findTooSoon(target, request);
    if (tooSoon) {
      await this.#record.noteRefusal(request, tooSoon.error, tooSoon.lookAtMs);
      throw tooSoon.error;
    }
    // What a person asks for anew may have been put right meanwhile.
    if (request.refresh === 'now' && request.origin === 'operator') await this.#options.servers.learnAnew(target);
    const look: Look = { atMs: this.#options.clock.nowMs(), isFailed: false };
    keep(this.#looks, target.recordHash, look);
    const gathering = this.#gather(target, request)
      .catch((error: unknown) => {
        // Who gave up learned nothing about the server.
        look.isFailed = !request.signal.aborted;
        throw error;
      })
      .finally(() => this.#gathering.delete(target.recordHash));
    this.#gathering.set(target.recordHash, gathering);
    return await gathering;
  }

  async known(reader: FactsReader): Promise<ServerFacts | null> {
    const known = await this.#find(await this.#options.registry.resolve(reader.server, reader.workspace));
    if (known) await this.#record.noteRead(reader, known);
    return known;
  }

  async peek(
    server: string,
    workspace: string | null,
  ): Promise<{ readonly facts: ServerFacts | null; readonly line: LineFacts | null }> {
    const target = await this.#options.registry.resolve(server, workspace);
    const [facts, line] = await Promise.all([this.#find(target), this.#options.servers.line(target)]);
    return { facts, line };
  }

  async #find({ recordHash, id }: Target): Promise<ServerFacts | null> {
    const known = this.#facts.get(recordHash) ?? (await this.#options.store.read(recordHash));
    if (known?.server !== id) return null;
    // Behind another host key is another machine, even where the record names the same address.
    const { hostKey } = this.#options.servers.status(id);
    if (hostKey !== null && known.line !== null && known.line.hostKey !== hostKey) return null;
    keep(this.#facts, recordHash, known);
    return known;
  }

  /** An agent that asks again and again must not keep a server and the log busy. A person may. */
  #findTooSoon(
    { recordHash, id }: Target,
    request: FactsRequest,
  ): { readonly error: OperationError; readonly lookAtMs: number } | null {
    const look = this.#looks.get(recordHash);
    const sinceMs = look ? this.#options.clock.nowMs() - look.atMs : limits.factsRefreshMs;
    const isTooSoon = sinceMs >= 0 && sinceMs < limits.factsRefreshMs;
    if (!look || !isTooSoon || request.origin === 'operator') return null;
    if (request.refresh === 'when old' && !look.isFailed) return null;
    const seconds = Math.ceil((limits.factsRefreshMs - sinceMs) / 1_000);
    const error = new OperationError(
      'CONFLICT',
      `${id} was looked at ${Math.round(sinceMs / 1_000)} s ago${look.isFailed ? ' and told nothing' : ''}; it can be looked at again in ${seconds} s.`,
    );
    return { error, lookAtMs: look.atMs };
  }

  #isOld({ gatheredAt }: ServerFacts): boolean {
    const ageMs = this.#options.clock.nowMs() - Date.parse(gatheredAt);
    // A time that is yet to come, or none, says nothing about its age.
    return !(ageMs >= 0 && ageMs < limits.factsFreshMs);
  }

  async #gather(target: Target, request: FactsRequest): Promise<ServerFacts> {
    const { clock, redactor, store } = this.#options;
    const answers = await Promise.all(probeNames.map((probe) => this.#probe(probe, request)));
    const [first] = answers;
    // Nothing at all was found out: whoever asked wants to know why, not an empty list.
    if (first && answers.every(({ envelope }) => isFailed(envelope)))
      throw new OperationError(
        first.envelope.code ?? 'INTERNAL',
        first.envelope.message ?? 'The server told nothing about itself.',
      );
    const printed = new Map(
      answers.flatMap(({ probe, envelope }) => {
        const { stdout } = envelope.data ?? {};
        return isFailed(envelope) || typeof stdout !== 'string' ? [] : [[probe, redactor.redact(stdout).text] as const];
      }),
    );
    const clockAnswer = answers.find(({ probe }) => probe === 'clock');
    const facts: ServerFacts = {
      server: target.id,
      gatheredAt: new Date(clock.nowMs()).toISOString(),
      ...parseFacts(printed),
      clockSkewSeconds: clockAnswer
        ? toClockSkew(printed.get('clock'), clockAnswer.askedMs, clockAnswer.answeredMs)
        : null,
      line: await this.#options.servers.line(target),
      unknown: answers
        .filter(({ envelope }) => isFailed(envelope))
        .map(({ probe, envelope }) => ({ probe, reason: toReason(envelope, redactor) })),
    };
    keep(this.#facts, target.recordHash, facts);
    await store.write(target.recordHash, facts);
    this.#changed.fire(target.id);
    return facts;
  }

  async #probe(probe: ProbeName, { server, workspace, session, signal }: FactsRequest): Promise<Answer> {
    const { gate, clock } = this.#options;
    const caller: Caller = {
      ...{ origin: 'program', door: 'engine', session, agent: null, servers: [server], workspace, readonly: true },
    };
    const askedMs = clock.nowMs();
    const envelope = await gate.perform({ operation: 'probe', input: { server, probe }, caller, signal });
    return { probe, envelope, askedMs, answeredMs: clock.nowMs() };
  }
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > limits.factsKeptMax && oldest !== undefined) kept.delete(oldest);
}

/** One that ended with another status has printed what there is: `ls` names what is missing, too. */
function isFailed({ status, code, data }: Envelope): boolean {
  return status !== 'ok' && !(code === 'NON_ZERO_EXIT' && data?.stdout !== '' && data?.stdout !== undefined);
}

/** With the first line that the command complained with. */
function toReason({ message = 'It failed.', data }: Envelope, redactor: Redactor): string {
  const [complaint = ''] = typeof data?.stderr === 'string' ? data.stderr.trim().split('\n') : [];
  return complaint === '' ? message : `${message} ${redactor.redact(complaint.slice(0, 200)).text}`;
}
