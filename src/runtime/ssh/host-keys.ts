/**
 * The host keys this user trusts: our own known_hosts, which we write, and the user's, which we only read. It judges keys and words
 * the refusals; it knows nothing of connections.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { Serial } from '../../base/serial.ts';
import { OperationError } from '../../core/codes.ts';
import { toTilde } from '../registry/ssh-config-text.ts';
import type { Certificate } from './certificates/certificate.ts';
import { authoritiesFor, objectionToHost } from './certificates/host-certificate.ts';
import { isNamed, judgeKey, type KnownHost, knownTypes, toFingerprint, typeOf } from './known-hosts.ts';
import { KnownHostsFiles, readIfThere } from './known-hosts-files.ts';
import { nothingRevoked, type RevokedKeys, readRevokedKeys } from './revoked-keys.ts';

const hopPrefix = 'ssh:';

/** Whose key is judged: the name in known_hosts, and the words for messages. */
export interface HostName {
  readonly id: string;
  /** `host`, `[host]:port` or the alias of HostKeyAlias. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Those of the user that ssh would read for it; absent or null: its default ones. */
  readonly knownHostsFiles?: readonly string[] | null;
  /** Keys that never count; absent or null: no such file. */
  readonly revokedKeysFile?: string | null;
}

/** What the files held when a connection began; judging is synchronous, because the handshake does not wait. */
export interface HostKeyView {
  readonly types: readonly string[];
  /** What is known for the name, as lines of known_hosts that are about it and nothing else; revoked keys are left out. */
  readonly lines: readonly string[];
  /** Of the keys that are trusted here by themselves. */
  readonly fingerprints: readonly string[];
  /** No key is known here for the name, but an authority is, and no certificate of it that is still good was seen. */
  readonly wantsCertificate: boolean;
  /** As with ssh, a certificate of it counts also where the key is another than the known one: the key was changed by who may. */
  readonly hasAuthority: boolean;
  /** One was seen, and what it is about is trusted. */
  readonly isOfCertificate: boolean;
  /** The authority for whose sake the key is trusted; null: the key itself is known. */
  authorityOf(key: Buffer): string | null;
  /** Where a trusted key is known from, in words. */
  knownFrom(key: Buffer): string | null;
  /** Null when the key is trusted, else the refusal. `pinned` is a fingerprint the operator has just confirmed for an unknown key. */
  refusal(key: Buffer, pinned: string | null): OperationError | null;
}

export class HostKeys {
  readonly #ownFile: string;
  readonly #userFiles: readonly string[];
  readonly #clock: Clock;
  readonly #writes = new Serial();
  /** What servers have shown, by the name of the server; each is judged anew. Bounded by the servers there are. */
  readonly #certificates = new Map<string, Certificate>();

  readonly #files = new KnownHostsFiles();

  constructor(ownFile: string, userFiles: readonly string[], clock: Clock) {
    this.#ownFile = ownFile;
    this.#userFiles = userFiles;
    this.#clock = clock;
  }

  /** Keeps the certificate that a server showed; null: what it showed before no longer counts. */
  learn(of: HostName, certificate: Certificate | null): void {
    if (certificate === null) this.#certificates.delete(of.name);
    else this.#certificates.set(of.name, certificate);
  }

  /** As the files are now. Throws CONFIG_INVALID when one exists and cannot be read: an unread file could hold a revocation. */
  async view(of: HostName): Promise<HostKeyView> {
    const [own, theirs, revoked] = await Promise.all([
      this.#files.read(this.#ownFile),
      Promise.all((of.knownHostsFiles ?? this.#userFiles).map((file) => this.#files.read(file))),
      of.revokedKeysFile ? readRevokedKeys(of.revokedKeysFile) : nothingRevoked,
    ]);
    const hosts = [...own, ...theirs.flat(), ...revoked.lines];
    const types = knownTypes(hosts, of.name);
    const shown = this.#certificates.get(of.name) ?? null;
    const objection =
      shown && (objectionToHost(shown, of, hosts, this.#clock.nowMs()) ?? toObjection(revoked.holds(shown.blob)));
    const certified = shown !== null && objection === null ? shown : null;
    const keyType = certified && typeOf(certified.publicKey);
    const hasAuthority = authoritiesFor(of, hosts).length > 0;
    const isCertified = (key: Buffer): boolean => certified?.publicKey.equals(key) === true;
    return {
      types: keyType ? [keyType] : types,
      lines: toLines(own, hosts, of),
      fingerprints: toPlain(own, of).map(({ key }) => toFingerprint(key)),
      wantsCertificate: certified === null && hasAuthority && knownTypes(own, of.name).length === 0,
      hasAuthority,
      authorityOf: (key) => (certified !== null && isCertified(key) ? certified.authority : null),
      isOfCertificate: certified !== null,
      knownFrom: (key) => toOrigin(own, of, key, certified !== null && isCertified(key) ? certified.authority : null),
      refusal: (key, pinned) => {
        if (isCertified(key)) return null;
        const refusal = toRefusal({ own, all: hosts }, of, key, pinned, toWords(objection));
        // What is refused in any case needs no look into a list.
        return refusal ?? toListed(revoked, of, key);
      },
    };
  }

  /** Plain keys of the user's files for a name that none is trusted for here; none of them revoked. Throws as `view` does. */
  async knownToSsh(of: HostName): Promise<readonly KnownHost[]> {
    const [own, theirs] = await Promise.all([
      this.#files.read(this.#ownFile),
      Promise.all((of.knownHostsFiles ?? this.#userFiles).map((file) => this.#files.read(file))),
    ]);
    if (knownTypes(own, of.name).length > 0) return [];
    const all = [...own, ...theirs.flat()];
    return all.filter(
      ({ marker, hosts, key }) =>
        marker === null && isNamed(hosts, of.name) && judgeKey(all, of.name, key).kind === 'known',
    );
  }

  /** Adds a key to our own file: a whole new file, renamed into place, so that a crash leaves the old one. */
  store(of: HostName, key: Buffer): Promise<void> {
    return this.#writes.run(async () => {
      await mkdir(dirname(this.#ownFile), { recursive: true, mode: 0o700 });
      const before = await readIfThere(this.#ownFile);
      const separator = before === '' || before.endsWith('\n') ? '' : '\n';
      const line = `${of.name} ${typeOf(key)} ${key.toString('base64')}\n`;
      if (before.split('\n').includes(line.trimEnd())) return;
      const temporary = `${this.#ownFile}.${randomBytes(6).toString('hex')}`;
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(before + separator + line);
        await handle.sync();
        await handle.close();
        await rename(temporary, this.#ownFile);
      } catch (error) {
        await handle.close().catch(() => undefined);
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }
}

/** The refusal of a key that a binary list holds, or of any where that cannot be told. */
function toListed(revoked: RevokedKeys, of: HostName, key: Buffer): OperationError | null {
  try {
    if (!revoked.holds(key)) return null;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
  const { id: server, host, port, revokedKeysFile } = of;
  const [fingerprint, type] = [toFingerprint(key), typeOf(key) ?? 'unknown type'];
  return new OperationError(
    'HOST_KEY_CHANGED',
    `The host key of ${toWhose(server)} (${host}:${port}), ${type} ${fingerprint}, is revoked by ${revokedKeysFile}; nothing was sent. ` +
      'Ask its owner for a new host key.',
    { data: { server, fingerprint, type, host, port } },
  );
}

function toObjection(isRevoked: boolean): string | null {
  return isRevoked ? 'is revoked, itself or its authority' : null;
}

function toLines(own: readonly KnownHost[], hosts: readonly KnownHost[], of: HostName): readonly string[] {
  return [
    ...toPlain(own, of).map(({ type, key }) => `${of.name} ${type} ${key.toString('base64')}`),
    ...authoritiesFor(of, hosts).map(({ type, key }) => `@cert-authority ${of.name} ${type} ${key.toString('base64')}`),
  ];
}

function toPlain(own: readonly KnownHost[], of: HostName): readonly KnownHost[] {
  return own.filter(({ marker, hosts }) => marker === null && isNamed(hosts, of.name));
}

function toOrigin(own: readonly KnownHost[], of: HostName, key: Buffer, authority: string | null): string | null {
  if (authority !== null) return `a certificate of the authority ${authority} of your known_hosts`;
  const verdict = judgeKey(own, of.name, key);
  return verdict.kind === 'known' ? `${toTilde(verdict.by.file)} line ${verdict.by.line}` : null;
}

interface Known {
  readonly own: readonly KnownHost[];
  /** The user's as well. */
  readonly all: readonly KnownHost[];
}

function toRefusal(
  { own, all }: Known,
  of: HostName,
  key: Buffer,
  pinned: string | null,
  objection: string | null,
): OperationError | null {
  const verdict = judgeKey(all, of.name, key);
  const fingerprint = toFingerprint(key);
  const type = typeOf(key) ?? 'unknown type';
  const data = { server: of.id, fingerprint, type, host: of.host, port: of.port };
  const where = `${toWhose(of.id)} (${of.host}:${of.port})`;
  switch (verdict.kind) {
    case 'known': {
      // The user's files only advise: what somebody once answered to ssh is no leave given here.
      const isPinned = pinned !== null && pinned === fingerprint;
      if (isPinned || judgeKey(own, of.name, key).kind === 'known') return null;
      const place = `${toTilde(verdict.by.file)} line ${verdict.by.line}`;
      const known = `is not known here yet, but your ssh knows it (${place})`;
      return new OperationError(
        'HOST_KEY_UNKNOWN',
        `The host key of ${where}, ${type} ${fingerprint}, ${known}; to trust it here too, run \`signalbox server trust-key ${of.id} ${fingerprint}\`.`,
        { data: { ...data, knownTo: place } },
      );
    }
    case 'unknown': {
      if (pinned !== null && pinned === fingerprint) return null;
      const shown = pinned === null ? 'is not known yet' : `is not the confirmed ${pinned}`;
      const isUncertified = objection === null && authoritiesFor(of, all).length > 0;
      const authority = isUncertified
        ? ' (known_hosts names a certificate authority for it, but it showed no certificate)'
        : (objection ?? '');
      // Whoever confirmed another key is not handed the command that would trust this one.
      const advice =
        pinned === null
          ? `compare it with what its owner says, then run \`signalbox server trust-key ${of.id} ${fingerprint}\`.`
          : 'nothing was trusted: ask its owner which of the two is right.';
      return new OperationError(
        'HOST_KEY_UNKNOWN',
        `The host key of ${where}, ${type} ${fingerprint}, ${shown}${authority}; ${advice}`,
        { data },
      );
    }
    case 'changed': {
      const known = verdict.known.map((host) => `${host.type} ${toFingerprint(host.key)} (${host.file}:${host.line})`);
      return new OperationError(
        'HOST_KEY_CHANGED',
        `The host key of ${where} has changed: known is ${known.join(', ')}, it shows ${type} ${fingerprint}${objection ?? ''}; nothing was sent. ` +
          'Ask its owner why, and only if the change is right remove the old line and trust the new key.',
        { data: { ...data, known } },
      );
    }
    case 'revoked':
      return new OperationError(
        'HOST_KEY_CHANGED',
        `The host key of ${where}, ${type} ${fingerprint}, is marked @revoked in ${verdict.by.file}:${verdict.by.line}; ` +
          'nothing was sent. Ask its owner for a new host key.',
        { data },
      );
  }
}

function toWords(objection: string | null): string | null {
  return objection === null ? null : ` (the certificate that it showed ${objection})`;
}

/** A hop that only ~/.ssh/config knows has no id that a command would take. */
export function toWhose(id: string): string {
  if (!id.startsWith(hopPrefix)) return id;
  // The hops before it are in its id, too.
  return `the jump host ${id.slice(hopPrefix.length).split(',').at(-1)}`;
}

/** The advice for whoever asked for the server behind a hop: the hop's key is trusted in the name of that server. */
export function toAdviceBehind(sentence: string, server: string): string {
  return sentence.replace(/trust-key \S+ (?=SHA256:)/, () => `trust-key ${server} `);
}
