/** What a session's way back looks like when the log holds more than plain changes: rollbacks of rollbacks, unknown outcomes, very many steps. */
import { describe, expect, it } from 'vitest';
import type { AuditEntry, AuditRecord, AuditRow } from '../../../src/core/audit/record.ts';
import { previewRollback, type RollbackParts } from '../../../src/core/changes/preview-rollback.ts';
import { limits } from '../../../src/core/limits.ts';
import type { FileImage } from '../../../src/core/ports.ts';
import { sha256 } from '../../fixtures/memory-servers.ts';
import { memoryTarget } from '../../fixtures/memory-world.ts';

const path = '/etc/motd';

/** A log and one file, whose contents are numbers: each change goes from one to the next. */
class Story {
  readonly #operations: {
    readonly id: string;
    readonly tool: string;
    readonly outcome: string;
    readonly records: AuditEntry[];
  }[] = [];
  #number = 0;

  write(id: string, outcome: 'ok' | 'unknown-outcome' | 'denied' = 'ok', session = 's1'): this {
    const shared = { id, session, server: 'web-1', path } as const;
    const records: AuditEntry[] = [{ type: 'intent', ...shared }];
    if (outcome !== 'denied')
      records.push({
        type: 'permit',
        ...shared,
        changedPath: path,
        beforeSha256: sha256(`${this.#number}`),
        commitBefore: `c${this.#number}`,
      });
    if (outcome === 'ok') records.push(this.#result(shared, this.#number + 1));
    this.#operations.push({ id, tool: 'remote_write_file', outcome, records });
    return this;
  }

  rollBack(id: string, rollsBack: readonly string[], to: number): this {
    const shared = { id, session: null, server: 'web-1', path, rollsBack } as const;
    const permit = {
      type: 'permit',
      ...shared,
      changedPath: path,
      beforeSha256: sha256(`${this.#number}`),
      commitBefore: `c${this.#number}`,
    } as const;
    this.#operations.push({ id, tool: 'rollback_file', outcome: 'ok', records: [permit, this.#result(shared, to)] });
    return this;
  }

  #result(shared: Partial<AuditEntry> & { readonly id: string }, to: number): AuditEntry {
    this.#number = to;
    return {
      type: 'result',
      ...shared,
      status: 'ok',
      changedPath: path,
      afterSha256: sha256(`${to}`),
      commit: `c${to}`,
    };
  }

  parts(): RollbackParts {
    const image = (number: string): FileImage => ({
      ...{ kind: 'content', content: Buffer.from(number), sha256: sha256(number), mode: 0o644, owner: 'ops' },
    });
    const content = Buffer.from(`${this.#number}`);
    return {
      audit: {
        page: async ({ tool, session, limit }) => {
          const found = this.#operations
            .map((operation, seq) => ({ ...operation, seq }))
            .filter((one) => one.tool === tool)
            .filter(({ records }) => session === undefined || records[0]?.session === session)
            .reverse();
          const rows = found
            .slice(0, limit)
            .map(({ id, seq, outcome }) => ({ id, seq, outcome, server: 'web-1', summary: path }));
          return { rows: rows as unknown as readonly AuditRow[], total: found.length };
        },
        records: async (id) => {
          const seq = this.#operations.findIndex((operation) => operation.id === id);
          return (this.#operations[seq]?.records ?? []).map((entry) => ({ ...entry, seq }) as AuditRecord);
        },
      },
      snapshots: { read: async (commit) => image(commit.slice(1)) },
      registry: { resolve: async () => memoryTarget() },
      servers: {
        survey: async () => ({
          hostKey: 'SHA256:key',
          realPath: path,
          state: {
            kind: 'file',
            content,
            sha256: sha256(content),
            size: 1,
            mode: 0o644,
            owner: 'ops',
            group: 'ops',
            uid: 1,
            gid: 1,
          },
          replace: 'atomic',
          inPlaceReason: null,
        }),
      },
    };
  }

  preview(to: string | null = null) {
    const context = { workspace: null, signal: new AbortController().signal };
    return previewRollback({ kind: 'session', session: 's1', to }, context, this.parts());
  }
}

const idsOf = async (preview: ReturnType<Story['preview']>): Promise<unknown> => {
  const { steps, stop } = await preview;
  return [steps.map(({ ids }) => ids), stop?.id ?? null];
};

describe('the way back of a session', () => {
  it.each<[string, Story, unknown]>([
    ['every change', new Story().write('a').write('b'), [[['b', 'a']], null]],
    ['what is left after a rollback', new Story().write('a').write('b').rollBack('r', ['b'], 1), [[['a']], null]],
    [
      'a change whose rollback was taken back',
      new Story().write('a').rollBack('r', ['a'], 0).rollBack('q', ['r'], 1),
      [[['a']], null],
    ],
    ['what was not denied', new Story().write('a').write('never', 'denied').write('b'), [[['b', 'a']], null]],
    [
      'nothing past an unknown outcome',
      new Story().write('a').write('lost', 'unknown-outcome').write('b'),
      [[['b']], 'lost'],
    ],
    [
      'nothing at all when the newest is unknown',
      new Story().write('a').write('lost', 'unknown-outcome'),
      [[], 'lost'],
    ],
    ["nothing past somebody else's change", new Story().write('a').write('x', 'ok', 's2').write('b'), [[['b']], 'a']],
  ])('takes back %s', async (_name, story, expected) => {
    expect(await idsOf(story.preview())).toEqual(expected);
  });

  it('is parted where it is longer than one request may be', async () => {
    const story = new Story();
    for (let at = 0; at < limits.rollbackStepsMax + 2; at += 1) story.write(`w${at}`);
    const { steps, stop } = await story.preview();
    expect([steps.map(({ ids }) => ids.length), stop]).toEqual([[limits.rollbackStepsMax, 2], null]);
    expect(steps[0]?.diff).toContain(`-${limits.rollbackStepsMax + 2}\n`);
    expect(steps[1]?.diff).toContain('-2\n');
    expect(steps[1]?.diff).toContain('+0\n');
  });

  it.each<[string, Story]>([
    ['changed nothing', new Story()],
    ['was only denied', new Story().write('never', 'denied')],
    ['was taken back already', new Story().write('a').rollBack('r', ['a'], 0)],
    ['belongs to another', new Story().write('x', 'ok', 's2')],
  ])('says that there is nothing when it %s', async (_name, story) => {
    await expect(story.preview()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
