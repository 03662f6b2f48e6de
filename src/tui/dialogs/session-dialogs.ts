/**
 * The dialogs about sessions: a new one, another title, its end, and what a second Ctrl-C offers.
 */

import type { AgentView, ServerView, SessionView, View } from '../../protocol/view.ts';
import { toFirstPromptProblem } from '../first-prompt-problem.ts';
import type { FormSpec, Option } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { isDemoAgent, toAvailabilityToken, toOrderedAgents } from '../present/agents.ts';
import { cell, emptyLine, foreign, plain, readable, span } from '../present/text.ts';
import { toCount, toEnvironmentToken, toEnvironmentWord } from '../present/words.ts';
import type { StyledLine } from '../styled.ts';

export interface NewSession {
  readonly agent: string;
  readonly servers: readonly string[];
  readonly title: string;
  /** Empty: it is written in the session. */
  readonly prompt: string;
}

/** What the dialog begins with: what was asked for before, or was written already. */
export interface WantedSession {
  readonly wanted: Partial<NewSession>;
  /** Why nothing came of it; null when it was not tried. */
  readonly problem: string | null;
}

/** `open` answers null when the session is there, else why not. */
export function toNewSessionForm(
  view: View,
  chosenAgent: string | null,
  open: (session: NewSession) => Promise<string | null>,
  { wanted, problem }: WantedSession = { wanted: {}, problem: null },
): FormSpec {
  const ordered = toOrderedAgents(view);
  const usable = ordered.filter(isUsable);
  const agents = usable.length > 0 ? usable : ordered;
  const servers = Object.values(view.servers).sort((a, b) => a.id.localeCompare(b.id));
  const agent =
    agents.find((entry) => entry.id === (wanted.agent ?? chosenAgent)) ??
    agents.find((entry) => entry.availability === 'ready' && (view.host.demo || !isDemoAgent(entry)));
  const only = servers.length === 1 ? servers[0] : undefined;
  /** Agents take a command that they do not have for words: it is sent when it is asked for once more. */
  let sentAsItIs = problem === null ? null : (wanted.prompt ?? null);
  /** A field is one line; what has more of them goes as it is, unless something is written there. */
  const whole = wanted.prompt?.includes('\n') ? wanted.prompt.trim() : '';
  return {
    title: 'New session',
    intro: [
      plain('The agent gets only these servers. Every request still passes policy and your approval.', 'muted'),
      ...toHiddenNote(view.agents.length - agents.length),
      ...(problem === null ? [] : [emptyLine, plain(foreign(problem), 'danger')]),
    ],
    fields: [
      {
        kind: 'one',
        name: 'agent',
        label: 'Agent',
        options: agents.map(toAgentOption),
        chosen: agent ? [agent.id] : [],
      },
      {
        kind: 'many',
        name: 'servers',
        label: 'Servers',
        options: servers.map(toServerOption),
        chosen: wanted.servers ?? (only ? [only.id] : []),
      },
      {
        kind: 'text',
        name: 'title',
        label: 'Title',
        placeholder: 'made from the first prompt when empty',
        value: wanted.title ?? '',
      },
      {
        kind: 'text',
        name: 'prompt',
        label: 'First prompt',
        placeholder: whole === '' ? 'or write it in the session' : toWholeNote(whole),
        value: whole === '' ? (wanted.prompt ?? '') : '',
      },
    ],
    verb: 'opens it',
    submit(values) {
      const [id] = values.chosen('agent');
      if (id === undefined) return `Choose an agent with ${keyWord('form', 'toggleChoice')}.`;
      if (values.chosen('servers').length === 0)
        return `Choose at least one server with ${keyWord('form', 'toggleChoice')}.`;
      const prompt = values.text('prompt').trim() || whole;
      const label = agents.find((entry) => entry.id === id)?.label ?? id;
      const odd = prompt === sentAsItIs ? null : toFirstPromptProblem(view, id, label, prompt);
      if (odd !== null) {
        sentAsItIs = prompt;
        return odd;
      }
      return open({ agent: id, servers: values.chosen('servers'), title: values.text('title').trim(), prompt });
    },
  };
}

function toWholeNote(prompt: string): string {
  return `the ${toCount(prompt.split('\n').length, 'line')} that you have written`;
}

/** Agents that cannot be started would only be in the way; the Agents view says what each of them needs. */
function toHiddenNote(count: number): readonly StyledLine[] {
  const sentence = `${toCount(count, 'more agent is', 'more agents are')} disabled or not installed; the Agents view (${keyWord('global', 'viewAgents')}) says what to do.`;
  return count === 0 ? [] : [plain(sentence, 'muted')];
}

function isUsable(agent: AgentView): boolean {
  return agent.availability !== 'disabled' && agent.availability !== 'not installed';
}

function toAgentOption(agent: AgentView): Option {
  return {
    id: agent.id,
    label: [
      span(cell(foreign(agent.label), 20), isUsable(agent) ? 'text' : 'muted'),
      span(` ${foreign(agent.availability)}`, toAvailabilityToken(agent.availability)),
      span(isDemoAgent(agent) ? '  demo, scripted: not for real work' : `  ${foreign(agent.diagnostic)}`, 'muted'),
    ],
    disabled: isUsable(agent)
      ? null
      : `${agent.label} is ${agent.availability}; the Agents view (${keyWord('global', 'viewAgents')}) says what to do.`,
  };
}

function toServerOption(server: ServerView): Option {
  const isBroken = server.state === 'broken';
  return {
    id: server.id,
    label: [
      span(cell(foreign(server.id), 20), isBroken ? 'muted' : 'text'),
      span(` ${cell(toEnvironmentWord(server), 21)}`, toEnvironmentToken(server.environment)),
      span(` ${foreign(server.address)}`, 'muted'),
    ],
    disabled: isBroken ? `${server.id} has a broken record: ${server.problem ?? ''}` : null,
  };
}

export function toRenameForm(session: SessionView, rename: (title: string) => Promise<string | null>): FormSpec {
  return {
    title: 'Rename the session',
    intro: [],
    fields: [{ kind: 'text', name: 'title', label: 'Title', value: session.title }],
    verb: 'renames it',
    submit(values) {
      const title = values.text('title').trim();
      return title === '' ? `Write a title, or leave with ${keyWord('form', 'close')}.` : rename(title);
    },
  };
}

export function toKillForm(session: SessionView, kill: () => Promise<string | null>): FormSpec {
  return {
    title: 'Kill the session',
    intro: [
      [span(readable(session.title), 'title', { bold: true }), span(`  ${foreign(session.agent)}`, 'muted')],
      plain(
        'Its agent ends, what it runs is stopped, and what waits for an answer is withdrawn. The audit log and the transcript stay.',
      ),
    ],
    fields: [],
    verb: 'kills it',
    submit: () => kill(),
  };
}

/** After a second Ctrl-C. */
/** @param comeBack the command that brings the screen back. */
export function toDetachForm(comeBack: string, detach: () => void): FormSpec {
  return {
    title: 'Leave the screen?',
    intro: [plain(`Agents and commands run on; "${comeBack}" brings the screen back.`)],
    fields: [],
    verb: 'detaches',
    submit() {
      detach();
      return null;
    },
  };
}
