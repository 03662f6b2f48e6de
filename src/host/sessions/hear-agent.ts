/** Listens to a running agent: its words and its questions, as long as it is the one that answers. */
import type { AgentLink, AgentUpdate } from '../../core/agents.ts';
import type { AgentFace } from './agent-face.ts';
import { toSessionChange } from './conversation.ts';
import type { Questions } from './questions.ts';

export interface Hearing {
  /** Otherwise its words are dropped and its questions refused. */
  isHeard(): boolean;
  readonly questions: Questions;
  /** What it offers, heard or not: it is not said again when the agent is gone back to. */
  onFace(change: AgentFace): void;
  onTitle(title: string): void;
  /** All others. */
  onUpdate(update: AgentUpdate): void;
}

/** The agent's events end with the agent. */
export function hearAgent(link: AgentLink, { isHeard, questions, onFace, onTitle, onUpdate }: Hearing): void {
  link.onUpdate((update) => {
    const face = toSessionChange(update);
    if (face) onFace(face);
    else if (!isHeard()) return;
    else if (update.kind === 'title') onTitle(update.title);
    else onUpdate(update);
  });
  link.onLocalPermission((request) => {
    if (isHeard()) questions.handleLocalPermission(request, link);
    else link.answerLocal(request.id, false);
  });
  link.onForm((form) => {
    if (isHeard()) questions.handleForm(form, link);
    else link.answerForm(form.id, { action: 'cancel' });
  });
  // Each agent numbers its own forms, so another one's may have the same id.
  link.onFormWithdrawn((id) => {
    if (isHeard()) questions.handleFormWithdrawn(id);
  });
}
