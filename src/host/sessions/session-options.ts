/** What a session needs of its host. Types only. */
import type { Clock } from '../../base/clock.ts';
import type { KeptSession } from '../../core/kept-session.ts';
import type { HostEvent } from '../../protocol/events.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import type { SeatsOptions } from './seats.ts';
import type { Transcript } from './transcript.ts';

export interface SessionOptions {
  /** As it begins, or as it was kept. */
  readonly kept: KeptSession;
  readonly clock: Clock;
  readonly transcript: Transcript;
  publish(event: HostEvent): void;
  /** The conversation as screens have it. */
  items(): readonly ConversationItem[];
  readonly start: SeatsOptions['start'];
  readonly closeIdleAfterMs: number;
  /** Something that must survive the host is another than before. */
  keep(state: KeptSession): void;
  /** A prompt goes to the agent. */
  onTurnBegin(): void;
  /** The agent is gone, or another one answers: what was granted to it is void. */
  onAgentChange(): void;
  /** How many cards of the gate wait for this session. */
  waitingCards(): number;
}
