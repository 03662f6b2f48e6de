/**
 * The modes of a session's agent, however it offers them: as modes of the protocol, or as an option of that category. Pure.
 */
import type { OptionView, SessionView } from '../protocol/view.ts';

export interface AgentModes {
  readonly modes: readonly { readonly id: string; readonly name: string; readonly description?: string | null }[];
  readonly current: string | null;
  /** Through which a mode is set; null where the protocol's own way is. */
  readonly option: OptionView | null;
}

export function toAgentModes({ modes, currentMode, options }: SessionView): AgentModes {
  if (modes.length > 0) return { modes, current: currentMode, option: null };
  const option = options.find(({ category, choices }) => category === 'mode' && choices !== null) ?? null;
  const choices = option?.choices ?? [];
  const current = typeof option?.value === 'string' ? option.value : null;
  return { modes: choices.map(({ value, name, description }) => ({ id: value, name, description })), current, option };
}
