/** Going on with a session of the agent's: resumed, loaded or new, what it repeats is not said twice, and what it was not offered is not sent. */
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

describe('a session of the agent', () => {
  it.each([
    ['resumed where it can', ['--resume', '--load'], 'resumed'],
    ['loaded where it cannot', ['--load'], 'loaded'],
    ['new where it can neither', [], 'new'],
    ['new when the agent has forgotten it', ['--resume', '--forgets'], 'new'],
    ['new when loading fails', ['--load', '--forgets'], 'new'],
  ] as const)('is %s', async (_what, switches, continuity) => {
    const { world } = await open(fixture(switches));
    const link = await world.start({ id: 'fixture' }, { continueFrom: 'session-of-the-fixture' });
    const heard = listen(link);
    expect([link.continuity, link.agentSession]).toEqual([continuity, 'session-of-the-fixture']);
    await link.prompt(script({ say: 'now' }));
    expect(heard.text()).toBe('now');
    const modes = heard.updates.filter(({ kind }) => kind === 'mode');
    expect(modes).toEqual(continuity === 'loaded' ? [{ kind: 'mode', modeId: 'code' }] : []);
  });

  it('tells its options, and a new value when it was set', async () => {
    const { start } = await open(fixture(['--options']));
    const link = await start();
    const heard = listen(link);
    await link.setOption('model', 'big');
    const options = heard.updates.flatMap((update) => (update.kind === 'options' ? update.options : []));
    expect(options.map(({ id, value }) => [id, value])).toEqual([
      ['model', 'small'],
      ['model', 'big'],
    ]);
  });
});

describe('attachments', () => {
  const file = { kind: 'file', name: 'a b.txt', mediaType: 'text/plain', text: 'hello' } as const;
  const image = { kind: 'image', name: 'x.png', mediaType: 'image/png', base64: 'aGk=' } as const;

  it.each([
    [
      'a file, embedded',
      ['--embedded'],
      file,
      { type: 'resource', resource: { uri: 'attachment:///a%20b.txt', text: 'hello' } },
    ],
    [
      'a file, as text where nothing can be embedded',
      [],
      file,
      { type: 'text', text: 'Attached file a b.txt:\n\nhello' },
    ],
    ['an image', ['--images'], image, { type: 'image', mimeType: 'image/png', data: 'aGk=' }],
  ] as const)('reach the agent: %s', async (_what, switches, attachment, block) => {
    const link = await (await open(fixture(switches))).start();
    const heard = listen(link);
    await link.prompt(script({ blocks: null }), [attachment]);
    expect(JSON.parse(heard.text())).toMatchObject([block]);
  });

  it('are refused when the agent takes no images, and the next prompt works', async () => {
    const link = await (await open()).start();
    await expect(link.prompt(script(), [image])).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('takes no images; take "x.png" out'),
    });
    expect(await link.prompt(script())).toBe('end_turn');
  });
});

describe('an agent given as a command', () => {
  it('has a HOME of its own, even when it is called like one of the catalogue', async () => {
    const named = fixture([], { id: 'node' });
    const { world } = await open(named);
    const home = async (agent: Parameters<typeof world.start>[0]): Promise<unknown> => {
      const link = await world.start(agent);
      const heard = listen(link);
      await link.prompt(script({ env: null }));
      return JSON.parse(heard.text()).HOME;
    };
    const [known, given] = [await home({ id: 'node' }), await home({ command: named.command })];
    expect(known).toMatch(/\/agents\/node\/home$/);
    expect(given).toMatch(/\/agents\/command\.node\/home$/);
  });
});
