/**
 * What keys do to who answers in a session and to what is still to be said: another agent, a start, waiting prompts, the last prompt again.
 */

import type { Params } from '../../protocol/methods.ts';
import type { AgentView, SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import { QueueOverlay } from '../panes/queue-overlay.ts';
import { toAvailabilityToken } from '../present/agents.ts';
import type { PickerItem } from '../present/picker.ts';
import { toShortTitle } from '../present/sessions.ts';
import { toLoss, toPromptText } from '../prompt-text.ts';
import { toTarget } from './sessions.ts';

export function toTurnActions(stage: Stage): Partial<Record<Action, () => void>> {
  const ofTarget = (handle: (stage: Stage, session: SessionView) => void) => (): void => {
    const session = toTarget(stage);
    if (session) handle(stage, session);
  };
  return {
    switchAgent: ofTarget(switchAgent),
    startAgent: ofTarget((_stage, session) => void startAgent(stage, session)),
    showQueue: ofTarget((_stage, { id }) => stage.open(new QueueOverlay(stage, id))),
    editLast: ofTarget(editLast),
  };
}

function switchAgent(stage: Stage, session: SessionView): void {
  const { id } = session;
  const items = (): readonly AgentItem[] => toAgentItems(stage, stage.model.view.sessions[id]);
  const choose = async (wanted: string): Promise<void> => {
    const item = items().find((one) => one.id === wanted);
    if (!item) return;
    stage.say(`${item.name} is taking over; your next prompt goes to it.`, 'muted');
    if (await stage.call('session.switchAgent', { session: id, agent: item.agent }))
      stage.say(`${item.name} answers in this session now.`, 'ok');
  };
  stage.open(
    new PickerOverlay(stage, {
      ...{
        title: `Who answers in "${toShortTitle(session)}"`,
        verb: 'switches',
        emptyText: 'The catalogue has no other agent.',
      },
      ...{ items, choose: (wanted) => void choose(wanted) },
    }),
  );
}

type AgentItem = PickerItem & { readonly agent: Params<'session.switchAgent'>['agent'] };

/** Those that were in the session first, also ones that the catalogue does not have; those that cannot be started last. */
function toAgentItems({ model }: Stage, session: SessionView | undefined): readonly AgentItem[] {
  const { agents } = model.view;
  const here = (session?.agents ?? []).map(({ id, isRunning, command }): AgentItem => {
    const known = command === undefined ? agents.find((agent) => agent.id === id) : undefined;
    const isCurrent = id === session?.agent;
    return {
      ...{
        id: `here ${command?.join(' ') ?? id}`,
        name: known?.label ?? id,
        code: command?.join(' ') ?? id,
        isCurrent,
      },
      ...{ group: 'was in this session', note: isCurrent ? 'answers now' : isRunning ? 'running' : 'does not run' },
      ...{ description: isCurrent ? null : toMemory(isRunning), disabled: isCurrent ? 'It answers already.' : null },
      agent: command === undefined ? { id } : { command },
    };
  });
  const others = agents.filter(({ id }) => !session?.agents.some((one) => one.id === id && one.command === undefined));
  const items = others.map((agent) => toNewItem(agent));
  return [...here, ...items.filter(({ disabled }) => !disabled), ...items.filter(({ disabled }) => disabled)];
}

function toNewItem(agent: AgentView): AgentItem {
  const disabled = toUnusable(agent);
  return {
    ...{ id: agent.id, name: agent.label, code: agent.id, description: agent.diagnostic, disabled },
    ...{ note: agent.availability, noteToken: toAvailabilityToken(agent.availability), agent: { id: agent.id } },
    group: disabled === null ? 'new here: is told what was said' : 'cannot be started now',
  };
}

/** What it will know: only one whose process still runs is sure to remember its part. */
function toMemory(isRunning: boolean): string {
  const rest = 'is told what was said since';
  return isRunning
    ? `It remembers its own part, and ${rest}.`
    : `It remembers its own part where it can take up its session again, else is told all that was said; the conversation says which.`;
}

function toUnusable({ availability }: AgentView): string | null {
  if (availability !== 'disabled' && availability !== 'not installed') return null;
  return `It is ${availability}; the Agents view (5) says what to do.`;
}

async function startAgent(stage: Stage, { id, agent }: SessionView): Promise<void> {
  stage.say(`Starting ${agent}.`, 'muted');
  await stage.call('session.start', { session: id });
}

/** The text goes back into the editor; sent again, it is one more prompt. A prompt that is chosen counts before the last one. */
function editLast(stage: Stage, session: SessionView): void {
  const { model } = stage;
  const chosen = session.items.find((item) => item.kind === 'user' && item.id === model.chosenItem);
  const last = chosen ?? session.items.findLast((item) => item.kind === 'user');
  if (last?.kind !== 'user') return;
  model.showSession(session.id);
  model.viewName = 'workspace';
  model.focus = 'prompt';
  const prompt = toPromptText(last.text);
  const isPut = stage.prompt().write(prompt);
  if (isPut)
    stage.say(
      `Your ${chosen ? '' : 'last '}prompt is in the editor; ${keyWord('prompt', 'send')} sends it as a new one.${toLoss(last.text)}`,
      'ok',
    );
  if (!isPut) stage.say('The prompt holds other text; send or clear it first (^U clears a line).', 'warn');
}
