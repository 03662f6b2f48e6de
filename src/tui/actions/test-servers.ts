/**
 * Testing every server that the Servers view lists, a few at a time: the rows say how each one stands, and one sentence how many passed.
 */
import type { ServerView } from '../../protocol/view.ts';
import type { Stage } from '../pane.ts';
import { toServerRow } from '../present/servers.ts';
import { toText } from '../present/text.ts';
import { toCount } from '../present/words.ts';
import { summarizeServers } from '../server-summary.ts';
import { testServer } from './sessions.ts';

/** Each is a login of its own: more would be taken for an attack behind one jump host, whose sshd admits ten unfinished ones. */
const atOnceMax = 4;
/** As wide as the list reads its rows for a search. */
const searchColumns = 400;

export async function testServers(stage: Stage): Promise<void> {
  const { model } = stage;
  const listed = toListed(stage);
  const broken = listed.filter(({ state }) => state === 'broken').length;
  const servers = listed.filter(({ id, state }) => state !== 'broken' && !isRunning(stage, id));
  const waiting = servers.map(({ id }) => id);
  const testNext = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await testServer(stage, id);
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, waiting.length) }, testNext));
  const passed = servers.filter(({ id }) => {
    const test = model.tests.get(id);
    return test?.kind === 'done' && test.steps.every(({ ok }) => ok);
  }).length;
  const isAll = passed === servers.length && broken === 0;
  const leftOut = broken === 0 ? '' : `; ${broken} ${broken === 1 ? 'is' : 'are'} broken and left out`;
  const rest = isAll ? '.' : `${leftOut}; the rows say what is wrong.`;
  stage.say(`${passed} of ${toCount(servers.length, 'server')} passed${rest}`, isAll ? 'ok' : 'warn');
}

function isRunning({ model }: Stage, id: string): boolean {
  return model.tests.get(id)?.kind === 'running';
}

/** Where the list is narrowed by a search, only what it shows. */
function toListed(stage: Stage): readonly ServerView[] {
  const { model } = stage;
  const { sorted } = summarizeServers(model.view.servers);
  const filter = (model.searches.get('servers') ?? '').toLowerCase();
  if (filter === '') return sorted;
  const page = stage.page(searchColumns);
  return sorted.filter((server) =>
    toText(toServerRow(server, model.tests.get(server.id) ?? null, page))
      .toLowerCase()
      .includes(filter),
  );
}
