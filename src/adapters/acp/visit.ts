/** A short visit to an agent: started in an empty folder without any tools, connected, asked something, ended. It opens no session. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client, methods } from '@agentclientprotocol/sdk';
import type { LoginHooks } from '../../core/agents.ts';
import type { AgentListOptions } from './agent-list.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { type ConnectedAgent, connectAgent } from './connect-agent.ts';
import { FormDesk } from './form-desk.ts';
import type { Starting } from './in-time.ts';
import { launch } from './launch.ts';
import { nobody } from './questions.ts';

export interface Visit {
  readonly connected: ConnectedAgent;
  readonly starting: Starting;
}

/** Rejects with OperationError as `launch` and `connectAgent` do, or with what `use` rejects with; the agent is ended in any case. */
export async function visitAgent<T>(
  options: AgentListOptions,
  profile: AgentProfile,
  hooks: LoginHooks & { readonly network?: 'host' },
  use: (visit: Visit) => Promise<T>,
): Promise<T> {
  return await inEmptyFolder(async (workFolder) => {
    const { network } = hooks;
    const requireIsolation = (await options.requireIsolation?.()) ?? false;
    const request = { profile, workFolder, toolSocket: null, requireIsolation };
    const { process, verdict } = await launch(options, { ...request, ...(network ? { network } : {}) });
    const forms = new FormDesk();
    hooks.onVerdict?.(verdict);
    if (hooks.onWords) process.onWords(hooks.onWords);
    if (hooks.onForm) answerForms(forms, hooks.onForm);
    if (hooks.onFormWithdrawn) forms.onWithdrawn(hooks.onFormWithdrawn);
    const { elicitation } = methods.client;
    const app = client({ name: 'signalbox' })
      .onRequest(elicitation.create, ({ params, signal }) => forms.handleRequest(params, signal))
      .onNotification(elicitation.complete, ({ params }) => forms.handleCompleted(params));
    const taps = { onSessionUpdate: () => undefined, onRubbish: () => undefined };
    const questions = { ...nobody, forms };
    const starting = { ...options, process, profile };
    try {
      return await use({ connected: await connectAgent({ ...starting, app, questions, taps }), starting });
    } finally {
      forms.dispose();
      await process.end();
    }
  });
}

/** A folder for an agent that works on nothing; it is gone afterwards. */
export async function inEmptyFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'signalbox-agent-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function answerForms(forms: FormDesk, onForm: NonNullable<LoginHooks['onForm']>): void {
  const settled = new Set<string>();
  forms.onWithdrawn((id) => settled.add(id));
  forms.onForm((form) => {
    const answer = (given: Awaited<ReturnType<typeof onForm>>): void => {
      if (!settled.has(form.id)) forms.answer(form.id, given);
    };
    // A person who does not answer, or answers what does not fit, has not accepted.
    onForm(form)
      .then(answer)
      .catch(() => answer({ action: 'cancel' }));
  });
}
