/**
 * What keys do to the files that go with the next prompt: attach one of this machine by its path, take one out again.
 */

import { bounds } from '../../protocol/bounds.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { LineOverlay } from '../panes/line-overlay.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import { toSize } from '../present/prompt.ts';
import { toBytes } from '../present/words.ts';
import type { Candidate } from '../prompt-completion.ts';

export function toAttachActions(stage: Stage): Partial<Record<Action, () => void>> {
  return { attach: () => openAttach(stage), removeAttachment: () => removeAttachment(stage) };
}

function openAttach(stage: Stage): void {
  let found: readonly Candidate[] = [];
  let asked: string | null = null;
  const look = async (text: string): Promise<void> => {
    asked = text;
    const { completePath } = await import('../local-files.ts');
    const candidates = await completePath(text);
    if (asked !== text) return;
    found = candidates;
    stage.invalidate();
  };
  void look('');
  stage.open(
    new LineOverlay(stage, {
      ...{ scope: 'attach', sign: 'attach ', text: '', emptyText: ' no such file', unit: 'line' },
      complete: (text) => found.map(({ word }) => word).filter((word) => word.startsWith(text)),
      handleChange: (text) => void look(text),
      submit: (text) => void attach(stage, text.trim()),
      cancel: () => undefined,
    }),
  );
}

/** Attaches it, or says why not. */
export async function attach(stage: Stage, path: string): Promise<void> {
  const problem = await tryAttach(stage, path);
  if (problem !== null) stage.say(problem, 'warn');
}

/** Null when it is attached now, which the hint line says; else one sentence that says why not. */
export async function tryAttach(stage: Stage, path: string): Promise<string | null> {
  const { model } = stage;
  const session = model.session?.id ?? '';
  if (path === '') return 'Name a file of this machine, for example ~/notes.txt.';
  const { readAttachment } = await import('../local-files.ts');
  const attachment = await readAttachment(path);
  if (typeof attachment === 'string') return attachment;
  if (attachment.kind === 'image' && model.session?.takesImages === false)
    return `${model.session.agent} takes no images; attach text, or let another agent answer (S).`;
  const others = model.attached.of(session).filter(({ name }) => name !== attachment.name);
  if (others.length >= bounds.attachmentsMax) return `${bounds.attachmentsMax} files are attached; more cannot be.`;
  const all = [...others, attachment];
  const characters = all.reduce((sum, one) => sum + (one.kind === 'image' ? one.base64 : one.text).length, 0);
  if (characters > bounds.attachmentCharactersMax * 2)
    return 'Together the attachments would be too large for one prompt; send them one by one.';
  model.attached.set(session, all);
  stage.say(`Attached ${attachment.name} (${toBytes(toSize(attachment))}); it goes with your next prompt.`, 'ok');
  stage.invalidate();
  return null;
}

function removeAttachment(stage: Stage): void {
  const { model } = stage;
  const session = model.session?.id ?? '';
  const remove = (name: string): void => {
    const before = model.attached.of(session);
    model.attached.set(
      session,
      before.filter((one) => one.name !== name),
    );
    model.undo.push(`${name} is attached again`, () => {
      const others = model.attached.of(session).filter((one) => one.name !== name);
      model.attached.set(session, [...others, ...before.filter((one) => one.name === name)]);
    });
    stage.say(`Took ${name} out.`, 'muted');
  };
  const [first, ...others] = model.attachments;
  if (first && others.length === 0) return remove(first.name);
  stage.open(
    new PickerOverlay(stage, {
      ...{ title: 'Attached files', verb: 'takes it out', emptyText: 'Nothing is attached.', choose: remove },
      items: () =>
        model.attachments.map((one) => ({ id: one.name, name: one.name, note: toBytes(toSize(one)), disabled: null })),
    }),
  );
}
