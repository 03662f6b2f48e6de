/** One turn of a live probe, listened to until the agent has said its last word; local actions are refused as they come. It judges no answer. */
import type { Mirror } from '../../client/mirror.ts';
import { OperationError } from '../../core/codes.ts';
import type { SessionView, View } from '../../protocol/view.ts';
import type { HostClient } from '../host-client.ts';

export interface HeardTurn {
  readonly view: View;
  readonly session: SessionView;
}

export interface LiveTurnOptions {
  readonly client: HostClient;
  readonly mirror: Mirror;
  readonly session: string;
  /** 1 for the first. */
  readonly number: number;
  readonly signal: AbortSignal;
  /** Cards of local actions that were refused already, with their titles; more are added. */
  readonly refused: Map<string, string>;
  /** What was heard cannot become better by waiting. */
  isEnough(heard: HeardTurn): boolean;
}

/** Long enough for a slow model; then the turn is cancelled and taken as it is. */
const turnTimeoutMs = 300_000;

/**
 * Some agents answer session/prompt before they have sent the last words of the turn: the protocol puts updates before the answer, and
 * agents whose words come through an event stream of their own do not keep to it. So a turn that is over is listened to until nothing
 * has come for this long.
 */
const silenceMs = 1_000;

/** Rejects with OperationError: CANCELLED when the session was ended by somebody else, CONNECTION_LOST. */
export function hearTurn(options: LiveTurnOptions): Promise<HeardTurn> {
  const { client, mirror, session: id, signal } = options;
  const cancel = (): void => void client.call('session.cancel', { session: id }).catch(() => undefined);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(cancel, turnTimeoutMs);
    let silence: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', cancel, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(silence);
      signal.removeEventListener('abort', cancel);
      changed.dispose();
      closed.dispose();
    };
    const check = (view: View): void => {
      const session = view.sessions[id];
      if (!session) {
        settle();
        return reject(new OperationError('CANCELLED', 'The session of the probe was ended by somebody else.'));
      }
      refuseLocalCards(options, session);
      if (session.lastTurn?.number !== options.number && session.problem === null) return;
      const end = (): void => {
        settle();
        resolve({ view, session });
      };
      clearTimeout(silence);
      if (isHopeless(session, signal) || options.isEnough({ view, session })) end();
      else silence = setTimeout(end, silenceMs);
    };
    const changed = mirror.onChange(({ view }) => check(view));
    const closed = client.connection.onClose(({ reason }) => {
      settle();
      reject(new OperationError('CONNECTION_LOST', `The host is gone: ${reason}`, { outcomeUnknown: true }));
    });
    // It may be over already.
    check(mirror.view);
  });
}

/** Nothing more will come. */
function isHopeless(session: SessionView, signal: AbortSignal): boolean {
  return signal.aborted || session.problem !== null || session.lastTurn?.stop !== 'end_turn';
}

function refuseLocalCards({ client, session: id, refused }: LiveTurnOptions, session: SessionView): void {
  for (const card of session.localCards) {
    if (refused.has(card.id)) continue;
    refused.set(card.id, card.title);
    client.call('session.answerLocal', { session: id, card: card.id, allow: false }).catch(() => undefined);
  }
}
