/**
 * Why a key about commands that go on without us does nothing now. Pure; the link to the host is another question.
 */
import type { Situation } from './situation.ts';

export type DurableAction = 'showDurables' | 'followDurable' | 'lookDurable' | 'stopDurable' | 'removeDurable';

export function whyNotDurable({ durables }: Situation): string | null {
  return durables > 0 ? null : 'no command goes on without signalbox; `signalbox exec --durable` starts one';
}
