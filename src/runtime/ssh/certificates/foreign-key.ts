/**
 * Public keys that ssh2 does not know by itself, certificates and those of security keys, offered through it all the same. ssh2 goes through
 * its steps with an object that looks like a key of its own; the two messages of RFC 4252, section 7, are made here, since in
 * them the algorithm of the request and that of the signature differ. It knows nothing of files and agents.
 */
import ssh2, { type Client, type ParsedKey } from 'ssh2';
import { toWireString } from './wire.ts';

/** A key that ssh2 offers as it is, for an agent class of ours that signs for it. */
export function toForeignKey(blob: Buffer, type: string): ParsedKey {
  const key: ParsedKey = Object.create(template, {
    type: { value: type },
    getPublicSSH: { value: () => blob },
  });
  foreign.add(key);
  return key;
}

/** Keys of `toForeignKey` are signed for with the whole signature (algorithm and bytes), all others with its bytes alone. */
export function isForeign(key: unknown): boolean {
  return typeof key === 'object' && key !== null && foreign.has(key);
}

/** After `connect`, before the login. False when ssh2 is not built as it was when this was written: then such keys are refused by the server. */
export function allowForeignKeys(client: Client): boolean {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const ownWay: unknown = Reflect.get(Object(protocol), 'authPK');
  if (typeof ownWay !== 'function') return false;
  const offer = (username: string, key: ParsedKey, algorithm: unknown, sign: unknown): void => {
    if (!isForeign(key)) ownWay.call(protocol, username, key, algorithm, sign);
    else if (typeof sign === 'function') sendSigned(protocol, username, key, sign);
    else ownWay.call(protocol, username, key, toRequestAlgorithm(key.type));
  };
  return Reflect.set(Object(protocol), 'authPK', offer);
}

/** What a request for a key of this type names: of RSA only with SHA-2 (RFC 8332). */
function toRequestAlgorithm(type: string): string {
  return type === 'ssh-rsa-cert-v01@openssh.com' ? 'rsa-sha2-512-cert-v01@openssh.com' : type;
}

/** `sign` as ssh2 hands it over: with the data, and with what to call with the signature. */
function sendSigned(protocol: unknown, username: string, key: ParsedKey, sign: Function): void {
  const sessionId: unknown = Reflect.get(Object(Reflect.get(Object(protocol), '_kex')), 'sessionID');
  if (!Buffer.isBuffer(sessionId)) throw new Error('ssh2 names no session.');
  const request = Buffer.concat([
    Buffer.from([userauthRequest]),
    ...[username, 'ssh-connection', 'publickey'].map(toWireString),
    Buffer.from([1]),
    toWireString(toRequestAlgorithm(key.type)),
    toWireString(key.getPublicSSH()),
  ]);
  sign(Buffer.concat([toWireString(sessionId), request]), (signature: Buffer) => {
    send(protocol, Buffer.concat([request, toWireString(signature)]));
  });
}

/** As ssh2 sends any message: enciphered, or queued while keys are exchanged. */
function send(protocol: unknown, payload: Buffer): void {
  const writer: unknown = Reflect.get(Object(Reflect.get(Object(protocol), '_packetRW')), 'write');
  const cipher: unknown = Reflect.get(Object(protocol), '_cipher');
  const packet: unknown = Reflect.apply(Reflect.get(Object(writer), 'alloc'), writer, [payload.length]);
  const start: unknown = Reflect.get(Object(writer), 'allocStart');
  const pending: unknown = Reflect.get(Object(protocol), '_authsQueue');
  if (!Buffer.isBuffer(packet) || typeof start !== 'number' || !Array.isArray(pending))
    throw new Error('ssh2 sends in another way than is known here.');
  packet.set(payload, start);
  pending.push('publickey');
  const ready: unknown = Reflect.apply(Reflect.get(Object(writer), 'finalize'), writer, [packet]);
  if (Reflect.get(Object(protocol), '_kexinit') === undefined) {
    Reflect.apply(Reflect.get(Object(cipher), 'encrypt'), cipher, [ready]);
    return;
  }
  const queue: unknown = Reflect.get(Object(protocol), '_queue');
  if (Array.isArray(queue)) queue.push(ready);
  else Reflect.set(Object(protocol), '_queue', [ready]);
}

const userauthRequest = 50;

const foreign = new WeakSet<object>();

/** A key of all zeros, whose only use is that ssh2 has parsed it. */
const template = parsePlain(`ssh-ed25519 ${toPublicKey().toString('base64')}`);

function toPublicKey(): Buffer {
  return Buffer.concat([toWireString('ssh-ed25519'), toWireString(Buffer.alloc(32))]);
}

function parsePlain(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? (key[0] as ParsedKey) : key;
}
