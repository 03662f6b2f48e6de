/** The words that the search line of the audit log completes: those that the filter knows, and their values. */
import { describe, expect, it } from 'vitest';
import { auditFilterKeys, parseAuditFilter } from '../../src/core/audit/audit-filter.ts';
import { auditOutcomes } from '../../src/core/audit/record.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import { auditSearchKeys, auditSearchOutcomes, completeAuditSearch } from '../../src/tui/audit-words.ts';
import { makeAgent, makeServer, makeSession } from '../fixtures/fake-host.ts';

const view = {
  ...toEmptyView({ pid: 1, version: '0.1.0', startedAtMs: 0, demo: false }),
  servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') },
  agents: [makeAgent('pi')],
  sessions: { S1: makeSession('S1') },
};

describe('the search of the audit log', () => {
  it('offers each word of the filter, and each outcome there is', () => {
    expect([...auditSearchKeys].sort()).toEqual([...auditFilterKeys, 'since', 'until'].sort());
    expect([...auditSearchOutcomes].sort()).toEqual([...auditOutcomes].sort());
  });

  it.each([
    ['', 'outcome:'],
    ['nginx s', 'server:,since:,session:'],
    ['outcome:d', 'outcome:denied'],
    ['outcome:denied server:', 'server:web-1,server:db-1'],
    ['-agent:', '-agent:pi'],
    ['session:', 'session:S1'],
    ['since:2', 'since:2h'],
    ['decision:r', 'decision:reject'],
    ['nginx', ''],
    ['rule:x', ''],
    ['https://', ''],
  ])('completes %j to %j', (text, words) => {
    const found = completeAuditSearch(text, view);
    expect(text === '' ? found[0] : found.join()).toBe(words);
  });

  it('offers nothing that the filter refuses', () => {
    for (const key of auditSearchKeys)
      for (const word of completeAuditSearch(`${key}:`, view)) expect(() => parseAuditFilter(word, 0)).not.toThrow();
  });
});
