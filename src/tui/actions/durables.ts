/**
 * What keys do with commands that go on without us: each is an operation of the operator's, through the gate, and what it prints is in the pane of its server.
 */
import type { DurableView } from '../../protocol/view.ts';
import type { FormSpec } from '../form-model.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { foreign, plain, span } from '../present/text.ts';

type Act = 'look' | 'follow' | 'stop' | 'remove';

/** In the pane of its server, until it ends or is left. */
export async function followDurable(stage: Stage, durable: DurableView): Promise<void> {
  stage.model.showPane(durable.server);
  await doDurable(stage, durable, 'follow');
}

export async function doDurable(stage: Stage, { id, server, title }: DurableView, act: Act): Promise<void> {
  const answer = await stage.call('operation.perform', {
    operation: 'durable_command',
    input: { server, command: id, act },
  });
  if (!answer) return;
  const { code, message, execution, data } = answer.envelope;
  const what = foreign(title.split('\n')[0] ?? '');
  // Its own status is no failure of ours.
  if (code !== undefined && code !== 'NON_ZERO_EXIT') stage.say(message ?? code, 'warn');
  else if (act === 'remove') stage.say(`${what} is forgotten, and nothing of it is left on ${server}.`, 'ok');
  else if (act === 'look') stage.say(`${what}: ${String(data?.['stdout'] ?? '').trim()}.`, 'ok');
  else {
    const { exitCode } = execution;
    stage.say(`${what} on ${server} has ended with status ${exitCode ?? 'unknown'}.`, exitCode === 0 ? 'ok' : 'warn');
  }
}

/** `handleStop` is called once it is to be stopped. */
export function openStopDurable(stage: Stage, durable: DurableView, handleStop: () => void): void {
  const form: FormSpec = {
    title: 'Stop a durable command',
    intro: [
      [span(foreign(durable.title), 'text', { bold: true }), span(`  on ${foreign(durable.server)}`, 'muted')],
      plain('It is ended with all it has started; what it has done by then stays done.'),
    ],
    fields: [],
    verb: 'stops it',
    async submit() {
      handleStop();
      stage.model.showPane(durable.server);
      void doDurable(stage, durable, 'stop');
      return null;
    },
  };
  stage.open(new FormOverlay(stage, form));
}
