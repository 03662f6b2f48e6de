/** Every way in which ssh2 would connect although nobody said yes, against a real handshake. */
import { once } from 'node:events';
import { connect } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHostVerifier } from '../../../src/runtime/ssh/host-verifier.ts';
import { type Sshd, sshdRuns, startSshd } from '../../fixtures/sshd.ts';

const refused: readonly (readonly [string, (key: Buffer) => unknown])[] = [
  ['false', () => false],
  ['undefined', () => undefined],
  ['null', () => null],
  ['0', () => 0],
  ['1', () => 1],
  ['an empty string', () => ''],
  ['the word true', () => 'true'],
  ['an object', () => ({ ok: true })],
  ['an Error', () => new Error('no')],
  ['a promise of true', () => Promise.resolve(true)],
  ['an async function that says false', async () => false],
  ['an async function that says true', async () => true],
  [
    'a throw',
    () => {
      throw new Error('no');
    },
  ],
];

describe('the host verifier', () => {
  it.each(refused)('answers exactly false for %s', (_name, judge) => {
    const answers: unknown[] = [];
    expect(toHostVerifier(judge)(Buffer.from('key'), (answer) => answers.push(answer))).toBe(undefined);
    expect(answers).toEqual([false]);
  });

  it('answers true for true, once, before it returns', () => {
    const answers: unknown[] = [];
    expect(toHostVerifier(() => true)(Buffer.from('key'), (answer) => answers.push(answer))).toBe(undefined);
    expect(answers).toEqual([true]);
  });
});

describe.runIf(sshdRuns())('a real handshake', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd?.stop();
  });

  /** Whether the handshake goes on past the host key. */
  async function isAccepted(judge: (key: Buffer) => unknown): Promise<boolean> {
    const socket = connect(sshd.port, sshd.host);
    await once(socket, 'connect');
    const client = new ssh2.Client();
    try {
      return await new Promise<boolean>((resolve) => {
        client.on('handshake', () => resolve(true)).on('error', () => resolve(false));
        client.connect({
          sock: socket,
          username: 'nobody',
          hostVerifier: toHostVerifier(judge),
          authHandler: () => undefined,
        });
      });
    } finally {
      client.destroy();
      socket.destroy();
    }
  }

  it.each(refused)('ends for %s', async (_name, judge) => {
    expect(await isAccepted(judge)).toBe(false);
  });

  it('goes on for true', async () => {
    expect(await isAccepted(() => true)).toBe(true);
  });
});
