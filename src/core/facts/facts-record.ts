/** What the log says of facts that were given out without a look at the server: each once for its session, server and age. It knows no facts. */
import type { AuditEntry } from '../audit/record.ts';
import type { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { AuditLog } from '../ports.ts';
import type { FactsReader, ServerFacts } from './server-facts.ts';

export interface FactsRecordOptions {
  readonly audit: Pick<AuditLog, 'append'>;
  /** An id for the records of one read; unique for all time. */
  readonly newId: () => string;
}

export class FactsRecord {
  readonly #options: FactsRecordOptions;
  /** Oldest first. */
  readonly #recorded = new Set<string>();

  constructor(options: FactsRecordOptions) {
    this.#options = options;
  }

  /** Rejects with AUDIT_UNAVAILABLE; then nothing may be given out. */
  async noteRead(request: FactsReader, { server, gatheredAt }: ServerFacts): Promise<void> {
    await this.#once(['read', request.session, server, gatheredAt], () => {
      const shared = { ...this.#begin(request), server };
      const permit = { approver: 'policy', decision: 'auto-allow', rule: 'facts.kept' };
      const note = `What was seen at ${gatheredAt} was given out; the server was not asked.`;
      return [
        { type: 'intent', ...shared },
        { type: 'permit', ...shared, ...permit },
        { type: 'result', ...shared, status: 'ok', note },
      ];
    });
  }

  /** @param since when the look began that this one came too soon after. */
  async noteRefusal(request: FactsReader, { code, message }: OperationError, since: number): Promise<void> {
    await this.#once(['refused', request.session, request.server, String(since)], () => [
      {
        type: 'refused',
        ...this.#begin(request),
        server: request.server,
        rule: 'facts.refresh',
        code,
        reason: message,
      },
    ]);
  }

  #begin({ session, agent, origin }: FactsReader): Pick<AuditEntry, 'id' | 'session' | 'agent' | 'origin' | 'tool'> {
    return { id: this.#options.newId(), session, agent, origin, tool: 'probe' };
  }

  async #once(words: readonly (string | null)[], toEntries: () => readonly AuditEntry[]): Promise<void> {
    const key = JSON.stringify(words);
    if (this.#recorded.has(key)) return;
    await this.#options.audit.append(toEntries());
    this.#recorded.add(key);
    const [oldest] = this.#recorded;
    if (this.#recorded.size > limits.factsReadsKeptMax && oldest !== undefined) this.#recorded.delete(oldest);
  }
}
