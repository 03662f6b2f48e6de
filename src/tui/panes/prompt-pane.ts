/**
 * The field where the operator writes to the agent, with what is attached and what a word could become. Each session has its own draft; what
 * cannot be sent is said and stays in the field.
 */

import type { Disposable } from '../../base/lifecycle.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { SessionView } from '../../protocol/view.ts';
import { tryAttach } from '../actions/attach.ts';
import { editOutside } from '../actions/outside-editor.ts';
import { openPromptHistory } from '../actions/prompt-history.ts';
import { type Key, keyId } from '../input/key.ts';
import { keyWord } from '../key-words.ts';
import { type Action, toKeyText } from '../keymap.ts';
import { keyOf } from '../keys-in-force.ts';
import { drawFrame, type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import { toAgentNote } from '../present/agent-line.ts';
import type { Page } from '../present/page.ts';
import { toAttachmentLine, toPromptTitle, toSuggestionLines } from '../present/prompt.ts';
import { plain } from '../present/text.ts';
import { toOwnRun, toOwnWay } from '../prompt-command.ts';
import { PromptCompleter } from '../prompt-completer.ts';
import { attachCommand } from '../prompt-completion.ts';
import { PromptDrafts } from '../prompt-drafts.ts';
import { PromptMemory, type PromptStore } from '../prompt-memory.ts';
import { type AttachWish, toAttachWish, toUnknownCommand } from '../prompt-text.ts';
import type { PromptSituation } from '../situation-prompt.ts';
import { isTurnRunning } from '../situation-session.ts';
import type { StyledLine } from '../styled.ts';
import type { Editor } from '../widgets/editor.ts';
import { editorCharactersMax } from '../widgets/editor-model.ts';
import type { Surface } from '../widgets/surface.ts';

/** Keys that go through the candidates while there are some, else through the text. */
const steps: Readonly<Record<string, 1 | -1>> = { down: 1, 'ctrl-n': 1, up: -1, 'ctrl-p': -1 };

export class PromptPane implements Pane, Disposable {
  readonly #stage: Stage;
  readonly #memory: PromptMemory;
  readonly #drafts: PromptDrafts;
  readonly #completer: PromptCompleter;
  /** What holds a command that could not be done, and was said to be sent as words when it is sent again. */
  #sentAsItIs: string | null = null;

  /** @param store where prompts and drafts outlive this screen; null: nowhere. */
  constructor(stage: Stage, store: PromptStore | null) {
    this.#stage = stage;
    this.#memory = new PromptMemory(store, () => {
      this.#drafts.handleLoaded();
      stage.invalidate();
    });
    this.#drafts = new PromptDrafts(this.#memory, stage.model.clock);
    this.#completer = new PromptCompleter(stage, () => this.#editor);
    stage.model.promptSituation = () => this.#toSituation();
  }

  /** Reads what was written before this screen; the first frame does not wait for it. */
  async load(): Promise<void> {
    try {
      await this.#memory.load();
    } catch (error) {
      this.#stage.say(`Earlier prompts are not there: ${(error as Error).message}`, 'warn');
    }
  }

  get text(): string {
    return this.#editor.text;
  }

  get #editor(): Editor {
    this.#drafts.show(this.#stage.model.session?.id ?? '');
    return this.#drafts.editor;
  }

  /** False, and nothing changes, when something is written there. */
  write(text: string): boolean {
    if (!this.#editor.isEmpty) return false;
    this.#editor.setText(text);
    return true;
  }

  /** Takes out what is written there; false when nothing is. */
  empty(): boolean {
    if (this.#editor.isEmpty) return false;
    this.#editor.setText('');
    return true;
  }

  /** What was asked in another way is among the earlier prompts, too. */
  remember(text: string): void {
    this.#memory.addPrompt(text);
    this.#editor.setHistory(this.#memory.history);
  }

  /** Rows that all of it needs inside a border of this outer width. */
  rowsAt(columns: number): number {
    const extra = this.#toExtra(this.#stage.page(Math.max(4, columns - 6)));
    return this.#editor.heightAt(Math.max(4, columns - 6)) + extra.above.length + extra.below.length;
  }

  paint(surface: Surface, focus: FocusState): void {
    const { session } = this.#stage.model;
    const { glyphs } = this.#stage.page(surface.width);
    const place = this.#editor.placeAt(Math.max(1, surface.width - 6));
    const queueKey = `${toKeyText(this.#stage.model.words.prefix)} ${keyWord('prefix', 'showQueue')}`;
    const title = toPromptTitle(session, place, surface.height - 2, queueKey);
    const note = session ? toAgentNote(session, this.#stage.page(surface.width)) : [];
    const inner = drawFrame(surface, focus, title, note);
    const width = Math.max(1, inner.width - 4);
    const { above, below } = this.#toExtra(this.#stage.page(width));
    const top = Math.min(above.length, Math.max(0, inner.height - 1));
    // What is written has the room first; the suggestions have what is left.
    const wanted = Math.min(this.#editor.heightAt(width), inner.height - top);
    const height = Math.max(wanted, inner.height - top - below.length);
    putLines(inner.part({ x: 3, y: 0, width, height: top }), above);
    inner.put(1, top, plain(glyphs.prompt, focus === 'focused' ? 'accent' : 'muted', { bold: true }));
    this.#editor.draw(inner.part({ x: 3, y: top, width, height }), focus);
    const rest = Math.max(0, inner.height - top - height);
    putLines(inner.part({ x: 3, y: top + height, width, height: rest }), below);
  }

  handleAction(action: Action): boolean {
    switch (action) {
      case 'send':
        if (!this.#completer.take()) void this.#send();
        return true;
      case 'newLine':
        this.#editor.handlePaste('\n');
        return true;
      case 'completePrompt':
        this.#completer.complete();
        return true;
      case 'leaveEditor':
        return this.#completer.unchoose();
      case 'searchHistory':
        openPromptHistory(this.#stage, this.#memory.history, (text) => this.#editor.setText(text));
        return true;
      case 'editOutside':
        void this.#editOutside();
        return true;
      case 'unfoldPaste':
        if (!this.#editor.unfold()) this.#sayTooLong();
        return true;
      case 'pageUp':
      case 'pageDown':
        this.#stage.pageConversation(action);
        return true;
      case 'cancelTurn':
        return this.#empty();
      default:
        return false;
    }
  }

  handleKey(key: Key): void {
    const step = steps[keyId(key)];
    if (step !== undefined && this.#completer.move(step)) return;
    this.#stage.model.follower.forget();
    this.#editor.handleKey(key);
  }

  handlePaste(text: string): void {
    this.#stage.model.follower.forget();
    const room = bounds.promptCharactersMax - this.#editor.text.length;
    if (text.length > room)
      this.#stage.say(`The paste was cut: a prompt has at most ${bounds.promptCharactersMax} characters.`, 'warn');
    this.#editor.handlePaste(text.slice(0, Math.max(0, room)));
  }

  dispose(): void {
    this.#completer.dispose();
    this.#drafts.dispose();
  }

  #toExtra(page: Page): { readonly above: readonly StyledLine[]; readonly below: readonly StyledLine[] } {
    const { attachments } = this.#stage.model;
    const { candidates, note, chosenAt } = this.#completer.suggestions();
    return {
      above: attachments.length === 0 ? [] : [toAttachmentLine(attachments, page)],
      below: [...(note === null ? [] : [plain(note, 'muted')]), ...toSuggestionLines(candidates, page, chosenAt)],
    };
  }

  async #send(): Promise<void> {
    const { model } = this.#stage;
    const { session, attachments } = model;
    const { text } = this.#editor;
    // The dialog begins with what is written here.
    if (!session) return this.#stage.perform('newSession');
    if (text.trim() === '') {
      if (attachments.length > 0) this.#stage.say('Write what the agent shall do with what is attached.', 'warn');
      return;
    }
    const wish = session.commands.some(({ name }) => `/${name}` === attachCommand) ? null : toAttachWish(text);
    if (wish && text !== this.#sentAsItIs) return this.#attach(wish, text);
    const unknown = toUnknownCommand(
      text,
      session.commands.map(({ name }) => name),
    );
    if (unknown !== null && !wish && text !== this.#sentAsItIs) return this.#holdCommand(session, unknown, text);
    // Another agent may answer than the one it was attached for.
    const image = session.takesImages === false ? attachments.find(({ kind }) => kind === 'image') : undefined;
    if (image)
      return this.#stage.say(
        `${session.agent} takes no images; ${keyWord('prompt', 'removeAttachment')} takes ${image.name} out.`,
        'warn',
      );
    this.#sentAsItIs = null;
    this.#memory.addPrompt(text);
    this.#editor.clear();
    this.#editor.setHistory(this.#memory.history);
    model.attached.set(session.id, []);
    // What was just said belongs in sight, and so does the answer.
    this.#stage.followConversation();
    const more = attachments.length === 0 ? {} : { attachments };
    const sent = await this.#stage.call('session.prompt', { session: session.id, text, ...more });
    // What did not reach the host is not lost: it goes back, unless something else was written meanwhile.
    const editor = this.#drafts.of(session.id);
    if (!sent && editor.isEmpty) editor.setText(text);
    if (!sent && model.attached.of(session.id).length === 0) model.attached.set(session.id, attachments);
    this.#stage.invalidate();
  }

  /** What the agent does not have is ours, or held: agents take it for words, and answer something. */
  #holdCommand({ agent }: SessionView, name: string, text: string): void {
    const own = toOwnRun(this.#stage, text);
    if (own !== null) {
      this.#editor.setText('');
      return own();
    }
    this.#sentAsItIs = text;
    const way = `${toOwnWay(this.#stage, name)}. ${keyWord('prompt', 'send')} again sends it as words.`;
    this.#stage.say(`${agent} offers no /${name}${way}`, 'warn');
  }

  /** As in a shell: what is written goes first. A turn that runs is the more urgent thing to end. */
  #empty(): boolean {
    const { model } = this.#stage;
    if (this.#editor.isEmpty || isTurnRunning(model.session)) return false;
    this.#editor.setText('');
    this.#stage.say('The prompt was cleared; ^Z brings it back.', 'muted');
    return true;
  }

  #sayTooLong(): void {
    const key = keyOf('prompt', 'editOutside');
    const way = key === null ? '' : `; ${toKeyText(key)} opens the prompt in an editor`;
    this.#stage.say(`It is too long to be edited here${way}.`, 'warn');
  }

  #toSituation(): PromptSituation {
    const canEditOutside = this.#stage.programs?.editor !== undefined;
    return { prompts: this.#memory.history.length, hasFold: this.#editor.hasFold, canEditOutside };
  }

  async #editOutside(): Promise<void> {
    const editor = this.#editor;
    const { programs } = this.#stage;
    if (!programs?.editor) return;
    const run = (argv: readonly string[]): Promise<number> => this.#stage.lendTerminal(argv, 'return');
    const edit = await editOutside(
      {
        ...{ what: 'the prompt', text: editor.text, fileName: 'prompt.md', kind: 'words' },
        charactersMax: editorCharactersMax,
      },
      programs.editor,
      run,
    );
    if (edit.kind === 'changed') editor.setText(edit.text);
    if (edit.kind === 'unchanged') this.#stage.say('The prompt was not changed.', 'muted');
    if (edit.kind === 'failed') this.#stage.say(edit.sentence, 'danger');
    this.#stage.invalidate();
  }

  /** The command is never sent as words by mistake: it is done, or the line stays and the reason is said. */
  async #attach({ path, rest }: AttachWish, text: string): Promise<void> {
    // Another session may be shown by the time the file was read.
    const editor = this.#editor;
    if (path === '' && rest === '') {
      editor.clear();
      return this.#stage.perform('attach');
    }
    const problem = await tryAttach(this.#stage, path);
    if (problem === null) {
      editor.setText(rest);
      if (rest !== '')
        this.#stage.say(`Attached ${path}; ${keyWord('prompt', 'send')} sends it with the rest of the prompt.`, 'ok');
    } else if (rest === '') this.#stage.say(`${problem} Nothing was sent; change the line, or ^U clears it.`, 'warn');
    else {
      this.#sentAsItIs = text;
      this.#stage.say(
        `${problem} Nothing was sent; change ${attachCommand}, or ${keyWord('prompt', 'send')} again sends it as words.`,
        'warn',
      );
    }
    this.#stage.invalidate();
  }
}
