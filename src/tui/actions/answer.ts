/**
 * Answers to waiting cards, as keys ask for them: one, with a reason, for the session, edited, or all that are marked. Whether a key counts
 * was decided before.
 */

import type { Params } from '../../protocol/methods.ts';
import { toBatchForm, toProductionForm, toReasonForm } from '../dialogs/answer-dialogs.ts';
import { toFirstChange } from '../hunk-moves.ts';
import type { Stage } from '../pane.ts';
import { DocumentOverlay } from '../panes/document-overlay.ts';
import { EditOverlay, toEditTitle } from '../panes/edit-overlay.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toExplainLines, toForeignSubject } from '../present/card.ts';
import type { Page } from '../present/page.ts';
import { foreign } from '../present/text.ts';
import { toCount } from '../present/words.ts';
import { isProduction, isQuestion, type QueueEntry, toEditable } from '../queue.ts';
import type { StyledLine } from '../styled.ts';
import { keepWritten } from './keep-written.ts';
import { orSentence } from './sessions.ts';

type GateEntry = Extract<QueueEntry, { kind: 'gate' }>;
type Answer = Params<'approval.answer'>['answer'];

export function approve(stage: Stage, grant: 'once' | 'session'): void {
  const entry = stage.model.desk.current;
  if (!entry) return;
  if (entry.kind === 'local') return void answerLocal(stage, entry, 'allow');
  if (isQuestion(entry)) return;
  if (!isProduction(entry)) return void send(stage, entry, { kind: 'approve', grant });
  const form = toProductionForm(
    entry,
    'approve',
    (confirmation) => void send(stage, entry, { kind: 'approve', grant, confirmation }),
  );
  stage.open(new FormOverlay(stage, form, entry.id));
}

export function deny(stage: Stage): void {
  const entry = stage.model.desk.current;
  if (entry?.kind === 'local') void answerLocal(stage, entry, 'deny');
  else if (entry?.kind === 'gate') void send(stage, entry, { kind: 'deny', reason: null });
}

export function denyWithReason(stage: Stage): void {
  const entry = stage.model.desk.current;
  if (entry?.kind !== 'gate') return;
  stage.open(
    new FormOverlay(
      stage,
      toReasonForm(entry, (reason) => void send(stage, entry, { kind: 'deny', reason })),
      entry.id,
    ),
  );
}

export function edit(stage: Stage): void {
  const entry = stage.model.desk.current;
  const text = entry ? toEditable(entry) : null;
  if (entry?.kind !== 'gate' || text === null) return;
  const what = entry.card.subject.kind === 'write' ? foreign(entry.card.subject.path) : 'the command';
  const title = toEditTitle(foreign(entry.card.server.id), what);
  const { subject } = entry.card;
  const cursor = subject.kind === 'write' ? toFirstChange(subject.diff ?? '', text) : text.length;
  const fileName = subject.kind === 'write' ? toFileName(subject.path) : 'command.sh';
  // What comes of it is shown as a card of its own, unless it only reads.
  const save = (changed: string): void =>
    void send(stage, entry, { kind: 'edit', text: changed }, () => keepWritten(changed, fileName));
  const enter = subject.kind === 'write' || text.includes('\n') ? 'new line' : 'saves';
  stage.open(new EditOverlay(stage, { title, about: entry.id, text, cursor, enter, fileName, save }));
}

/** The name on the server may hold anything; here it is one word that keeps its ending. */
function toFileName(path: string): string {
  const name = (path.split('/').at(-1) ?? '').replace(/[^\w.-]/g, '_').slice(-100);
  return /^\.*$/.test(name) ? 'change' : name;
}

export function explain(stage: Stage): void {
  const entry = stage.model.desk.current;
  if (!entry) return;
  const toLines = (page: Page): readonly StyledLine[] => toExplainLines(entry, page);
  stage.open(new DocumentOverlay(stage, 'document', 'Why it was stopped', toLines, entry.id));
}

/** Exactly the cards that are marked now; one that left the queue meanwhile is not answered. */
export function approveMarked(stage: Stage): void {
  const entries = stage.model.desk.marked;
  if (entries.length === 0) return;
  const approveAll = async (): Promise<void> => {
    const still = entries.filter((entry) =>
      stage.model.desk.marked.some((other) => other.id === entry.id && other.card === entry.card),
    );
    for (const entry of still) {
      if (entry.kind === 'local') await answerLocal(stage, entry, 'allow');
      else if (entry.kind === 'gate') await send(stage, entry, { kind: 'approve', grant: 'once' });
    }
    const left = entries.length - still.length;
    stage.say(
      `${toCount(still.length, 'request')} answered${left > 0 ? `, ${left} had left the queue` : ''}.`,
      left > 0 ? 'warn' : 'ok',
    );
  };
  stage.open(
    new FormOverlay(
      stage,
      toBatchForm(entries, () => void approveAll()),
    ),
  );
}

/** @param keep is called when the answer was not taken, to keep what was written in it; its sentence says where it is. */
async function send(stage: Stage, entry: GateEntry, answer: Answer, keep?: () => Promise<string>): Promise<void> {
  const { desk } = stage.model;
  desk.setAnswering(entry.id, 'answering');
  stage.invalidate();
  const call = stage.model.host.call('approval.answer', { id: entry.id, answer, via: 'screen', interactive: true });
  const result = await orSentence(call);
  desk.setAnswering(entry.id, 'open');
  const isTaken = typeof result !== 'string' && result.accepted && result.late === null;
  const kept = isTaken || !keep ? '' : ` ${await keep()}`;
  if (typeof result === 'string') stage.say(`${result}${kept}`, 'danger');
  else if (result.late !== null) stage.say(`It had ended before: ${result.late}.${kept}`, 'warn');
  else if (!result.accepted) stage.say(`The host did not take this answer; read the card again.${kept}`, 'warn');
  else stage.say(`${toPast(answer)}: ${toAnswered(entry, answer)}`, answer.kind === 'deny' ? 'warn' : 'ok');
}

/** What the answer is about: of an edited command the new words, for the old ones will not run. */
function toAnswered(entry: GateEntry, answer: Answer): string {
  const isCommand = entry.card.subject.kind === 'command';
  return answer.kind === 'edit' && isCommand ? foreign(answer.text) : toForeignSubject(entry);
}

function toPast(answer: Answer): string {
  switch (answer.kind) {
    case 'approve':
      return answer.grant === 'session' ? 'Approved for this session' : 'Approved';
    case 'deny':
      return 'Denied';
    case 'edit':
      return 'Sent as edited, to be judged anew';
  }
}

async function answerLocal(
  stage: Stage,
  entry: Extract<QueueEntry, { kind: 'local' }>,
  answer: 'allow' | 'deny',
): Promise<void> {
  const { desk } = stage.model;
  desk.setAnswering(entry.id, 'answering');
  stage.invalidate();
  const allow = answer === 'allow';
  const done = await stage.call('session.answerLocal', { session: entry.session.id, card: entry.card.id, allow });
  desk.setAnswering(entry.id, 'open');
  if (done) stage.say(allow ? 'Allowed on this machine.' : 'Denied.', 'warn');
}
