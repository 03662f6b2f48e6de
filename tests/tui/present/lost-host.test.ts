/** What is said of cards, panes and blocks while the host is lost: nothing that only the host could know. */
import { describe, expect, it } from 'vitest';
import { toCardNote } from '../../../src/tui/present/card.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { type PaneModel, toBlockFoot, toBlockHead, toPaneTitle } from '../../../src/tui/present/server-pane.ts';
import { toStrip } from '../../../src/tui/present/strip.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { makeBlock, makeCard, makeServer } from '../../fixtures/fake-host.ts';

const page: Page = { columns: 100, nowMs: 10_000, glyphs: unicodeGlyphs };
const server = makeServer('web-1');
const running = makeBlock('b1', { state: 'running', tool: 'remote_exec' });

describe('a lost host', () => {
  it.each([
    ['lost', 'as last seen: the host is lost'],
    ['there', 'expires in 5 min'],
  ] as const)('%s: the note of a card says %j', (host, words) => {
    const card = makeCard('c1', { expiresAtMs: 310_000 });
    const progress = { from: 0, to: 1, count: 1, host };
    expect(toText(toCardNote({ kind: 'gate', id: 'c1', card }, progress, 'card', page)).trim()).toBe(words);
  });

  it('leaves no server connected', () => {
    const pane = { server: 'web-1', blocks: [running] };
    const model = { id: 'web-1', server, pane, host: 'lost' } as const;
    const toStripLine = (shown: PaneModel) =>
      toStrip({ conversation: null, panes: [{ model: shown, mark: null, waiting: 0 }], hidden: [], first: 0 }, page)
        .line;
    expect(toText(toPaneTitle(model, page))).toBe(' web-1 development not connected, the host is lost ');
    expect(toText(toStripLine(model))).toMatch(/web-1 +development host lost/);
    expect(toText(toStripLine({ ...model, host: 'there' }))).toContain('1 running');
  });

  it.each([
    ['running', '▲ running when the host was lost'],
    ['waiting', '▲ waiting when the host was lost'],
  ] as const)('%s: nobody knows how it went on', (state, words) => {
    expect(toBlockFoot({ ...running, state }, page, { host: 'lost' }).map(toText)).toEqual([words]);
    const read = { ...running, state, tool: 'remote_read_file', text: '' };
    expect(toBlockHead(read, page, { host: 'lost', times: 'hidden' }).map(toText).join('')).toContain(words);
  });

  it('changes nothing of what had ended', () => {
    const ended = makeBlock('b2', { state: 'ended', status: 'ok', exitCode: 0, tool: 'remote_exec' });
    expect(toBlockFoot(ended, page, { host: 'lost' })).toEqual(toBlockFoot(ended, page));
  });
});
