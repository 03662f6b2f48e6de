/** Views with nothing in them: each says what to do, with the key for it, and all of the sentence is there on a small screen, too. */
import { afterEach, describe, expect, it } from 'vitest';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

describe.each([
  [80, 24],
  [40, 10],
])('a view with nothing in it, on %i×%i', (columns, rows) => {
  it.each([
    ['2', /Nothing waits for your answer\. 1 goes to the workspace/],
    ['3', /Nothing was done on a server yet\. 1 goes to the workspace/],
    ['4', /No server is registered\. a adds one, I imports hosts of ~\/\.ssh\/config\./],
    ['5', /The catalogue has no agent\. a adds one\./],
    ['6', /no server is registered for one\. 4 goes to the servers\./],
  ])('says whole what to do: %s', async (key, sentence) => {
    world = openScreenWorld(columns, rows);
    await world.press('\x1b');
    await world.press(key);
    const shown = (await world.screen()).replace(/[│\s]+/g, ' ');
    expect(shown).toMatch(sentence);
  });
});
