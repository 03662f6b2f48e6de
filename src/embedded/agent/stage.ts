/** What a play of the demo agent can do: speak, keep a plan, and use a tool so that the screen shows it. */
import type { ToolResult } from './tools.ts';

export type Step = 'pending' | 'in_progress' | 'completed';

export interface Stage {
  readonly signal: AbortSignal;
  /** Streams a text, word by word. */
  say(text: string): Promise<void>;
  think(text: string): Promise<void>;
  plan(entries: readonly { readonly text: string; readonly status: Step }[]): Promise<void>;
  /** Calls a tool; `title` is what the conversation shows for it. */
  use(title: string, tool: string, input: Readonly<Record<string, unknown>>): Promise<ToolResult>;
}

/** A plan whose steps are ticked one after another. */
export function checklist(
  stage: Stage,
  texts: readonly string[],
): { at(index: number): Promise<void>; done(): Promise<void> } {
  const show = (current: number): Promise<void> =>
    stage.plan(
      texts.map((text, index) => ({
        text,
        status: index < current ? 'completed' : index === current ? 'in_progress' : 'pending',
      })),
    );
  return { at: show, done: () => show(texts.length) };
}

/** How a refusal reads in the agent's words: which of the three kinds of no it was, and why. */
export function toRefusalWords(result: ToolResult): string {
  switch (result.code) {
    case 'APPROVAL_DENIED':
      return `You said no. What reached me was: “${result.message.replace(/[.!?]$/, '')}”. I leave it as it is.`;
    case 'APPROVAL_EXPIRED':
      return 'Nobody answered in time, so it did not run. Ask me again when you are there.';
    case 'POLICY_REJECTED':
      return `A rule refused it, no question asked: ${result.message}`;
    case 'CANCELLED':
      return 'It was cancelled, so it did not run.';
    default:
      return `It did not work (${result.code ?? 'no code'}): ${result.message}`;
  }
}
