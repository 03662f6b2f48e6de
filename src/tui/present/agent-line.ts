/**
 * What the agent is set to, in a few words: model, mode, how full its context is and what it has cost. Pure.
 */
import type { OptionView, SessionView } from '../../protocol/view.ts';
import { toAgentModes } from '../agent-modes.ts';
import type { Span, StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, foreign, readable, span } from './text.ts';

/** "codex v0.4.2": a number alone behind a name says nothing. Foreign. */
export function toAgentName({ agent, agentVersion }: Pick<SessionView, 'agent' | 'agentVersion'>): string {
  if (agentVersion === null) return foreign(agent);
  return foreign(`${agent} ${/^\d/.test(agentVersion) ? 'v' : ''}${agentVersion}`);
}

/** The option that names the model, where the agent has one. */
export function findModelOption({ options }: SessionView): OptionView | null {
  return options.find(({ category }) => category === 'model') ?? options.find(({ id }) => id === 'model') ?? null;
}

/** A value as the agent calls it; foreign. */
export function toValueName({ choices, value }: OptionView, of: string | boolean = value): string {
  if (typeof of === 'boolean') return of ? 'on' : 'off';
  return choices?.find((choice) => choice.value === of)?.name ?? of;
}

/** "Sonnet 5 · mode Ask"; nothing for what the agent does not tell. */
export function toSettings(session: SessionView, page: Page): readonly Span[] {
  const model = findModelOption(session);
  const { modes, current } = toAgentModes(session);
  const mode = current ?? session.currentMode;
  const parts = [
    ...(model === null ? [] : [span(readable(toValueName(model)), 'text')]),
    ...(mode === null ? [] : [span(`mode ${readable(modes.find(({ id }) => id === mode)?.name ?? mode)}`, 'text')]),
  ];
  return joined(parts, page);
}

/** "context 6 % of 200k · 0.03 USD". */
export function toUsage({ usage }: SessionView, page: Page): readonly Span[] {
  if (usage === null) return [];
  const percent = Math.round((usage.used / usage.size) * 100);
  const parts = [
    ...(usage.size > 0
      ? [span(`context ${percent} % of ${toThousands(usage.size)}`, percent >= 90 ? 'warn' : 'muted')]
      : []),
    ...(usage.cost === null ? [] : [span(`cost ${foreign(usage.cost)}`, 'muted')]),
  ];
  return joined(parts, page);
}

/** The usage, on the border of the prompt. */
export function toAgentNote(session: SessionView, page: Page): StyledLine {
  const line = toUsage(session, page);
  return line.length === 0
    ? []
    : clip([span(' '), ...line, span(' ')], Math.max(0, page.columns - 4), page.glyphs.ellipsis);
}

export function toThousands(count: number): string {
  if (count < 1_000) return `${count}`;
  return count < 1_000_000 ? `${Math.round(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

function separator(page: Page): Span {
  return span(` ${page.glyphs.separator} `, 'border');
}

function joined(parts: readonly Span[], page: Page): readonly Span[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator(page), part]));
}
