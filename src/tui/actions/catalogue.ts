/**
 * What keys do to the agents of the catalogue: log in, install, enable, disable, add and take out, all by the program's own commands.
 */
import type { AgentView } from '../../protocol/view.ts';
import { toAddAgentForm, toRemoveAgentForm } from '../dialogs/agent-dialogs.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';

const unable = 'This screen starts no programs; use "signalbox agent" in a shell.';

/** Of our own commands that were told no, or were left with Ctrl-C. */
const cancelledStatus = 130;

export function toCatalogueActions(stage: Stage): Partial<Record<Action, () => void>> {
  const ofChosen = (handle: (stage: Stage, agent: AgentView) => void) => (): void => {
    const agent = stage.model.view.agents.find(({ id }) => id === stage.model.chosenAgent);
    if (agent) handle(stage, agent);
  };
  return {
    loginAgent: ofChosen((_stage, agent) => void runOnTerminal(stage, agent, 'login')),
    installAgent: ofChosen((_stage, agent) => void runOnTerminal(stage, agent, 'install')),
    toggleAgent: ofChosen((_stage, agent) => void toggle(stage, agent)),
    removeAgent: ofChosen(openRemove),
    addAgent: () => openAdd(stage),
  };
}

/** The program's own command says what it will do, asks, and has the terminal until it ends. */
async function runOnTerminal(stage: Stage, { id, label }: AgentView, command: 'login' | 'install'): Promise<void> {
  const { programs } = stage;
  if (!programs) return stage.say(unable, 'warn');
  const [what, done] = command === 'login' ? ['login', 'changed'] : ['installation', 'installed'];
  const status = await stage.lendTerminal([...programs.self, 'agent', command, id]);
  if (status === 0) stage.say(`The ${what} of ${label} has ended; asking it for its state.`, 'ok');
  else if (status === cancelledStatus) return stage.say(`Nothing was ${done}.`, 'muted');
  else stage.say(`The ${what} of ${label} did not work (exit status ${status}).`, 'warn');
  await stage.call('agent.probe', { agent: id });
}

async function toggle(stage: Stage, { id, availability }: AgentView): Promise<void> {
  const problem = await runOwn(stage, [availability === 'disabled' ? 'enable' : 'disable', id]);
  if (problem !== null) stage.say(problem, 'danger');
  else await stage.call('agent.probe', { agent: id });
}

function openAdd(stage: Stage): void {
  const add = async (args: readonly string[]): Promise<string | null> => {
    const problem = await runOwn(stage, args);
    if (problem !== null || args[1] === undefined) return problem;
    stage.model.chosenAgent = args[1];
    void stage.call('agent.probe', { agent: args[1] });
    return problem;
  };
  stage.open(new FormOverlay(stage, toAddAgentForm(add)));
}

function openRemove(stage: Stage, agent: AgentView): void {
  const remove = async (): Promise<string | null> => {
    const problem = await runOwn(stage, ['remove', agent.id]);
    // Any agent does: the host reads the whole catalogue again.
    const other = stage.model.view.agents.find(({ id }) => id !== agent.id);
    if (problem === null && other) void stage.call('agent.probe', { agent: other.id });
    return problem;
  };
  stage.open(new FormOverlay(stage, toRemoveAgentForm(agent, remove)));
}

/** Null when it is done, and what it printed is said; else its sentence. */
async function runOwn(stage: Stage, args: readonly string[]): Promise<string | null> {
  const { programs } = stage;
  if (!programs) return unable;
  const { status, words } = await programs.runQuietly([...programs.self, 'agent', ...args]);
  if (status !== 0) return words === '' ? `It did not work (exit status ${status}).` : words;
  stage.say(words === '' ? 'Done.' : words, 'ok');
  return null;
}
