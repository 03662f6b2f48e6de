/**
 * ssh2's SFTP server announces no extensions, so clients would not dare an atomic rename. This puts our own VERSION packet in
 * place of its five bytes; the one spot that knows how ssh2 sends it.
 */
import type { SFTPWrapper } from 'ssh2';
import { assert } from '../base/assert.ts';

/** draft-ietf-secsh-filexfer-02, section 4: SSH_FXP_VERSION. */
const versionPacketType = 2;

interface Outgoing {
  readonly id: number;
  window: number;
}

interface Protocol {
  channelData(channel: number, payload: Buffer): void;
}

export function announceExtensions(sftp: SFTPWrapper, extensions: Readonly<Record<string, string>>): void {
  const inside = sftp as unknown as { _protocol: Protocol; outgoing: Outgoing };
  const protocol = inside._protocol;
  assert(typeof protocol?.channelData === 'function', 'ssh2 sends SFTP packets another way now.');
  const packet = versionPacket(extensions);
  inside._protocol = Object.create(protocol, {
    channelData: {
      value(channel: number, payload: Buffer): void {
        if (payload.byteLength !== 9 || payload[4] !== versionPacketType) return protocol.channelData(channel, payload);
        inside._protocol = protocol;
        inside.outgoing.window -= packet.byteLength - payload.byteLength;
        return protocol.channelData(channel, packet);
      },
    },
  }) as Protocol;
}

function versionPacket(extensions: Readonly<Record<string, string>>): Buffer {
  const strings = Object.entries(extensions).flat().map(toSshString);
  const body = Buffer.concat([Buffer.from([versionPacketType, 0, 0, 0, 3]), ...strings]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.byteLength);
  return Buffer.concat([length, body]);
}

/** RFC 4251, section 5: a length of four bytes, then the bytes. */
function toSshString(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

/** Reads the strings of an extended request's data. */
export function fromSshStrings(data: Buffer): string[] {
  const strings: string[] = [];
  for (let at = 0; at + 4 <= data.byteLength; ) {
    const end = at + 4 + data.readUInt32BE(at);
    strings.push(data.subarray(at + 4, end).toString('latin1'));
    at = end;
  }
  return strings;
}
