/** A login that a person has outside, copied by `agent login --import`: the real agent finds it in its own HOME and shows it to the scripted model. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentHost, startAgentHost, toStory } from '../fixtures/agent-host.ts';
import type { ModelServer } from '../fixtures/model-server.ts';
import type { AgentDriver } from './drivers/driver.ts';

const program = new URL('../../dist/main.cjs', import.meta.url).pathname;
/** Nobody's. */
const key = 'sk-of-a-file-0123456789abcdef';

export interface LoginByFile {
  /** Below HOME. */
  readonly path: string;
  toContent(key: string): string;
  /** Leads it to the scripted model, without a key. */
  env(model: ModelServer): Readonly<Record<string, string>>;
}

export function describeLoginByFile(driver: AgentDriver, { path, toContent, env }: LoginByFile): void {
  describe(`${driver.profile.label} with a login in ~/${path}`, () => {
    let host: AgentHost;
    let home = '';
    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'signalbox-home-'));
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, toContent(key), { mode: 0o600 });
      host = await startAgentHost(driver.profile.id, (model) => ({ env: env(model) }));
    });
    afterAll(async () => {
      await host?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    it('uses it, isolated, once it was imported', { timeout: 120_000 }, async () => {
      const words = [program, 'agent', 'login', driver.profile.id, '--import', '--yes'];
      const imported = await promisify(execFile)(process.execPath, words, { env: { ...process.env, HOME: home } });
      expect(imported.stderr).toContain(`~/${path}`);
      expect(imported.stdout).toContain('Copied 1 file');
      const id = await host.begin('Which servers are there?', (request) =>
        request.results.length === 0 ? { call: `${driver.toolPrefix}list_servers`, arguments: {} } : { say: 'Two.' },
      );
      const session = await host.ended(id);
      expect(host.results()[0], toStory(session)).toContain('web-2');
      expect(session.isolation.state).toMatch(/^isolated/);
      expect(new Set(host.model.credentials)).toEqual(new Set([`Bearer ${key}`]));
    });
  });
}
