/** The clear part of a handshake, read in whatever pieces it comes. */
import { describe, expect, it } from 'vitest';
import { toWireString } from '../../../../src/runtime/ssh/certificates/wire.ts';
import { ClearHandshake } from '../../../../src/runtime/ssh/system/clear-handshake.ts';
import { toReason } from '../../../../src/runtime/ssh/system/offer-words.ts';
import fc from '../../../fixtures/properties.ts';

const hostKey = Buffer.concat([toWireString('ssh-ed25519'), toWireString(Buffer.alloc(32, 7))]);

describe('a clear handshake', () => {
  it('gives the name, the offer, the key and its proof, however it is cut', () => {
    const server = Buffer.concat([
      Buffer.from('Welcome!\r\nSSH-2.0-OpenSSH_9.2p1 Debian\r\n'),
      toKexInit('sntrup761x25519-sha512@openssh.com'),
      toPacket([31], toWireString(hostKey)),
      toPacket([21]),
      Buffer.alloc(100, 255),
    ]);
    const client = Buffer.concat([
      Buffer.from('SSH-2.0-Other\n'),
      toKexInit('sntrup761x25519-sha512@openssh.com'),
      toPacket([30]),
      toPacket([21]),
      Buffer.alloc(100, 255),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
        const handshake = new ClearHandshake();
        const beforeProof = client.subarray(0, client.length - 100 - toPacket([21]).length);
        for (const piece of cut(beforeProof, sizes)) handshake.fromClient(piece);
        for (const piece of cut(server, sizes)) handshake.fromServer(piece);
        expect(handshake.identification).toBe('SSH-2.0-OpenSSH_9.2p1 Debian');
        expect(handshake.shownKey).toEqual(hostKey);
        expect(handshake.isProved).toBe(false);
        for (const piece of cut(client.subarray(beforeProof.length), sizes)) handshake.fromClient(piece);
        expect(handshake.isProved).toBe(true);
      }),
    );
  });

  it('with groups that the server makes up, what comes before the key is not it', () => {
    const handshake = new ClearHandshake();
    const line = Buffer.from('SSH-2.0-Old\r\n');
    handshake.fromClient(Buffer.concat([line, toKexInit('diffie-hellman-group-exchange-sha256,other')]));
    handshake.fromServer(Buffer.concat([line, toKexInit('other,diffie-hellman-group-exchange-sha256')]));
    handshake.fromServer(toPacket([31], toWireString(Buffer.alloc(32, 1)), toWireString('')));
    expect(handshake.shownKey).toBe(null);
    handshake.fromServer(toPacket([33], toWireString(hostKey)));
    expect(handshake.shownKey).toEqual(hostKey);
  });

  it('of several offers the first counts, as it does for ssh', () => {
    const handshake = new ClearHandshake();
    const line = Buffer.from('SSH-2.0-Sly\r\n');
    const names = 'curve25519-sha256,diffie-hellman-group-exchange-sha256';
    handshake.fromClient(Buffer.concat([line, toKexInit(names)]));
    handshake.fromServer(Buffer.concat([line, toKexInit(names)]));
    handshake.fromServer(toKexInit('diffie-hellman-group-exchange-sha256'));
    handshake.fromServer(toPacket([31], toWireString(hostKey)));
    expect(handshake.shownKey).toEqual(hostKey);
  });

  it('ends where the client takes a key for proved that was not seen here', () => {
    const handshake = new ClearHandshake();
    const start = Buffer.concat([Buffer.from('SSH-2.0-Sly\r\n'), toKexInit('curve25519-sha256')]);
    handshake.fromClient(start);
    handshake.fromServer(start);
    expect(() => handshake.fromClient(toPacket([21]))).toThrow(RangeError);
    expect(handshake.isProved).toBe(false);
  });

  it('refuses what cannot be one', () => {
    expect(() => new ClearHandshake().fromServer(Buffer.alloc(300_000, 65))).toThrow(RangeError);
    const handshake = new ClearHandshake();
    expect(() => handshake.fromServer(Buffer.concat([Buffer.from('SSH-2.0-X\n'), Buffer.alloc(8, 255)]))).toThrow(
      RangeError,
    );
  });
});

describe('the reason', () => {
  const common = { keyExchange: ['curve25519-sha256'], hostKey: ['ssh-ed25519'], cipher: ['aes128-ctr'] };
  const mac = ['hmac-sha2-256-etm@openssh.com'];
  it.each([
    [{ ...common, mac }, null],
    [{ ...common, cipher: ['aes128-gcm@openssh.com'], mac: ['umac-128@openssh.com'] }, null],
    [{ ...common, mac: ['umac-128@openssh.com'] }, 'the server offers only the checksum umac-128@openssh.com'],
    [
      { ...common, mac, keyExchange: ['a', 'b', 'c', 'd', 'ext-info-s'], hostKey: ['ssh-rsa', '\u001b[2J'] },
      'the server offers only the key exchange a, b, c, … and the host key ssh-rsa',
    ],
  ])('of %o is %s', (offer, words) => {
    expect(toReason(offer)).toBe(words);
  });
});

function toKexInit(keyExchange: string): Buffer {
  const lists = [keyExchange, 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'umac', 'umac', 'none', 'none', '', ''];
  return toPacket([20], Buffer.alloc(16), ...lists.map(toWireString), Buffer.alloc(5));
}

function toPacket(type: readonly number[], ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([Buffer.from(type), ...parts]);
  const padding = 4 + ((8 - ((5 + payload.length + 4) % 8)) % 8);
  return toWireString(Buffer.concat([Buffer.from([padding]), payload, Buffer.alloc(padding)]));
}

function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[pieces.length % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
