/** What the program says in a conversation around turns. */
import type { KeptSession } from '../../core/kept-session.ts';
import type { TurnView } from '../../protocol/view.ts';
import type { TurnEnd } from './turns.ts';

/** @param state.isFirstDeaf the first turn is over, and nobody has asked for our tools. */
export function toEndWords(
  end: TurnEnd,
  state: { readonly isPaused: boolean; readonly isFirstDeaf: boolean },
): readonly string[] {
  const words = state.isPaused ? pausedWords : stopWords[end.stop];
  const told = words === null ? [] : [end.problem === null ? words : `${words}: ${end.problem}`];
  return state.isFirstDeaf ? [...told, noToolsWords] : told;
}

/** A tool client that could not start is silent; this is the only trace of it. */
const noToolsWords =
  'The agent has not asked for the tools of signalbox: it may not support MCP servers, or its client could not start.';

/** The prompt waited for its agent. */
export const unsentWords = 'Cancelled before the agent was ready: the prompt was not sent.';

/** What the next host says of a session that its host left in the middle; first what the agent must know, too. */
export function toLeftWords(left: Pick<KeptSession, 'id' | 'hasOpenTurn' | 'waitingPrompts'>): {
  readonly forAgent: string | null;
  readonly notices: readonly string[];
} {
  const unsent = left.waitingPrompts ?? [];
  return {
    forAgent: left.hasOpenTurn
      ? 'The host of signalbox ended before this turn did. What was said last may be missing here; the audit log has what was done on the servers.'
      : null,
    notices: [
      ...unsent.map(({ text }) => `Not sent before the host ended: ${text}`),
      ...(unsent.length === 0
        ? []
        : [`To send ${unsent.length === 1 ? 'it' : 'them'} now: \`signalbox session resend ${left.id}\`.`]),
    ],
  };
}

/** The last line, also when the agent had more to say after it was told to stop. */
const pausedWords =
  'Paused: the agent repeats what is refused. What should it do instead? Write to it, and it goes on.';

const stopWords: Readonly<Record<TurnView['stop'], string | null>> = {
  end_turn: null,
  max_tokens: 'The agent stopped: its answer reached the token limit',
  max_turn_requests: 'The agent stopped: its turn reached the request limit',
  refusal: 'The agent refused to go on',
  cancelled: 'The turn was cancelled',
  failed: 'The turn failed',
};
