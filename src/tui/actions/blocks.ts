/**
 * What keys do with the chosen block of a pane: copy it, show its record, play its recording, run it again, stop it. Whether they can is
 * decided by situation-block.ts.
 */

import type { Disposable } from '../../base/lifecycle.ts';
import type { AuditRowView } from '../../protocol/methods.ts';
import type { BlockView, RanCommandView, ServerView } from '../../protocol/view.ts';
import { type CopyChoice, toCommandText, toCopyForm, toRunAgainForm, toStopForm } from '../dialogs/block-dialogs.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { RecordingOverlay } from '../panes/recording-overlay.ts';
import { toBytes, toCount } from '../present/words.ts';
import { clipboardBytesMax } from '../widgets/terminal-modes.ts';

interface Chosen {
  readonly server: ServerView;
  readonly block: BlockView;
}

export function toBlockActions(stage: Stage): Partial<Record<Action, () => void>> {
  const ofChosen = (handle: (stage: Stage, chosen: Chosen) => void) => (): void => {
    const block = stage.model.block;
    const server = stage.model.view.servers[stage.model.chosenBlock?.server ?? ''];
    if (block && server) handle(stage, { server, block });
    else if (block) stage.say('This server is not registered any more.', 'warn');
  };
  return {
    copyCommand: ofChosen(copyCommand),
    copyOutput: ofChosen(copyOutput),
    showBlockRecord: ofChosen((_stage, { block }) => void showRecord(stage, block.id)),
    playBlock: ofChosen((_stage, { block }) => stage.open(new RecordingOverlay(stage, block.id))),
    runAgain: ofChosen(runAgain),
    stopCommand: ofChosen(stopCommand),
  };
}

function copyCommand(stage: Stage, { block }: Chosen): void {
  const text = block.ran === undefined ? block.summary : toCommandText(block.ran);
  if (stage.copy(text)) stage.say('The command was handed to the clipboard of your terminal.', 'ok');
  else
    stage.say(
      `The command is too long for the clipboard of a terminal; ${keyWord('pane', 'showBlockRecord')} shows it in its record.`,
      'warn',
    );
}

function copyOutput(stage: Stage, { server, block }: Chosen): void {
  const output = stage.paneText(server.id)?.outputOf(block.id) ?? '';
  if (stage.copy(output)) return sayCopied(stage, output, block);
  const bytes = Buffer.byteLength(output, 'utf8');
  const choose = (choice: CopyChoice): void => {
    if (choice === 'recording') return stage.open(new RecordingOverlay(stage, block.id));
    const part = toFitting(output, choice);
    if (stage.copy(part)) sayCopied(stage, part, block);
  };
  stage.open(new FormOverlay(stage, toCopyForm(bytes, clipboardBytesMax, choose)));
}

function sayCopied(stage: Stage, text: string, block: BlockView): void {
  const lines = toCount(text.split('\n').length, 'line');
  const rest = block.skippedBytes > 0 ? `; ${toBytes(block.skippedBytes)} before them are only in the recording` : '';
  const still = block.state === 'ended' ? '' : ' so far';
  stage.say(`${lines} of output${still} were handed to the clipboard of your terminal${rest}.`, 'ok');
}

/** Whole lines from one end, as many as the clipboard takes. */
function toFitting(output: string, from: 'beginning' | 'end'): string {
  const lines = output.split('\n');
  if (from === 'end') lines.reverse();
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += Buffer.byteLength(line, 'utf8') + 1;
    if (bytes > clipboardBytesMax) break;
    kept.push(line);
  }
  if (from === 'end') kept.reverse();
  // A line may be longer than all that fits.
  if (kept.length > 0) return kept.join('\n');
  const characters = Math.floor(clipboardBytesMax / 4);
  return from === 'end' ? output.slice(-characters) : output.slice(0, characters);
}

/** Shows the newest record of an operation in the log; leaving it leads back here. */
export async function showRecord(stage: Stage, id: string): Promise<void> {
  await stage.openLater(async () => {
    const answer = await stage.call('audit.page', { offset: 0, limit: 1, filter: `id:${id}` });
    if (!answer) return null;
    const [row] = answer.rows;
    if (!row) stage.say('The audit log has no record of it yet.', 'warn');
    return row === undefined ? null : () => openRecord(stage, row);
  });
}

function openRecord(stage: Stage, row: AuditRowView): void {
  stage.model.wantedRecord = row;
  const from = stage.model.viewName;
  stage.perform('viewAudit');
  stage.model.recordFrom = from;
}

function runAgain(stage: Stage, { server, block }: Chosen): void {
  const { ran } = block;
  if (ran === undefined) return;
  stage.open(
    new FormOverlay(
      stage,
      toRunAgainForm(server, ran, () => void perform(stage, server, ran)),
    ),
  );
}

async function perform(stage: Stage, server: ServerView, ran: RanCommandView): Promise<void> {
  const what = ran.argv === null ? { command: ran.line } : { argv: ran.argv };
  const input = { server: server.id, ...what, ...(ran.cwd === null ? {} : { cwd: ran.cwd }) };
  stage.paneText(server.id)?.toEnd();
  const choosing = chooseCard(stage, server.id, ran);
  const answer = await stage.call('operation.perform', { operation: 'remote_exec', input });
  choosing.dispose();
  if (!answer) return;
  const { status, code, message } = answer.envelope;
  // How a command ended stands below its output; that it was refused or failed to start may stand nowhere.
  if (status === 'ok' || code === 'NON_ZERO_EXIT') return;
  stage.say(message ?? code ?? status, 'warn');
}

/** Its card is the one to be shown: it was asked for by this very key. */
function chooseCard(stage: Stage, server: string, ran: RanCommandView): Disposable {
  const { model } = stage;
  const asked = JSON.stringify(ran.argv ?? ran.line);
  return model.host.onChange((change) => {
    if (change.type !== 'approval.added' || change.card.session !== null || change.card.server.id !== server) return;
    const { subject } = change.card;
    if (subject.kind !== 'command' || JSON.stringify(subject.argv ?? subject.line) !== asked) return;
    model.desk.select(change.card.id);
    stage.say('It waits for your approval.', 'warn');
    stage.perform('goToCard');
  });
}

function stopCommand(stage: Stage, { server, block }: Chosen): void {
  // A read leaves nothing half done.
  if (block.ran?.isRead) return void stopNow(stage, block.id);
  const stop = async (): Promise<string | null> => {
    try {
      await stage.model.host.call('operation.stop', { id: block.id });
    } catch (error) {
      return (error as Error).message;
    }
    stage.say('It was told to end.', 'warn');
    return null;
  };
  stage.open(new FormOverlay(stage, toStopForm(server, block, stop)));
}

async function stopNow(stage: Stage, id: string): Promise<void> {
  if (await stage.call('operation.stop', { id })) stage.say('It was told to end.', 'warn');
}
