/** The operator's own keys: what is taken over, what is refused and how it is said, and that hints and help follow. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Binding } from '../../src/tui/keymap.ts';
import { toConfiguredKeys, toKeyId } from '../../src/tui/keymap-config.ts';
import { bindings } from '../../src/tui/keymap-table.ts';
import { keyOf, setKeysInForce } from '../../src/tui/keys-in-force.ts';
import { whyNotSession } from '../../src/tui/situation-session.ts';
import { openScreenWorld } from '../fixtures/screen-world.ts';

const keysOf = (table: readonly Binding[], id: string): readonly string[] | undefined =>
  table.find((binding) => toKeyId(binding) === id)?.keys;

afterEach(() => setKeysInForce());

describe('the table', () => {
  it('names every action once in a place, so that a name means one row', () => {
    const names = bindings.map(toKeyId);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('is taken over as it is when every row is written down', () => {
    const all = Object.fromEntries(bindings.map((binding) => [toKeyId(binding), binding.keys]));
    // Places with a text field have space as a key, which nobody could add.
    delete all['form.toggleChoice'];
    // Copy mode hears no prefix, so that its key pages up there, as in vi.
    delete all['copy.pageUp'];
    delete all['agentForm.toggleChoice'];
    expect(toConfiguredKeys(all, 'ctrl-b').problems).toEqual([]);
    expect(toConfiguredKeys(all, 'ctrl-b').bindings).toEqual(bindings);
  });
});

describe('what is taken over', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['prefix.zoom', 'F', ['F']],
    ['prefix.zoom', ['F', 'ctrl-f'], ['F', 'ctrl-f']],
    ['prefix.zoom', ['F', 'F'], ['F']],
    ['pane.zoom', [], []],
    ['card.approve', 'y', ['y']],
    ['prompt.send', ['ctrl-enter', 'alt-s'], ['ctrl-enter', 'alt-s']],
    ['global.palette', 'f1', ['f1']],
    ['conversation.toEnd', 'é', ['é']],
    ['help.close', 'x', ['x']],
    ['always.cancelTurn', 'ctrl-shift-c', ['ctrl-shift-c']],
  ])('%s: %j', (id, wanted, keys) => {
    const { bindings: table, problems } = toConfiguredKeys({ [id]: wanted }, 'ctrl-b');
    expect(problems).toEqual([]);
    expect(keysOf(table, id)).toEqual(keys);
  });

  it('two actions can change places', () => {
    const changed = toConfiguredKeys({ 'prefix.nextPane': 'p', 'prefix.previousPane': 'n' }, 'ctrl-b');
    expect(changed.problems).toEqual([]);
    expect(keysOf(changed.bindings, 'prefix.nextPane')).toEqual(['p']);
    expect(keysOf(changed.bindings, 'prefix.previousPane')).toEqual(['n']);
  });

  it.each([undefined, null, 7, 'z', [], [['pane.zoom', 'z']]])('%j changes nothing', (value) => {
    expect(toConfiguredKeys(value, 'ctrl-b')).toEqual({ bindings, problems: [], notes: [] });
  });

  it('says where a key for everywhere means something else', () => {
    const { problems, notes } = toConfiguredKeys({ 'global.search': 't' }, 'ctrl-b');
    expect(problems).toEqual([]);
    expect(notes).toEqual(['"t" of "global.search" means something else in conversation, pane, servers, agents.']);
  });
});

it('the example of the README is taken over without a word', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json\n(\{ "screen": .*\})\n```/.exec(readme) ?? [];
  const { screen } = JSON.parse(example) as { screen: { prefix: string; keys: object } };
  expect(Object.keys(screen.keys).length).toBeGreaterThan(1);
  expect(toConfiguredKeys(screen.keys, screen.prefix)).toMatchObject({ problems: [], notes: [] });
});

describe('what is refused, and leaves the usual keys', () => {
  it.each<[string, unknown, string]>([
    ['pane.zom', 'z', 'there is no such action; did you mean "pane.zoom"?'],
    ['pan.zoom', 'z', 'there is no place "pan"; did you mean "pane"?'],
    ['nowhere.zoom', 'z', 'there is no place "nowhere"; places are always, '],
    ['zoom', 'z', 'there is no place "zoom"; places are'],
    ['card.zoom', 'z', 'that action is not there; it is prefix.zoom, '],
    ['conversation.thoughts', 'z', 'there is no such action; did you mean "conversation.foldThoughts"?'],
    ['global.fly', 'z', 'there is no such action; "global" has help, '],
    ['__proto__.zoom', 'z', 'there is no place "__proto__"'],
    ['pane.zoom.more', 'zz', 'did you mean "pane.zoom"?'],
    ['pane.zoom', 'esc', 'there is no key "esc"; did you mean "escape"?'],
    ['pane.zoom', 'ctrl-pgup', 'did you mean "ctrl-pageup"?'],
    ['pane.zoom', 'pageupp', 'did you mean "pageup"?'],
    ['pane.zoom', 'zz', 'there is no key "zz"; write a character'],
    ['pane.zoom', '', 'an empty text is no key'],
    ['pane.zoom', ' ', 'there is no key " "'],
    ['pane.zoom', '\n', 'there is no key'],
    ['pane.zoom', 'Ctrl-K', '"Ctrl-K" is written "ctrl-k"'],
    ['pane.zoom', 'ctrl-K', '"ctrl-K" is written "ctrl-k"'],
    ['pane.zoom', 'PageUp', '"PageUp" is written "pageup"'],
    ['pane.zoom', 'alt-ctrl-k', '"alt-ctrl-k" is written "ctrl-alt-k"'],
    ['pane.zoom', 'shift-z', '"shift-z" is written "Z"'],
    ['pane.zoom', 'ctrl-i', 'terminals cannot tell "ctrl-i" from "tab"'],
    ['pane.zoom', 'ctrl-m', 'terminals cannot tell "ctrl-m" from "enter"'],
    ['pane.zoom', 7, 'a key is a text'],
    ['pane.zoom', [['z']], 'a key is a text'],
    ['pane.zoom', null, 'a key is a text'],
    ['pane.zoom', { key: 'z' }, 'a key is a text'],
    ['pane.zoom', ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9'], 'it has 9 keys; 8 are enough'],
    ['pane.zoom', 'ctrl-b', '"ctrl-b" is the prefix'],
    ['prompt.send', 's', '"s" is text there'],
    ['prompt.send', 'space', '"space" is text there'],
    ['palette.submit', 'x', '"x" is text there'],
    ['news.close', 'q', '"q" is text there'],
    ['picker.submit', 'x', '"x" is text there'],
    ['form.submit', 'x', '"x" is text there'],
    ['search.submit', 'x', '"x" is text there'],
    ['always.cancelTurn', 'x', '"x" is text there'],
    ['prefix.detach', [], 'this must have a key'],
    ['global.help', [], 'this must have a key'],
    ['help.close', [], 'this must have a key'],
    ['prompt.leaveEditor', [], 'this must have a key'],
  ])('%s: %j', (id, wanted, sentence) => {
    const { bindings: table, problems } = toConfiguredKeys(JSON.parse(JSON.stringify({ [id]: wanted })), 'ctrl-b');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
    expect(problems[0]).toMatch(/^In "screen\.keys" .*[.?]$/);
    expect(table).toEqual(bindings);
  });

  it('a key that another action has there', () => {
    const { bindings: table, problems } = toConfiguredKeys({ 'card.explain': 'a' }, 'ctrl-b');
    expect(problems).toEqual([
      'In "screen.keys": "card.approve" and "card.explain" cannot both be "a"; "card.explain" keeps its usual keys until one of them has another.',
    ]);
    expect(table).toEqual(bindings);
  });

  it('of two wishes for one key the later, and what then collides in turn', () => {
    const wishes = { 'card.approve': 'y', 'card.explain': 'a', 'card.deny': 'y' };
    const { bindings: table, problems } = toConfiguredKeys(wishes, 'ctrl-b');
    expect(problems).toHaveLength(1);
    expect(keysOf(table, 'card.approve')).toEqual(['y']);
    expect(keysOf(table, 'card.explain')).toEqual(['a']);
    expect(keysOf(table, 'card.deny')).toEqual(['d']);
    const chain = toConfiguredKeys({ 'card.explain': 'a', 'card.approve': ['bad key'] }, 'ctrl-b');
    expect(chain.problems).toHaveLength(2);
    expect(chain.bindings).toEqual(bindings);
  });
});

describe('sentences that name a key', () => {
  it('name the one in force, or the palette when there is none', () => {
    const problem = (): string | null => whyNotSession('showQueue', null);
    expect(problem()).toBe('no session is open; c opens one');
    setKeysInForce(toConfiguredKeys({ 'conversation.newSession': 'ctrl-f5' }, 'ctrl-b').bindings);
    expect(problem()).toBe('no session is open; ctrl-f5 opens one');
    setKeysInForce(toConfiguredKeys({ 'conversation.newSession': [] }, 'ctrl-b').bindings);
    expect(problem()).toBe('no session is open; the palette opens one');
  });
});

describe('the screen', () => {
  it('obeys, hints and helps by the changed table', async () => {
    setKeysInForce(toConfiguredKeys({ 'global.help': 'f1', 'global.palette': [] }, 'ctrl-b').bindings);
    expect(keyOf('global', 'help')).toBe('f1');
    const world = openScreenWorld(100, 30);
    try {
      await world.press('\x1b');
      await world.press('?');
      expect(await world.screen()).not.toContain('Shows every key');
      await world.press('\x1bOP');
      await world.press('opens the command line');
      // Found wherever the help has it: only after the prefix it has a key.
      expect(await world.screen()).toMatch(/After the prefix[^\n]*\n[^\n]*: +Opens the command line\./);
      expect(await world.screen()).not.toContain('Anywhere but in a text field');
      await world.press('\x15shows every key');
      expect(await world.screen()).toMatch(/F1 +Shows every key that works here/);
      await world.press('\x1b');
      await world.press(':');
      expect(await world.hint()).not.toContain('complete');
    } finally {
      world.dispose();
    }
  });
});
