/** Records that are taken without their schema: each as the schema gives it, and none that it would refuse. */
import { describe, expect, it } from 'vitest';
import { toPlainServer } from '../../src/core/plain-server.ts';
import { explicitServerSchema } from '../../src/core/server.ts';
import fc from '../fixtures/properties.ts';

const usual = { id: 'web-1', host: '10.0.0.5', username: 'ops', auth: { kind: 'agent' } };

const text = fc.string({ minLength: 1 });
const good = fc.record(
  {
    id: fc.constantFrom('web-1', 'a', 'a'.repeat(63)),
    host: text,
    username: text,
    auth: fc.oneof(
      fc.constant({ kind: 'agent' }),
      fc.record({ kind: fc.constant('privateKey'), privateKeyPath: text }),
    ),
    port: fc.integer({ min: 1, max: 65_535 }),
    environment: fc.constantFrom('production', 'staging', 'development'),
    labels: fc.array(text, { maxLength: 2 }),
    groups: fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: ['id', 'host', 'username', 'auth', 'port'] },
);
/** What somebody may have written instead, wherever it stands. */
const slips = fc.array(
  fc.tuple(
    fc.constantFrom(
      'id',
      'host',
      'auth.kind',
      'auth.privateKeyPath',
      'auth.socket',
      'port',
      'environment',
      'labels',
      'roots',
    ),
    fc.oneof(
      fc.constantFrom<unknown>('', '-a', 'a'.repeat(64), 'agent', 'privateKey', 'Production', '22'),
      fc.constantFrom<unknown>(0, -0, 65_536, 2.5, true, null, [''], [1], ['a'], {}),
      fc.jsonValue({ maxDepth: 1 }),
    ),
  ),
  { maxLength: 2 },
);
const records = fc.tuple(good, slips).map(([record, changes]) => {
  const copy = structuredClone(record) as Record<string, unknown>;
  for (const [path, value] of changes) {
    const [name = '', inner] = path.split('.');
    if (inner === undefined) copy[name] = value;
    else copy[name] = { ...(copy[name] as object), [inner]: value };
  }
  return copy;
});

describe('a server of the usual kind', () => {
  it.each([
    usual,
    { ...usual, port: 2222, environment: 'staging', labels: ['eu'], groups: [] },
    { ...usual, auth: { kind: 'privateKey', privateKeyPath: '~/.ssh/id_ed25519' } },
  ])('is taken: %j', (record) => {
    expect(toPlainServer(record)).toStrictEqual(explicitServerSchema.parse(record));
  });

  it.each([
    ['nothing', null],
    ['a list', [usual]],
    ['a key that is not known', { ...usual, hots: 'a' }],
    ['a key of Object.prototype', JSON.parse(JSON.stringify(usual).replace('{', '{"__proto__":1,'))],
    ['no host', { ...usual, host: '' }],
    ['a port that is none', { ...usual, port: 65_536 }],
    ['a group without a name', { ...usual, groups: [''] }],
    ['a login that says more', { ...usual, auth: { kind: 'agent', socket: '/run/a' } }],
    ['a login of another kind', { ...usual, auth: { kind: 'password' } }],
    ['a passphrase', { ...usual, auth: { kind: 'privateKey', privateKeyPath: '/k', passphrase: { env: 'A' } } }],
    ['a key path that is none', { ...usual, auth: { kind: 'privateKey', privateKeyPath: '' } }],
  ])('is left to the schema with %s', (_what, value) => {
    expect(toPlainServer(value)).toBeNull();
  });

  it('is what the schema gives for it, whatever stands in the file', () => {
    let [taken, left] = [0, 0];
    fc.assert(
      fc.property(records, (record) => {
        const plain = toPlainServer(record);
        if (plain === null) left += 1;
        else taken += 1;
        if (plain !== null) expect(plain).toStrictEqual(explicitServerSchema.safeParse(record).data);
      }),
      { numRuns: 1_000 },
    );
    // Both were looked at.
    expect([taken > 50, left > 50]).toEqual([true, true]);
  });
});
