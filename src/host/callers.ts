/** How the host names whoever asks, on panes and cards: the operator, or an agent with the title of its session. */
import type { Caller } from '../core/caller.ts';
import type { IsolationWord } from '../protocol/view.ts';
import type { ViewStore } from './view-store.ts';

/** In plain words, unescaped; the title is foreign text. */
export function toWho(caller: Caller, store: ViewStore): string {
  const session = caller.session === null ? undefined : store.view.sessions[caller.session];
  switch (caller.origin) {
    case 'operator':
      return `operator (${caller.door})`;
    case 'program':
      return 'signalbox';
    case 'external':
    case 'agent': {
      const name = caller.agent ?? 'agent';
      return session ? `${name} in ${session.title}` : name;
    }
  }
}

/** How well the asking agent is contained; null when a person or the program itself asks. */
export function toIsolation(caller: Caller, store: ViewStore): IsolationWord | null {
  if (caller.origin === 'operator' || caller.origin === 'program') return null;
  const session = caller.session === null ? undefined : store.view.sessions[caller.session];
  // An agent that the view does not know, or not yet, is taken for the worst.
  const state = session?.isolation.state ?? 'not running';
  return state === 'not running' ? 'NOT CONTAINED' : state;
}
