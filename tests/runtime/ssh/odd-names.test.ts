/** Names that are not UTF-8, or hold what names rarely hold, on a real server: each is its own file, and no other. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromNameBytes, toNameBytes } from '../../../src/base/byte-names.ts';
import { IncomingNames, withNameBytes } from '../../../src/runtime/ssh/sftp-names.ts';
import { type EngineWorld, openEngineWorld, yes } from '../../fixtures/engine-world.ts';
import fc from '../../fixtures/properties.ts';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, makeFileLab, sha256, shareFileLab, textOf } from './lab.ts';

const latin = fromNameBytes(Buffer.from('caf\xe9', 'latin1'));

describe.runIf(sshdRuns())('on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab((made) => {
    ({ sshd, lab, folder } = made);
  });
  const at = (name: string): string => `${folder}/${name}`;
  /** Node's file functions take bytes as they are. */
  const bytesAt = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), toNameBytes(name)]);
  const contentOf = (name: string): string => readFileSync(bytesAt(name), 'utf8');
  const all = [latin, 'caf\ufffd', 'café', 'two\nlines', '-rf', '\x1b[31mred\x07', ' ', '*', '\\', 'x'.repeat(255)];

  beforeEach(() => {
    for (const name of all) writeFileSync(bytesAt(name), `in ${name.slice(0, 9)}`);
  });

  it('each name is listed and read as itself, in one answer or another', async () => {
    const listed = await lab.perform(targetOf(sshd), { kind: 'list-dir', path: folder, limit: 100 });
    expect(listed.entries.map(({ name }) => name)).toEqual([...all].sort());
    for (const name of all) {
      const outcome = await lab.read(at(name));
      expect([textOf(outcome.content), outcome.realPath]).toEqual([contentOf(name), at(name)]);
    }
    const far = await makeFileLab(sshd, { aheadFromMs: 0 });
    try {
      await far.exec(targetOf(sshd), ['true']);
      for (const name of [latin, 'two\nlines'])
        expect(textOf((await far.read(at(name))).content)).toBe(contentOf(name));
    } finally {
      await far.dispose();
    }
  });

  it.each([latin, 'two\nlines', '-rf'])(
    '%j is looked at, replaced, written in place, run on and removed',
    async (name) => {
      const { state, realPath, replace } = await lab.survey(at(name));
      expect([state.kind, realPath, replace]).toEqual(['file', at(name), 'atomic']);
      for (const how of ['atomic', 'in-place'] as const) {
        await lab.write(at(name), how, { replace: how, expectedSha256: sha256(contentOf(name)) });
        expect(contentOf(name)).toBe(how);
      }
      expect((await lab.perform(targetOf(sshd), { kind: 'stat', path: at(name) })).entry.name).toBe(name);
      expect(textOf((await lab.exec(targetOf(sshd), ['cat', at(name)])).stdout)).toBe('in-place');
      const action = {
        kind: 'remove-file',
        path: at(name),
        expectedSha256: sha256('in-place'),
        removeFolders: [],
      } as const;
      await lab.perform(targetOf(sshd), action);
      const left = readdirSync(folder, { encoding: 'buffer' }).map((each) => fromNameBytes(each));
      expect(left.sort()).toEqual(all.filter((each) => each !== name).sort());
    },
  );

  it('a link is what it leads to, also below a folder with such a name', async () => {
    const inner = `${latin}${latin}`;
    mkdirSync(bytesAt(inner));
    writeFileSync(bytesAt(`${inner}/it`), 'below');
    symlinkSync(toNameBytes(`${inner}/it`), at('link'));
    symlinkSync(toNameBytes(latin), at('other'));
    expect(await lab.read(at('link'))).toMatchObject({ realPath: at(`${inner}/it`), size: 5 });
    expect((await lab.survey(at('other'))).realPath).toBe(at(latin));
    const { entry } = await lab.perform(targetOf(sshd), { kind: 'stat', path: at('other') });
    expect(entry.linkTarget).toBe(latin);
    const { realPath } = await lab.survey(at(`${inner}/new/${latin}`));
    expect(realPath).toBe(at(`${inner}/new/${latin}`));
    await lab.write(realPath, 'made', { createFolders: [at(`${inner}/new`)] });
    expect(contentOf(`${inner}/new/${latin}`)).toBe('made');
  });

  it('through the whole gate they are given in every list, and given back reach their own file', async () => {
    const { host, port, username, privateKeyPath, knownHostsLine } = sshd;
    const auth = { kind: 'privateKey', privateKeyPath };
    const servers = [{ id: 'web-1', host, port, username, auth, environment: 'development' }];
    const world = await openEngineWorld({ servers, knownHosts: knownHostsLine });
    try {
      await tryGate(world);
    } finally {
      await world.dispose();
    }
  });

  async function tryGate(world: EngineWorld): Promise<void> {
    const name = 'caf\u{10f7e9}.conf';
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const below = { server: 'web-1', path: folder } as const;
    writeFileSync(Buffer.from(join(folder, 'caf\xe9.conf'), 'latin1'), Buffer.from('key=\xe9\n', 'latin1'));
    writeFileSync(join(folder, 'caf\ufffd.conf'), 'key=other\n');
    writeFileSync(join(folder, 'plain.conf'), 'key=plain\n');
    const names = [name, 'caf\ufffd.conf', 'plain.conf'];
    for (const recursive of [false, true]) {
      const listed = (await world.ask('remote_list_dir', { ...below, recursive })).data;
      expect(listed?.['warnings']).toEqual([expect.stringContaining('One name is not UTF-8')]);
      const entries = listed?.['entries'] as readonly { readonly name: string }[];
      expect(entries.map((entry) => entry.name).sort()).toEqual(names);
    }
    const found = async (input: object): Promise<unknown> =>
      ((await world.ask('remote_find', { ...below, ...input })).data?.['matches'] as readonly { path: string }[])
        .map((match) => match.path)
        .sort();
    expect(await found({ glob: '*.conf' })).toEqual(names.map((one) => join(folder, one)));
    expect(await found({ pattern: 'key=[op]' })).toEqual([join(folder, names[1] ?? ''), join(folder, 'plain.conf')]);

    world.answer(() => yes);
    const path = join(folder, name);
    expect((await world.ask('remote_read_file', { ...below, path })).data).toMatchObject({
      encoding: 'base64',
      size: 6,
    });
    expect(await world.ask('remote_write_file', { ...below, path, content: 'mine\n' })).toMatchObject({ status: 'ok' });
    expect(readFileSync(Buffer.from(join(folder, 'caf\xe9.conf'), 'latin1'), 'utf8')).toBe('mine\n');
    expect(readFileSync(join(folder, 'caf\ufffd.conf'), 'utf8')).toBe('key=other\n');
    expect((await world.ask('remote_exec', { server: 'web-1', argv: ['cat', path] })).data).toMatchObject({
      stdout: 'mine\n',
    });
    const second = join(folder, '\u{10f7c3}\u{10f7a9}');
    expect(await world.ask('remote_read_file', { ...below, path: second })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  }

  it('a name that is too long for the server is said to be', async () => {
    const error = await failure(lab.write(at('x'.repeat(256)), 'x', { expectedSha256: null }), 'UNSUPPORTED');
    expect(error.message).toContain('the name is too long');
  });
});

describe('answers of an SFTP server', () => {
  const string = (bytes: Uint8Array): Buffer => Buffer.concat([uint32(bytes.length), bytes]);
  const uint32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const attributes = Buffer.concat([
    uint32(0x8000000f),
    Buffer.alloc(28, 7),
    uint32(1),
    string(Buffer.from('a')),
    string(Buffer.alloc(3)),
  ]);
  const answer = (names: readonly Uint8Array[]): Buffer => {
    const each = names.map((name) => Buffer.concat([string(name), string(Buffer.from('-rw-r--r--')), attributes]));
    return string(Buffer.concat([Buffer.from([104]), uint32(9), uint32(names.length), ...each]));
  };
  const data = (bytes: Uint8Array): Buffer => string(Buffer.concat([Buffer.from([103]), uint32(5), bytes]));
  const plain = fc.string({ maxLength: 9 }).map((text) => Buffer.from(text));
  const odd = fc.uint8Array({ maxLength: 9 });
  const message = fc.oneof(
    odd.map((bytes) => ({ sent: data(bytes), read: data(bytes) })),
    fc.array(plain, { maxLength: 4 }).map((names) => ({ sent: answer(names), read: answer(names) })),
    fc.array(odd, { maxLength: 4 }).map((names) => {
      const texts = names.map((name) => Buffer.from(fromNameBytes(name)));
      const isSame = texts.every((text, index) => text.equals(names[index] ?? text));
      const rewritten = answer(texts)
        .toString('latin1')
        .replaceAll(string(Buffer.from('-rw-r--r--')).toString('latin1'), uint32(0).toString('latin1'));
      const read = Buffer.from(rewritten, 'latin1');
      read.writeUInt32BE(read.length - 4, 0);
      return { sent: answer(names), read: isSame ? answer(names) : read };
    }),
  );

  it('have their names rewritten and nothing else, in whatever pieces they come', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(40)), (messages, cuts) => {
        const sent = Buffer.concat(messages.map((one) => one.sent));
        const names = new IncomingNames();
        const parts: Buffer[] = [];
        let from = 0;
        for (const cut of [...cuts, sent.length]) {
          parts.push(Buffer.from(names.take(sent.subarray(from, from + cut))));
          from += cut;
        }
        expect(Buffer.concat(parts)).toEqual(Buffer.concat(messages.map((one) => one.read)));
      }),
    );
  });
});

describe('a request with a name that is not UTF-8', () => {
  it.each([0, 1, 4, 7, 20, 30, 1000])('leaves with its bytes when there is room for %i bytes at first', (window) => {
    // What ssh2 itself is, with a wire that only collects.
    const { SFTP } = createRequire(import.meta.url)('ssh2/lib/protocol/SFTP.js');
    const sent: Buffer[] = [];
    const protocol = { channelData: (_id: number, part: Buffer) => void sent.push(Buffer.from(part)) };
    const outgoing = { id: 1, state: 'open', window, packetSize: 1000 };
    const sftp = new SFTP({ _protocol: protocol }, { type: 'session', incoming: {}, outgoing }, {});
    Reflect.set(sftp, '_extensions', { 'posix-rename@openssh.com': '1' });
    const odd = withNameBytes(sftp);
    odd.stat(`/srv/${latin}`, () => undefined);
    odd.ext_openssh_rename(`/srv/${latin}`, `/srv/${latin}2`, () => undefined);
    odd.stat('/srv/plain', () => undefined);
    outgoing.window = 1000;
    Reflect.get(sftp, '_chunkcb')?.call(sftp);
    const all = Buffer.concat(sent).toString('latin1');
    expect(all.match(/\/srv\/[ -~\x80-\xff]+/g)).toEqual([
      '/srv/caf\xe9',
      '/srv/caf\xe9',
      '/srv/caf\xe92',
      '/srv/plain',
    ]);
    expect(Reflect.get(sftp, '_protocol')).toBe(protocol);
  });
});
