/** What passes between the system's ssh and an ssh-agent: unchanged, and seen where a key is to sign. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disposable, toDisposable } from '../../../../src/base/lifecycle.ts';
import { toWireString, toWireUint32 } from '../../../../src/runtime/ssh/certificates/wire.ts';
import { openAgentPassage } from '../../../../src/runtime/ssh/system/agent-passage.ts';
import { until } from '../lab.ts';

const toSign = (keyType: string): Buffer =>
  toWireString(
    Buffer.concat([
      ...[Buffer.from([13]), toWireString(toWireString(keyType))],
      ...[toWireString('data'), toWireUint32(0)],
    ]),
  );
const toList = toWireString(Buffer.from([11]));
const answer = toWireString(Buffer.from([14, 1, 2, 3]));

describe('between ssh and its agent', () => {
  let folder: string;
  let agent: Server;
  let passage: Disposable;
  let ssh: Socket;
  let agentEnd: Socket;
  let heard: Buffer;
  let said: Buffer;
  /** Types of keys that are to sign, with a full stop once that is over. */
  let signing: string[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-agent-'));
    // One that is still to sign when its test is over is no business of the next.
    const seen: string[] = [];
    [heard, said, signing] = [Buffer.alloc(0), Buffer.alloc(0), seen];
    const connected = new Promise<Socket>((resolve) => {
      agent = createServer(resolve);
    });
    await new Promise<void>((resolve) => agent.listen(join(folder, 'agent'), resolve));
    passage = await openAgentPassage({
      ...{ path: join(folder, 'ours'), agent: join(folder, 'agent') },
      onSigning: (keyType) => {
        seen.push(keyType);
        return toDisposable(() => void seen.push('.'));
      },
    });
    ssh = new Socket().connect(join(folder, 'ours'));
    ssh.on('data', (bytes) => {
      said = Buffer.concat([said, bytes]);
    });
    agentEnd = await connected;
    agentEnd.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
    });
  });
  afterEach(() => {
    passage.dispose();
    for (const socket of [ssh, agentEnd]) socket.destroy();
    agent.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('everything arrives as it was, and the key that is to sign is told until the answer', async () => {
    const request = toSign('sk-ssh-ed25519@openssh.com');
    ssh.write(Buffer.concat([toList, request.subarray(0, 9)]));
    await until(() => heard.length === toList.length + 9);
    expect(signing).toEqual([]);
    ssh.write(request.subarray(9));
    await until(() => heard.length === toList.length + request.length);
    expect(heard).toEqual(Buffer.concat([toList, request]));
    expect(signing).toEqual(['sk-ssh-ed25519@openssh.com']);
    agentEnd.write(answer);
    await until(() => said.length === answer.length);
    expect([said, signing]).toEqual([answer, ['sk-ssh-ed25519@openssh.com', '.']]);
    ssh.write(toSign('ssh-ed25519'));
    await until(() => signing.length === 3);
  });

  it.each<[string, (ends: { readonly agentEnd: Socket; readonly passage: Disposable }) => void]>([
    ['the agent is gone', (ends) => void ends.agentEnd.destroy()],
    ['the login is over', (ends) => ends.passage.dispose()],
  ])('nothing is left when %s', async (_name, end) => {
    ssh.on('error', () => undefined);
    ssh.write(toSign('ssh-rsa'));
    await until(() => signing.length === 1);
    end({ agentEnd, passage });
    await until(() => ssh.destroyed && signing.length === 2);
    expect(signing).toEqual(['ssh-rsa', '.']);
  });

  it('what is no request of an agent is passed on and not read', async () => {
    const garbage = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.alloc(100_000, 7)]);
    ssh.write(garbage);
    ssh.write(toSign('ssh-rsa'));
    await until(() => heard.length === garbage.length + toSign('ssh-rsa').length);
    expect(signing).toEqual([]);
  });
});
