/** A test that could not connect says nothing of a server that connects since. Draws nothing and asks nobody. */
import type { ServerView } from '../protocol/view.ts';
import type { TestState } from './present/servers.ts';

/** Called with each change of a server. */
export function forgetRefutedTest(tests: Map<string, TestState>, { id, state }: ServerView): void {
  const test = tests.get(id);
  if (test === undefined || test.kind === 'running') return;
  const { wasConnected, ...rest } = test;
  if (state !== 'connected') {
    if (wasConnected) tests.set(id, rest);
  } else if (!wasConnected && isOfTheWay(test)) tests.delete(id);
}

/** What fails after the login fails on a connection that is there, too. */
function isOfTheWay(test: Exclude<TestState, { kind: 'running' }>): boolean {
  if (test.kind === 'failed') return true;
  const failed = test.steps.find(({ ok }) => !ok)?.name;
  return failed !== undefined && wayThere.has(failed);
}

const wayThere: ReadonlySet<string> = new Set(['Settings', 'Jump host', 'Network', 'Host key', 'Login']);
