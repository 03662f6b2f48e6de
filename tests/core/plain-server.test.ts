/** Records that are taken without their schema: each as the schema gives it, and none that it would refuse. */
import { describe, expect, it } from 'vitest';
import { toPlainServer } from '../../src/core/plain-server.ts';
import { explicitServerSchema } from '../../src/core/server.ts';
import fc from '../fixtures/properties.ts';

const usual = { id: 'web-1', host: '10.0.0.5', username: 'ops', auth: { kind: 'agent' } };

/** What stands in a file: mostly right, and now and then something else. */
const field = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
const auth = fc.oneof(
  fc.record({ kind: field(fc.constant('agent')), socket: field(fc.string()) }, { requiredKeys: ['kind'] }),
  fc.record(
    {
      kind: field(fc.constantFrom('privateKey', 'agent', 'password', 'certificate')),
      privateKeyPath: field(fc.string()),
      passphrase: field(fc.record({ env: fc.string() })),
    },
    { requiredKeys: ['kind'] },
  ),
);
const words = fc.array(field(fc.string()), { maxLength: 3 });
const records = fc.record(
  {
    id: field(fc.constantFrom('web-1', 'a', 'Web', '', '-a', 'a'.repeat(63), 'a'.repeat(64))),
    host: field(fc.string()),
    username: field(fc.string()),
    auth: field(auth),
    port: field(fc.oneof(fc.constantFrom(-0, 0, 1, 22, 65_535, 65_536, 2.5), fc.string())),
    environment: field(fc.constantFrom('production', 'staging', 'development', 'Production')),
    labels: field(words),
    groups: field(words),
    roots: field(words),
  },
  { requiredKeys: ['id', 'host', 'username', 'auth'] },
);

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
    fc.assert(
      fc.property(records, (record) => {
        const plain = toPlainServer(record);
        if (plain !== null) expect(plain).toStrictEqual(explicitServerSchema.safeParse(record).data);
      }),
      { numRuns: 2_000 },
    );
  });
});
