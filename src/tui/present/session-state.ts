/**
 * What a session is doing, in words that also say what a person can do about it, and what stands below the last item for it. Pure.
 */

import type { SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine, Token } from '../styled.ts';
import type { Glyphs, Page } from './page.ts';
import { clip, conversationLines, foreign, plain, span, wrap, wrapProse } from './text.ts';
import { trimEnds } from './trim-ends.ts';
import { toLifeSign, toTurnMs, toTurnWords } from './turn-time.ts';
import { toCount } from './words.ts';

/** Whether the host answers; while it does not, what is shown is what it said last. */
export type HostPresence = 'there' | 'lost';

/** What follows the last item: prompts that wait, and what the agent is doing. */
export function toTailLines(session: SessionView, page: Page, host: HostPresence = 'there'): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  if (session.origin === 'external' && session.items.length > 0) lines.push(...toDrivenLines(session, page));
  lines.push(...toHeldLines(session, page), ...toChangedServerLines(session, page));
  for (const prompt of session.queuedPrompts) {
    const text = `${page.glyphs.pending} queued ${page.glyphs.separator} ${toOneLine(prompt)}`;
    lines.push(clip([span(text, 'muted')], page.columns, page.glyphs.ellipsis));
  }
  if (host === 'lost') lines.push(...toLostLines(page));
  else lines.push(...toStateLines(session, page));
  if (session.problem !== null)
    lines.push(
      ...wrapProse(session.problem, 'danger', page.columns, plain(`${page.glyphs.failed} `, 'danger'), plain('  ')),
    );
  return lines;
}

/** Prompts that an earlier host did not send: what they were written for may be over, so a person says. */
function toHeldLines({ heldPrompts = [] }: SessionView, page: Page): readonly StyledLine[] {
  if (heldPrompts.length === 0) return [];
  const lines = heldPrompts.map(({ text, isWhole }) => {
    const note = isWhole ? '' : ' (not kept whole, to be written again)';
    const words = `${page.glyphs.pending} not sent by an earlier host${note} ${page.glyphs.separator} ${toOneLine(text)}`;
    return clip([span(words, 'warn')], page.columns, page.glyphs.ellipsis);
  });
  return [...lines, ...wrap([span(':resend sends them, :drop-unsent drops them', 'muted')], page.columns, plain('  '))];
}

/** Servers that wait outside of the session until a person has confirmed them. */
export function toChangedServerLines({ changedServers = [] }: SessionView, page: Page): readonly StyledLine[] {
  return changedServers.flatMap(({ id, was, now }) => {
    const where = was === now ? 'its record changed' : `it was ${foreign(was)} and is ${foreign(now)} now`;
    const words = `${foreign(id)} stays out of this session: ${where}; ${keyWord('conversation', 'confirmServers')} shows it and asks whether it is meant`;
    return wrap([span(words, 'warn')], page.columns, plain(`${page.glyphs.warning} `, 'warn'), plain('  '));
  });
}

function toLostLines(page: Page): readonly StyledLine[] {
  const words = `the host is lost, and agents end with it; what is shown is what it said last. This screen goes on by itself when a host is there again; ${keyWord('global', 'restartHost')} starts one.`;
  return wrap([span(words, 'danger')], page.columns, plain(`${page.glyphs.warning} `, 'danger'), plain('  '));
}

/** The state in words, and what a person can do about it. */
export function toStateLines(session: SessionView, page: Page): readonly StyledLine[] {
  const say = (glyph: keyof Glyphs, text: string, token: Token): readonly StyledLine[] =>
    wrap([span(text, token)], page.columns, plain(`${page.glyphs[glyph]} `, token), plain('  '));
  const sayAlive = (text: string): readonly StyledLine[] =>
    wrap([span(text, 'accent')], page.columns, plain(`${toLifeSign(page.nowMs, page.glyphs)} `, 'accent'), plain('  '));
  const agent = foreign(session.agent);
  switch (session.state) {
    case 'starting':
      return sayAlive(`starting ${agent}`);
    case 'working':
      return sayAlive(
        session.origin === 'external'
          ? `${agent} uses a tool`
          : `${agent} is working${toTurnTime(session, page)}; ${keyWord('always', 'cancelTurn')} ends its turn, a prompt sent now waits until it is free`,
      );
    case 'waiting for you':
      return say('waiting', 'waiting for your answer', 'warn');
    case 'restarting':
      return say('running', toRestartWords(session, page.nowMs), 'warn');
    case 'resting':
      return say(
        'pending',
        `${agent} does not run; your next prompt starts it, ${keyWord('conversation', 'startAgent')} starts it now`,
        'muted',
      );
    case 'failed':
      return say(
        'failed',
        `${agent} could not go on; w or your next prompt tries again, S lets another agent answer`,
        'warn',
      );
    case 'ended':
      return say(
        'pending',
        `this session has ended; ${keyWord('conversation', 'newSession')} opens a new one`,
        'muted',
      );
    case 'idle':
      return [];
  }
}

function toTurnTime(session: SessionView, page: Page): string {
  const ms = toTurnMs(session, page.nowMs);
  return ms === null ? '' : ` for ${toTurnWords(ms)}`;
}

function toRestartWords({ agent, restartAtMs }: SessionView, nowMs: number): string {
  const prompts = 'prompts wait until it is there';
  if (restartAtMs == null) return `${foreign(agent)} died and is started again; ${prompts}`;
  const seconds = Math.ceil(Math.max(0, restartAtMs - nowMs) / 1_000);
  const when =
    seconds === 0
      ? 'starts again now'
      : `starts again in ${seconds} s, ${keyWord('conversation', 'startAgent')} starts it now`;
  return `${foreign(agent)} died; it ${when}; ${prompts}`;
}

/** In place of a prompt: why nothing can be written to the program that drives this session. */
export function toExternalLines(session: SessionView, page: Page): readonly StyledLine[] {
  const servers = foreign(session.servers.join(', ')) || 'your servers';
  const sentence = `${foreign(session.agent)} is another program that uses the tools of signalbox on ${servers}. What is said stands in that program; here are its requests: they wait as cards, run in the panes and stand in the audit log (3). The session ends with its connection.`;
  return wrap([span(sentence, 'muted')], page.columns);
}

/** The same in short, below what it has asked for. */
function toDrivenLines({ agent }: SessionView, page: Page): readonly StyledLine[] {
  const sentence = `${foreign(agent)} drives this session; nothing can be written to it from here.`;
  return wrap([span(sentence, 'muted')], page.columns, plain(`${page.glyphs.pending} `, 'muted'), plain('  '));
}

export function toOneLine(text: string): string {
  return conversationLines(trimEnds(text).replace(/\s*[\r\n]+\s*/g, ' ')).join('');
}

/** How many prompts wait, on the border of the prompt; nothing when none does. */
export function toQueueNote(session: SessionView, key: string): StyledLine {
  const count = session.queuedPrompts.length;
  if (count === 0) return [];
  return [
    span(`${toCount(count, 'prompt waits', 'prompts wait')}, `, 'warn'),
    span(key, 'key'),
    span(' takes one back ', 'muted'),
  ];
}
