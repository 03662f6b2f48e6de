/**
 * The prompts that wait until the agent is free: one is taken back into the editor, or deleted. Follows the host, which sends them in order.
 */

import type { AttachmentView } from '../../protocol/methods.ts';
import { keyWord } from '../key-words.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, putLines, type Stage, toMiddle } from '../pane.ts';
import { clip, conversationLines, plain, readable, span, wrap } from '../present/text.ts';
import { toCount } from '../present/words.ts';
import { toLoss, toPromptText } from '../prompt-text.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

/** Rows of the chosen prompt below the list. */
const textRows = 6;

export class QueueOverlay implements Overlay {
  readonly scope: Scope = 'queue';
  readonly #stage: Stage;
  readonly #session: string;
  readonly #list: VirtualList;

  constructor(stage: Stage, session: string) {
    this.#stage = stage;
    this.#session = session;
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const first = readable((this.#prompts[index] ?? '').trim().split('\n')[0] ?? '');
        return clip([span(` ${index + 1}  `, 'muted'), span(first)], width);
      },
      emptyText: ' No prompt waits any more.',
    });
  }

  get #prompts(): readonly string[] {
    return this.#stage.model.view.sessions[this.#session]?.queuedPrompts ?? [];
  }

  place(columns: number, rows: number): Rectangle {
    return toMiddle(columns, rows, 84, Math.max(1, this.#prompts.length) + textRows + 3);
  }

  paint(surface: Surface, focus: FocusState): void {
    const prompts = this.#prompts;
    const title = ` Waiting prompts ${prompts.length} `;
    const inner = drawFrame(surface, focus, plain(title, 'title', { bold: true }));
    const listRows = Math.max(1, inner.height - textRows - 1);
    this.#list.setRowCount(prompts.length);
    this.#list.draw(inner.part({ x: 0, y: 0, width: inner.width, height: listRows }), focus);
    const chosen = prompts[this.#list.selected];
    if (chosen === undefined || inner.height <= textRows) return;
    const page = this.#stage.page(Math.max(8, inner.width - 2));
    inner.put(0, listRows, plain(page.glyphs.rule.repeat(inner.width), 'border'));
    const lines = conversationLines(chosen).flatMap((line) => wrap([span(line)], page.columns));
    putLines(inner.part({ x: 1, y: listRows + 1, width: page.columns, height: textRows }), lines.slice(0, textRows));
  }

  handleAction(action: Action): boolean {
    if (action === 'scrollDown') this.#list.moveBy(1);
    else if (action === 'scrollUp') this.#list.moveBy(-1);
    else if (action === 'close') this.#stage.close(this);
    else if (action === 'takeBack') void this.#take('edit');
    else if (action === 'deletePrompt') void this.#take('delete');
    else return false;
    return true;
  }

  handleWheel(lines: number): void {
    this.#list.scrollBy(lines);
  }

  /** It can wait again, behind the others. */
  #handleDeleted(text: string, answer: { readonly attachments?: readonly AttachmentView[] }): void {
    const { attachments = [] } = answer;
    const more = attachments.length === 0 ? {} : { attachments };
    this.#stage.model.undo.push('the deleted prompt waits again, behind the others', () => {
      void this.#stage.call('session.prompt', { session: this.#session, text: toPromptText(text), ...more });
    });
    this.#stage.say('Deleted; the agent never saw it.', 'warn');
  }

  /** One that was sent meanwhile is refused by the host, which says so. */
  async #take(what: 'edit' | 'delete'): Promise<void> {
    const index = this.#list.selected;
    const text = this.#prompts[index];
    if (text === undefined) return this.#stage.say('No prompt waits any more.', 'warn');
    const { model } = this.#stage;
    // Its own field takes it, whichever session was shown.
    if (what === 'edit') model.showSession(this.#session);
    // A prompt that has left the queue and has no room would be lost.
    if (what === 'edit' && !this.#stage.prompt().write(''))
      return this.#stage.say('The prompt holds other text; send or clear it first.', 'warn');
    const answer = await this.#stage.call('session.unqueue', { session: this.#session, index, text });
    if (!answer) return;
    if (what === 'delete') this.#handleDeleted(text, answer);
    if (what === 'edit') {
      const prompt = toPromptText(text);
      this.#stage.prompt().write(prompt);
      // A host of before does not give the files back.
      const { attachments = [] } = answer as { readonly attachments?: readonly AttachmentView[] };
      const before = model.attached.of(this.#session);
      const others = before.filter(({ name }) => attachments.every((one) => one.name !== name));
      model.attached.set(this.#session, [...others, ...attachments]);
      const files = attachments.length > 0 ? ` with ${toCount(attachments.length, 'attached file')}` : '';
      const loss = attachments.length > 0 ? '' : toLoss(text);
      this.#stage.say(
        `The prompt is back in the editor${files}, and waits no longer; ${keyWord('prompt', 'send')} sends it.${loss}`,
        'ok',
      );
      model.viewName = 'workspace';
      model.focus = 'prompt';
    }
    if (what === 'edit' || this.#prompts.length === 0) this.#stage.close(this);
    this.#stage.invalidate();
  }
}
