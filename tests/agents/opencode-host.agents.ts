/** The whole path: the built program's host, opencode in its sandbox, two real SSH servers, and an operator who answers the cards. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opencode } from '../../src/adapters/acp/catalogue/opencode.ts';
import { present } from '../../src/base/assert.ts';
import { connect } from '../../src/client/connect.ts';
import type { HostConnection } from '../../src/client/host-connection.ts';
import { attach, type Mirror } from '../../src/client/mirror.ts';
import type { CardView, SessionView, View } from '../../src/protocol/view.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { type ModelReply, type ModelRequest, type ModelServer, startModelServer } from '../fixtures/model-server.ts';
import { withScriptedModel } from '../fixtures/scripted-opencode.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';

const program = new URL('../../dist/main.js', import.meta.url).pathname;
const sshds: Sshd[] = [];
let model: ModelServer;
let root = '';
let connection: HostConnection;
let mirror: Mirror;
let scenario: (request: ModelRequest) => ModelReply = () => ({ say: 'Nothing to do.' });

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-real-')));
  model = await startModelServer((request) => scenario(request));
  sshds.push(await startSshd(), await startSshd());
  const paths = toPaths({ SIGNALBOX_HOME: root });
  mkdirSync(paths.config, { recursive: true, mode: 0o700 });
  const records = sshds.map((sshd, index) => ({
    id: `web-${index + 1}`,
    host: sshd.host,
    port: sshd.port,
    username: sshd.username,
    environment: 'staging',
    auth: { kind: 'privateKey', privateKeyPath: sshd.privateKeyPath },
  }));
  write(paths.serversFile, JSON.stringify(records));
  write(paths.knownHostsFile, sshds.map((sshd) => `${sshd.knownHostsLine.trim()}\n`).join(''));
  write(
    paths.agentsFile,
    JSON.stringify({ agents: { opencode: { env: withScriptedModel(opencode, model.url).env } } }),
  );
  process.env.SIGNALBOX_HOME = root;
  const hostCommand = [process.execPath, program, 'host'];
  ({ connection } = await connect({ paths, cwd: root, client: 'cli', version: 'test', hostCommand }));
  mirror = await attach(connection);
});

afterAll(async () => {
  await connection?.call('host.stop', {}).catch(() => undefined);
  connection?.close();
  await model?.close();
  for (const sshd of sshds) await sshd.stop();
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

/** Resolves with what `find` finds in the view, now or after an event. */
function until<T>(find: (view: View) => T | null | undefined | false): Promise<T> {
  const now = find(mirror.view);
  if (now) return Promise.resolve(now);
  return new Promise((resolve) => {
    const subscription = mirror.onChange(({ view }) => {
      const found = find(view);
      if (!found) return;
      subscription.dispose();
      resolve(found);
    });
  });
}

async function begin(prompt: string, plan: (request: ModelRequest) => ModelReply): Promise<string> {
  scenario = plan;
  const { id } = await connection.call('session.new', {
    agent: { id: 'opencode' },
    servers: ['web-1', 'web-2'],
    prompt,
  });
  return id;
}

function ended(id: string): Promise<SessionView> {
  return until((view) => {
    const session = view.sessions[id];
    if (session?.state === 'failed') throw new Error(session.problem ?? 'failed');
    return session?.lastTurn ? session : null;
  });
}

function cardOf(id: string): Promise<CardView> {
  return until((view) => view.approvals.find((card) => card.session === id));
}

/** Calls one tool after another, whatever the answers are, then says that it is done. */
function calling(...calls: readonly { readonly call: string; readonly arguments: Record<string, unknown> }[]) {
  return (request: ModelRequest): ModelReply => calls[request.results.length] ?? { say: 'Done.' };
}

const lastResults = (): readonly string[] => present(model.requests.at(-1), 'The model was not asked.').results;

describe('opencode on two servers', () => {
  it('reads both at once, without a question', async () => {
    const id = await begin(
      'Compare the two.',
      calling(
        { call: 'signalbox_list_servers', arguments: {} },
        ...['web-1', 'web-2'].map((server) => ({
          call: 'signalbox_remote_exec',
          arguments: { server, argv: ['uname', '-s'] },
        })),
      ),
    );
    const session = await ended(id);
    expect(session.isolation.state).toBe('isolated, host network');
    expect(lastResults()[0]).toContain('web-2');
    for (const result of lastResults().slice(1)) expect(result).toContain('Linux');
    expect(mirror.view.approvals).toEqual([]);
    expect(Object.keys(mirror.view.panes).sort()).toEqual(['web-1', 'web-2']);
    await connection.call('session.kill', { session: id });
  });

  it('waits with a write until it is approved, and the file is there then', async () => {
    const path = join(present(sshds[0], 'server').folder, 'app.conf');
    const content = 'port = 8081\n';
    const id = await begin(
      'Write it.',
      calling({ call: 'signalbox_remote_write_file', arguments: { server: 'web-1', path, content } }),
    );
    const card = await cardOf(id);
    expect(card).toMatchObject({
      tool: 'remote_write_file',
      server: { id: 'web-1' },
      isolation: 'isolated, host network',
    });
    expect(() => readFileSync(path)).toThrow('ENOENT');
    await connection.call('approval.answer', {
      id: card.id,
      answer: { kind: 'approve', grant: 'once' },
      via: 'screen',
    });
    await ended(id);
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(lastResults()[0]).toContain('status: ok');
    const { rows } = await connection.call('audit.page', { offset: 0, limit: 10, session: id });
    expect(rows).toContainEqual(
      expect.objectContaining({ tool: 'remote_write_file', approver: 'operator@screen', agent: 'opencode' }),
    );
    await connection.call('session.kill', { session: id });
  });

  it('learns the reason of a denial, and nothing happened', async () => {
    const path = join(present(sshds[1], 'server').folder, 'other.conf');
    const id = await begin(
      'Write it there.',
      calling({ call: 'signalbox_remote_write_file', arguments: { server: 'web-2', path, content: 'x\n' } }),
    );
    const card = await cardOf(id);
    const answer = { kind: 'deny', reason: 'the port is taken, use 9090' } as const;
    await connection.call('approval.answer', { id: card.id, answer, via: 'screen' });
    await ended(id);
    expect(lastResults()[0]).toContain('APPROVAL_DENIED');
    expect(lastResults()[0]).toContain('the port is taken, use 9090');
    expect(() => readFileSync(path)).toThrow('ENOENT');
    await connection.call('session.kill', { session: id });
  });

  it('withdraws its card when its turn is cancelled', async () => {
    const id = await begin(
      'Restart it.',
      calling({
        call: 'signalbox_remote_exec',
        arguments: { server: 'web-1', command: 'touch /nonexistent/x && true' },
      }),
    );
    const card = await cardOf(id);
    await connection.call('session.cancel', { session: id });
    expect((await ended(id)).lastTurn?.stop).toBe('cancelled');
    await until((view) => !view.approvals.some((one) => one.id === card.id));
    await connection.call('session.kill', { session: id });
  });
});
