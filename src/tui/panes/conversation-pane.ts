/**
 * The conversation of the session in the workspace. Lays out only items that changed and draws only lines in sight; knows no keys.
 */
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import type { Action } from '../keymap.ts';
import { drawFrame, drawThumb, type FocusState, type Pane, putLines, type Stage } from '../pane.ts';
import {
  type CallWait,
  isOpenCall,
  toCallWait,
  toEmptyConversation,
  toItemLines,
  toPlanLines,
  toTailLines,
} from '../present/conversation.ts';
import type { Page } from '../present/page.ts';
import { clip, foreign, highlight, plain, span, toText } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Surface } from '../widgets/surface.ts';

interface LaidOut {
  readonly item: ConversationItem;
  readonly wait: CallWait;
  readonly lines: readonly StyledLine[];
}

export class ConversationPane implements Pane {
  readonly #stage: Stage;
  #viewport = new Viewport('stream');
  #laidOut = new Map<number, LaidOut>();
  #layoutKey = '';
  #lines: readonly (readonly StyledLine[])[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  paint(surface: Surface, focus: FocusState): void {
    const { session } = this.#stage.model;
    const inner = drawFrame(surface, focus, toTitle(session), this.#toNote());
    if (inner.width < 8 || inner.height < 1) return;
    const page = this.#stage.page(inner.width - 2);
    const text = inner.part({ x: 1, y: 0, width: page.columns, height: inner.height });
    const plan = session ? toPlanLines(session.plan, page, toPlanRows(session, inner.height)) : [];
    const rows = inner.height - (plan.length > 0 ? plan.length + 1 : 0);
    this.#layOut(session, page);
    const count = this.#lines.reduce((sum, lines) => sum + lines.length, 0);
    const top = this.#viewport.fit(count, rows);
    putLines(text, this.#toWindow(top, rows));
    drawThumb(surface, 1, rows, top, count);
    if (plan.length > 0) {
      text.put(0, rows, plain(page.glyphs.rule.repeat(page.columns), 'border'));
      putLines(text, plan, rows + 1);
    }
  }

  handleAction(action: Action): boolean {
    if (action === 'searchNext') this.#jump(1);
    else if (action === 'searchPrevious') this.#jump(-1);
    else return this.#viewport.handleAction(action);
    return true;
  }

  handleWheel(lines: number): void {
    this.#viewport.scroll(lines);
  }

  /** Jumps to the next line that holds the searched text, around the end. */
  #jump(step: 1 | -1): void {
    const needle = this.#needle.toLowerCase();
    const matches: number[] = [];
    this.#lines.flat().forEach((line, index) => {
      if (toText(line).toLowerCase().includes(needle)) matches.push(index);
    });
    const top = this.#viewport.top;
    const next =
      step === 1
        ? (matches.find((line) => line > top) ?? matches[0])
        : (matches.findLast((line) => line < top) ?? matches.at(-1));
    if (next === undefined) this.#stage.say('Not found.', 'warn');
    else this.#viewport.to(next);
  }

  get #needle(): string {
    return this.#stage.model.searches.get('conversation') ?? '';
  }

  #toNote(): StyledLine {
    if (this.#viewport.isFollowing) return [];
    return plain(' scrolled back, G follows ', 'muted');
  }

  #layOut(session: SessionView | null, page: Page): void {
    const thoughts = this.#stage.model.areThoughtsFolded ? 'folded' : 'shown';
    const key = `${session?.id} ${page.columns} ${thoughts}`;
    if (key !== this.#layoutKey) {
      if (!this.#layoutKey.startsWith(`${session?.id} `)) this.#viewport = new Viewport('stream');
      this.#laidOut = new Map();
      this.#layoutKey = key;
    }
    if (!session || (session.items.length === 0 && session.problem === null)) {
      const tail = session ? toTailLines(session, page) : [];
      const isConnecting = this.#stage.model.host.link.kind === 'connecting';
      const empty = isConnecting ? [plain('Connecting to the host.', 'muted')] : toEmptyConversation(session, page);
      this.#lines = [empty, tail.length > 0 ? [[], ...tail] : []];
      return;
    }
    const kept = new Map<number, LaidOut>();
    const waitNow = toCallWait(session, this.#stage.model.cardsOf(session.id));
    for (const item of session.items) {
      const wait = isOpenCall(item) ? waitNow : 'at work';
      const known = this.#laidOut.get(item.id);
      const isKept = known?.item === item && known.wait === wait;
      kept.set(item.id, isKept ? known : { item, wait, lines: toItemLines(item, page, thoughts, wait) });
    }
    this.#laidOut = kept;
    this.#lines = [...toSpaced([...kept.values()]), toTailLines(session, page)];
  }

  #toWindow(top: number, rows: number): readonly StyledLine[] {
    const needle = this.#needle;
    const shown: StyledLine[] = [];
    let at = 0;
    for (const lines of this.#lines) {
      if (at + lines.length > top) {
        for (const line of lines.slice(Math.max(0, top - at), top + rows - at))
          shown.push(needle === '' ? line : highlight(line, needle));
      }
      at += lines.length;
      if (at >= top + rows) break;
    }
    return shown;
  }
}

/** A third at most, and nothing where every line is needed for what is said. */
function toPlanRows(session: SessionView, rows: number): number {
  return rows < 10 ? 0 : Math.min(session.plan.length + 1, Math.floor(rows / 3));
}

const space: readonly StyledLine[] = [[]];

/** Tool calls of one run stand together; everything else is set apart by an empty line. */
function toSpaced(entries: readonly LaidOut[]): readonly (readonly StyledLine[])[] {
  return entries.flatMap(({ item, lines }, index) => {
    const next = entries[index + 1]?.item;
    return item.kind === 'tool' && next?.kind === 'tool' ? [lines] : [lines, space];
  });
}

function toTitle(session: SessionView | null): StyledLine {
  if (!session) return plain(' Conversation ', 'title', { bold: true });
  const agent = `${foreign(session.agent)}${session.agentVersion === null ? '' : ` ${foreign(session.agentVersion)}`}`;
  const title: StyledLine = [span(` ${foreign(session.title)} `, 'title', { bold: true }), span(`${agent} `, 'muted')];
  return clip(title, 80, '');
}
