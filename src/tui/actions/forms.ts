/**
 * Answers to questions, of agents and of logins, as keys ask for them: filled in, declined, dismissed. A page is shown and its address
 * copied, never opened.
 */
import type { Params } from '../../protocol/methods.ts';
import { toAgentForm } from '../dialogs/agent-form.ts';
import { toLoginForm } from '../dialogs/login-form.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import type { FormEntry } from '../present/form-card.ts';
import type { LoginEntry } from '../present/login-card.ts';

type Answer = Params<'session.answerForm'>['answer'];

export function toFormActions(stage: Stage): Partial<Record<Action, () => void>> {
  const ofCurrent = (handle: (stage: Stage, entry: FormEntry) => void) => (): void => {
    const entry = stage.model.desk.current;
    if (entry?.kind === 'form') handle(stage, entry);
  };
  const ofLogin = (handle: (entry: LoginEntry) => void, otherwise: () => void) => (): void => {
    const entry = stage.model.desk.current;
    if (entry?.kind === 'login') handle(entry);
    else otherwise();
  };
  return {
    fillIn: ofLogin((entry) => openLogin(stage, entry), ofCurrent(fillIn)),
    declineForm: ofLogin(
      (entry) => void declineLogin(stage, entry),
      ofCurrent((_stage, entry) => void answer(stage, entry, { action: 'decline' })),
    ),
    cancelForm: ofCurrent((_stage, entry) => void answer(stage, entry, { action: 'cancel' })),
    copyLink: ofCurrent(copyLink),
  };
}

function fillIn(stage: Stage, entry: FormEntry): void {
  const overlay = new FormOverlay(
    stage,
    toAgentForm(entry, {
      accept: async (values) => {
        const problem = await send(stage, entry, { action: 'accept', values });
        if (problem === null) stage.say('The agent has your answer.', 'ok');
        return problem;
      },
      decline: () => leave({ action: 'decline' }),
      dismiss: () => leave({ action: 'cancel' }),
      copyLink: () => copyLink(stage, entry),
    }),
    entry.id,
  );
  const leave = (how: Answer): void => {
    stage.close(overlay);
    void answer(stage, entry, how);
  };
  stage.open(overlay);
}

async function answer(stage: Stage, entry: FormEntry, how: Answer): Promise<void> {
  const { desk } = stage.model;
  desk.setAnswering(entry.id, 'answering');
  stage.invalidate();
  const problem = await send(stage, entry, how);
  desk.setAnswering(entry.id, 'open');
  if (problem !== null) stage.say(problem, 'danger');
  else stage.say(how.action === 'decline' ? 'Declined; the agent was told.' : 'Dismissed without an answer.', 'warn');
}

/** Null, or the sentence of its failure. */
async function send(stage: Stage, { session, card }: FormEntry, how: Answer): Promise<string | null> {
  try {
    await stage.model.host.call('session.answerForm', { session: session.id, form: card.id, answer: how });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function copyLink(stage: Stage, { card }: FormEntry): void {
  if (card.url === null) return;
  if (stage.copy(card.url)) stage.say('The address was handed to the clipboard of your terminal.', 'ok');
  else stage.say('The address is too long for the clipboard of a terminal.', 'warn');
}

/** The dialog of a login that waits. */
export function openLogin(stage: Stage, entry: LoginEntry): void {
  // What was to be sealed waits in a dialog below, which can do nothing before.
  const isForUs = entry.card.server === null && stage.model.calls.isOf('vault.unlock');
  const form = toLoginForm(entry, {
    answer: (answers) => sendLogin(stage, entry, answers),
    ...(isForUs ? { decline: () => void sendLogin(stage, entry, null) } : {}),
  });
  stage.open(new FormOverlay(stage, form, entry.id));
}

async function declineLogin(stage: Stage, entry: LoginEntry): Promise<void> {
  const problem = await sendLogin(stage, entry, null);
  stage.say(problem ?? 'Declined; the login goes on without it.', problem === null ? 'warn' : 'danger');
}

/** Null, or the sentence of its failure. */
async function sendLogin(
  stage: Stage,
  { card }: LoginEntry,
  answers: readonly string[] | null,
): Promise<string | null> {
  try {
    await stage.model.host.call('login.answer', { id: card.id, answers });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
