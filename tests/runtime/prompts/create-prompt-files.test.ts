/** Prompts and drafts on disk: only for this person, bounded, never with what looks like a secret, and what is broken loses nothing else. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { createPromptFiles, type PromptFiles } from '../../../src/runtime/prompts/create-prompt-files.ts';

let home: string;
let folder: string;
let problems: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-prompts-'));
  folder = join(home, 'prompts');
  problems = [];
});
afterEach(() => rmSync(home, { recursive: true }));

const open = (): PromptFiles => createPromptFiles({ folder, onProblem: (sentence) => void problems.push(sentence) });
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('prompts and drafts', () => {
  it('are there for the next screen, in files that only this person can read', async () => {
    const files = open();
    files.keepPrompt('one\ntwo');
    files.keepPrompt('three');
    files.keepDraft('S1', 'begun');
    await files.settle();
    expect([mode(folder), mode(join(folder, 'history.ndjson')), mode(join(folder, 'S1.draft'))]).toEqual([
      '700',
      '600',
      '600',
    ]);
    expect(await open().load()).toEqual({ history: ['one\ntwo', 'three'], drafts: new Map([['S1', 'begun']]) });
  });

  it('of two screens are kept beside each other', async () => {
    const [a, b] = [open(), open()];
    for (let at = 0; at < 20; at += 1) (at % 2 === 0 ? a : b).keepPrompt(`prompt ${at}`);
    await Promise.all([a.settle(), b.settle()]);
    expect((await open().load()).history).toHaveLength(20);
  });

  it('are nothing before anything was written, and nothing is made for that', async () => {
    expect(await open().load()).toEqual({ history: [], drafts: new Map() });
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    'use the password=hunter2hunter2 for it',
    'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'curl -H "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnop"',
    'token ghp_0123456789abcdefghijklmnopqrstuvwxyzAB',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----',
    'postgres://app:s3cretpass@db-1/app',
  ])('that look as if they held a secret are not written: %j', async (text) => {
    const files = open();
    files.keepDraft('S1', 'harmless');
    files.keepPrompt(text);
    files.keepDraft('S1', text);
    await files.settle();
    expect(readdirSync(folder)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each(['../evil', '', 'a/b', 'x'.repeat(65), '.'])(
    'of a session that is called %j are not kept',
    async (session) => {
      const files = open();
      files.keepDraft(session, 'text');
      await files.settle();
      expect(existsSync(folder)).toBe(false);
    },
  );

  it('that are too long are not kept', async () => {
    const files = open();
    files.keepPrompt('x '.repeat(limits.promptKeptCharactersMax / 2 + 1));
    await files.settle();
    expect((await open().load()).history).toEqual([]);
  });

  it('grow to a bound: old prompts and old drafts go', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const lines = Array.from({ length: 2 * limits.promptsKeptMax + 1 }, (_, at) => JSON.stringify(`prompt ${at}`));
    writeFileSync(join(folder, 'history.ndjson'), `${lines.join('\n')}\n`);
    for (let at = 0; at <= limits.draftsKeptMax; at += 1) writeFileSync(join(folder, `S${at}.draft`), 'x');
    const { history, drafts } = await open().load();
    expect([history.length, history.at(-1), drafts.size]).toEqual([
      limits.promptsKeptMax,
      'prompt 2000',
      limits.draftsKeptMax,
    ]);
    const written = readFileSync(join(folder, 'history.ndjson'), 'utf8').trim().split('\n');
    expect(written).toHaveLength(limits.promptsKeptMax);
    expect(readdirSync(folder)).toHaveLength(limits.draftsKeptMax + 1);
  });

  it('lose only what is broken', async () => {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'history.ndjson'), '"one"\n{"no":"text"}\nnull\n"two"\n"one"\n"cut of');
    expect((await open().load()).history).toEqual(['two', 'one']);
  });

  it('that cannot be written are told of once', async () => {
    symlinkSync(home, folder);
    const files = open();
    files.keepPrompt('one');
    files.keepPrompt('two');
    await files.settle();
    expect(problems).toEqual([expect.stringContaining('What you write is not kept for the next screen: ')]);
  });

  it('in a folder that others could read are closed to them first', async () => {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const files = open();
    files.keepPrompt('one');
    await files.settle();
    expect(mode(folder)).toBe('700');
  });
});
