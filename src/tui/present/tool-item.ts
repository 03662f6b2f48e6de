/**
 * A tool call in the conversation: its state in words, what it changes, where it runs and what it is about. Pure; the pane and the log have all of it.
 */
import type { ConversationItem, SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine, Token } from '../styled.ts';
import { toColouredDiffLines } from './diff-colours.ts';
import type { Glyphs, Page } from './page.ts';
import type { CodeColours } from './prose.ts';
import { toMarkedServer } from './server-name.ts';
import { spreadPaths } from './short-paths.ts';
import { foreign, foreignLines, plain, span, wrap, wrapExact } from './text.ts';
import { toExitCode, toFindings, toRanInstead, wasEdited } from './tool-answer.ts';
import { trimEnds } from './trim-ends.ts';
import { toCount } from './words.ts';

export type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;
type ToolStatus = ToolItem['status'];
/** Whether a call that has begun is at work, its request waits for the operator, or nobody can tell. */
export type CallWait = 'waits for you' | 'at work' | 'host lost';
type Look = readonly [glyph: keyof Glyphs, word: string, token: Token];

/** Rows of a call's detail, and of its differences together, that are shown: what surrounds the call must stay in sight. */
const detailRowsMax = 6;
const diffRowsMax = 14;
const locationsMax = 4;

const toolLooks: Readonly<Record<ToolStatus, Look>> = {
  pending: ['pending', 'pending', 'muted'],
  in_progress: ['running', 'running', 'accent'],
  completed: ['done', 'done', 'ok'],
  failed: ['failed', 'failed', 'danger'],
};

/** Calls that the gate or the operator ended; nothing went wrong with them on the server. */
const refusedLooks: Readonly<Record<string, Look>> = {
  APPROVAL_DENIED: ['failed', 'denied', 'warn'],
  APPROVAL_EXPIRED: ['failed', 'not answered', 'warn'],
  POLICY_REJECTED: ['failed', 'refused by policy', 'warn'],
  CANCELLED: ['failed', 'cancelled', 'warn'],
};

/** How a call stands, in the words of the conversation. */
export function toToolWord(item: ToolItem): string {
  return toLook(item, 'at work')[1];
}

export interface ToolLook {
  readonly fold: 'folded' | 'shown' | 'whole';
  readonly wait?: CallWait;
  readonly toColours?: CodeColours;
}

/** State in words, what it is, and where it can be seen; folded, how much is behind that line. */
export function toToolLines(
  item: ToolItem,
  page: Page,
  look: ToolLook,
): { readonly lines: readonly StyledLine[]; readonly isCut: boolean } {
  const head = (inside: StyledLine): StyledLine => toHeadLine(item, page, look.wait ?? 'at work', inside);
  if (look.fold === 'folded') {
    const inside = toInside(item, page);
    return { lines: [head(inside)], isCut: inside.length > 0 };
  }
  const diffs = toDiffRows(item, page, look.toColours);
  const detail = toDetailLines(item, page);
  const isWhole = look.fold === 'whole';
  const isCut = !isWhole && (diffs.length > diffRowsMax || detail.length > detailRowsMax);
  const lines = [
    head([]),
    ...toLocationLines(item, page),
    ...(isWhole ? diffs : toBounded(diffs, diffRowsMax, 'of the difference', page)),
    ...toTerminalLines(item, page),
    ...(isWhole ? detail : toBounded(detail, detailRowsMax, 'of what it says', page)),
  ];
  return { lines, isCut };
}

function toHeadLine(item: ToolItem, page: Page, wait: CallWait, inside: StyledLine): StyledLine {
  const [glyph, word, token] = toLook(item, wait);
  const { asked } = item;
  const left = [span(`${page.glyphs[glyph]} `, token, { bold: true }), ...toTitle(item)];
  const server = asked?.server ? [...toMarkedServer(asked.server, page), span(' ')] : [];
  return spreadPaths(left, [...inside, ...server, span(word, token)], page.columns, page.glyphs.ellipsis);
}

/** What it is about; of a call that the operator changed what ran, and then what was asked for. */
function toTitle(item: ToolItem): StyledLine {
  const title = foreign(item.asked?.summary ?? item.title) || foreign(item.toolKind) || 'tool call';
  const ran = foreign(toRanInstead(item.detail) ?? '');
  return ran === '' || ran === title
    ? [span(title, 'text')]
    : [span(ran, 'text'), span(`  asked as ${title}`, 'muted')];
}

/** What a folded call has behind its line: lines that it adds and removes, or how many it says. */
function toInside(item: ToolItem, page: Page): StyledLine {
  const { diffs = [], terminals = [], locations = [] } = item;
  const detail = toShownDetail(item);
  const mark = span(`${page.glyphs.folded} `, 'muted');
  if (diffs.length > 0) {
    const lines = diffs.flatMap(({ diff }) => toHunks(diff ?? '').split('\n'));
    const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
    return [mark, span(`+${count('+')}`, 'diffAdd'), span(' '), span(`-${count('-')}`, 'diffRemove'), span(' ')];
  }
  if (detail.trim() === '' && terminals.length === 0 && locations.length === 0) return [];
  const said = detail.trim() === '' ? 0 : trimEnds(detail).split('\n').length;
  return said > 1 ? [mark, span(`${said} lines `, 'muted')] : [mark];
}

function toBar(page: Page): StyledLine {
  return plain(`  ${page.glyphs.bar} `, 'border');
}

function toDetailLines(item: ToolItem, page: Page): readonly StyledLine[] {
  const { diffs } = item;
  const detail = toShownDetail(item);
  // The host's own words for a call that says nothing but what it changes.
  if (detail.trim() === '' || detail === `changes ${diffs?.[0]?.path}`) return [];
  return foreignLines(trimEnds(detail)).flatMap((line) => wrap([span(line, 'muted')], page.columns, toBar(page)));
}

/** Of a call of our own tools: nothing of its input, which the head names, and of our answer what it found. */
function toShownDetail(item: ToolItem): string {
  if (!item.asked) return item.detail;
  if (isOpenCall(item) && item.detail.trimStart().startsWith('{')) return '';
  const findings = toFindings(item.detail);
  // Where the whole difference is shown, the one that the agent was told of is a part of it.
  return (item.diffs ?? []).length > 0 ? findings.replace(/^--- operatorDiff$[^]*/m, '') : findings;
}

/** What the agent says that it changes, each file below its name. */
function toDiffRows({ diffs }: ToolItem, page: Page, toColours: CodeColours | undefined): readonly StyledLine[] {
  const inner: Page = { ...page, columns: Math.max(8, page.columns - 4) };
  return (diffs ?? []).flatMap(({ path, diff }): readonly StyledLine[] => [
    ...wrapExact(span(foreign(path), 'title'), page.columns, [...toBar(page), span('changes ', 'muted')], toBar(page)),
    ...(diff === null
      ? [[...toBar(page), span('  too long to be shown here', 'muted')]]
      : toColouredDiffLines(toHunks(diff), path, inner, toColours).map(
          (line): StyledLine => [...toBar(page), ...line],
        )),
  ]);
}

/** Without the two lines that name the file, which stands above it already. */
function toHunks(diff: string): string {
  const at = diff.search(/^@@/m);
  return at === -1 ? diff : diff.slice(at);
}

/** What a command prints stands in the pane of its server; nothing is shown twice. */
function toTerminalLines({ terminals }: ToolItem, page: Page): readonly StyledLine[] {
  return (terminals ?? []).flatMap(({ id, server }) => {
    const where =
      server === null
        ? 'a terminal of the agent itself, not seen by signalbox'
        : `output in the pane of ${foreign(server)}`;
    return wrap([span(`terminal ${foreign(id)}: ${where}`, 'muted')], page.columns, toBar(page));
  });
}

/** Files that it works on, without those that stand there already. */
function toLocationLines({ locations, diffs, title }: ToolItem, page: Page): readonly StyledLine[] {
  const named = new Set((diffs ?? []).map(({ path }) => path));
  const others = (locations ?? []).filter(
    ({ path, line }) => !named.has(path) && (line !== null || !title.includes(path)),
  );
  const shown = others.slice(0, locationsMax).map(({ path, line }) => (line === null ? path : `${path}:${line}`));
  const lines = shown.flatMap((place) =>
    wrapExact(span(foreign(place), 'muted'), page.columns, [...toBar(page), span('at ', 'muted')], toBar(page)),
  );
  const more = others.length - shown.length;
  return more > 0 ? [...lines, [...toBar(page), span(`and ${more} more places`, 'muted')]] : lines;
}

function toBounded(lines: readonly StyledLine[], rowsMax: number, what: string, page: Page): readonly StyledLine[] {
  const more = lines.length - rowsMax;
  if (more <= 0) return lines;
  return [
    ...lines.slice(0, rowsMax),
    ...wrap(
      [
        span(
          `${page.glyphs.ellipsis} ${toCount(more, 'more line', 'more lines')} ${what}: ${toUnfoldWords()}`,
          'muted',
        ),
      ],
      page.columns,
      plain('    '),
    ),
  ];
}

function toUnfoldWords(): string {
  const [next, previous, fold] = (['nextItem', 'previousItem', 'foldItem'] as const).map((action) =>
    keyWord('conversation', action),
  );
  return `${next} or ${previous} chooses it, ${fold} shows all`;
}

function toLook(item: ToolItem, wait: CallWait): Look {
  if (isOpenCall(item) && wait === 'host lost') return ['warning', 'not known', 'warn'];
  if (isOpenCall(item) && wait === 'waits for you') return ['waiting', 'waits for you', 'warn'];
  if (item.isCancelled) return ['failed', 'cancelled by you', 'warn'];
  const exit = isOpenCall(item) ? undefined : toExitCode(item.detail);
  if (exit !== undefined && exit !== '0') return ['failed', `exit ${exit}`, 'danger'];
  if (item.status === 'completed' && wasEdited(item.detail)) return ['done', 'done as you changed it', 'warn'];
  if (item.status !== 'failed') return toolLooks[item.status];
  // Agents show the result of the gate in their own words, the code among the first of them.
  const code = /\b(APPROVAL_DENIED|APPROVAL_EXPIRED|POLICY_REJECTED|CANCELLED)\b/.exec(item.detail.slice(0, 200))?.[1];
  return refusedLooks[code ?? ''] ?? toolLooks.failed;
}

export function isOpenCall(item: ConversationItem): boolean {
  return item.kind === 'tool' && (item.status === 'pending' || item.status === 'in_progress');
}

/**
 * Whether the open calls of a session wait for the operator. A card does not say which call it belongs to, so it is only said when there
 * are as many cards as open calls.
 */
export function toCallWait(session: SessionView, cards: number): CallWait {
  const open = session.items.filter(isOpenCall).length;
  return open > 0 && cards >= open ? 'waits for you' : 'at work';
}
