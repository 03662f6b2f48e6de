/** session/update of the protocol as our updates. Everything comes from the agent and may be missing, wrong or huge: nothing here throws. */
import type { AgentUpdate, PlanEntry, ToolCallDiff, ToolCallStatus, ToolCallTerminal } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';
import { toOptions } from './options.ts';

/** What is known about a terminal id that an agent names. */
export type DescribeTerminal = (id: string) => ToolCallTerminal;

/**
 * Zero, one or several updates for one `update` object of a session/update notification. Compaction needs what came before and is
 * `Compactions`' work.
 */
export function toAgentUpdates(value: unknown, describeTerminal: DescribeTerminal = toForeign): readonly AgentUpdate[] {
  const update = fieldsOf(value);
  const kind = textOf(update.sessionUpdate);
  switch (kind) {
    case 'agent_message_chunk':
      return chunk('message', update);
    case 'agent_thought_chunk':
      return chunk('thought', update);
    case 'user_message_chunk':
      return chunk('user-echo', update);
    case 'tool_call':
    case 'tool_call_update':
      return toToolCall(update, describeTerminal);
    case 'plan':
      return [{ kind: 'plan', entries: listOf(update.entries).map(toPlanEntry) }];
    case 'available_commands_update':
      return [{ kind: 'commands', commands: listOf(update.availableCommands).map(toCommand) }];
    case 'current_mode_update':
      return textOf(update.currentModeId) === null
        ? []
        : [{ kind: 'mode', modeId: textOf(update.currentModeId) ?? '' }];
    case 'session_info_update':
      return textOf(update.title) === null ? [] : [{ kind: 'title', title: cut(textOf(update.title) ?? '') }];
    case 'usage_update':
      return toUsage(update);
    case 'notice':
      return toNotice(update);
    case 'config_option_update': {
      const options = toOptions(update.configOptions);
      return options === null ? [] : [options];
    }
    default:
      return notice(`The agent sent an update of a kind that signalbox does not know: ${kind ?? 'none'}.`);
  }
}

/** `modes` of a session/new answer; an agent without modes gives nothing. */
export function toModes(value: unknown): AgentUpdate | null {
  const modes = fieldsOf(value);
  const current = textOf(modes.currentModeId);
  const known = listOf(modes.availableModes).flatMap((mode) => {
    const id = textOf(mode.id);
    return id === null ? [] : [{ id, name: cut(textOf(mode.name) ?? id) }];
  });
  return current === null || known.length === 0 ? null : { kind: 'modes', modes: known, current };
}

function chunk(kind: 'message' | 'thought' | 'user-echo', update: Fields): readonly AgentUpdate[] {
  const text = toBlockText(update.content);
  const messageId = textOf(update.messageId);
  if (text === '') return [];
  return [{ kind, text: cut(text), ...(messageId === null || kind === 'user-echo' ? {} : { messageId }) }];
}

/** An upsert: fields that the agent did not send stay absent, so that they keep their value. */
function toToolCall(update: Fields, describeTerminal: DescribeTerminal): readonly AgentUpdate[] {
  const id = textOf(update.toolCallId);
  if (id === null) return notice('The agent sent a tool call without an id; it cannot be shown.');
  const title = textOf(update.title);
  const toolKind = textOf(update.kind);
  const status = toStatus(update.status);
  const content = listOf(update.content);
  const detail = toDetail(content, update);
  const diffs = content.flatMap(toDiff);
  const terminals = content.flatMap((part) => {
    const terminalId = part.type === 'terminal' ? textOf(part.terminalId) : null;
    return terminalId === null ? [] : [describeTerminal(terminalId)];
  });
  const locations = listOf(update.locations).flatMap(toLocation);
  return [
    {
      kind: 'tool-call',
      id,
      ...(title === null ? {} : { title: cut(title) }),
      ...(toolKind === null ? {} : { toolKind }),
      ...(status === null ? {} : { status }),
      ...(detail === '' ? {} : { detail: cut(detail) }),
      ...(diffs.length === 0 ? {} : { diffs }),
      ...(terminals.length === 0 ? {} : { terminals }),
      ...(locations.length === 0 ? {} : { locations }),
    },
  ];
}

/** What the call has shown, else what came out of it, else what went in. */
function toDetail(content: readonly Fields[], { rawInput, rawOutput }: Fields): string {
  const texts = content.flatMap((part) => {
    if (part.type === 'terminal') return [`terminal ${textOf(part.terminalId) ?? 'without an id'}`];
    return part.type === 'content' ? [toBlockText(part.content)] : [];
  });
  const text = texts.filter((part) => part !== '').join('\n');
  if (text !== '') return text;
  const output = toRawText(rawOutput);
  return output === '' ? toRawText(rawInput) : output;
}

function toRawText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.keys(fieldsOf(value)).length > 0 ? JSON.stringify(value) : '';
}

function toDiff(part: Fields): readonly ToolCallDiff[] {
  const path = textOf(part.path);
  const after = textOf(part.newText);
  if (part.type !== 'diff' || path === null || after === null) return [];
  const before = textOf(part.oldText);
  return [{ path: cut(path), before: before === null ? null : cut(before), after: cut(after) }];
}

function toLocation({ path, line }: Fields): readonly { readonly path: string; readonly line: number | null }[] {
  if (typeof path !== 'string' || path === '') return [];
  return [{ path: cut(path), line: typeof line === 'number' && Number.isSafeInteger(line) ? line : null }];
}

function toForeign(id: string): ToolCallTerminal {
  return { id, server: null, operation: null };
}

/** The text of a content block; what is not text is named. */
export function toBlockText(value: unknown): string {
  const block = fieldsOf(value);
  switch (block.type) {
    case 'text':
      return textOf(block.text) ?? '';
    case 'image':
      return '[image]';
    case 'audio':
      return '[audio]';
    case 'resource_link':
      return `[${textOf(block.uri) ?? 'link'}]`;
    case 'resource':
      return textOf(fieldsOf(block.resource).text) ?? `[${textOf(fieldsOf(block.resource).uri) ?? 'resource'}]`;
    default:
      return '';
  }
}

function toPlanEntry(entry: Fields): PlanEntry {
  const status = entry.status === 'completed' || entry.status === 'in_progress' ? entry.status : 'pending';
  const priority = priorities.find((known) => known === entry.priority);
  return { text: cut(textOf(entry.content) ?? ''), status, ...(priority ? { priority } : {}) };
}

const priorities = ['high', 'medium', 'low'] as const;

function toCommand(command: Fields): Extract<AgentUpdate, { kind: 'commands' }>['commands'][number] {
  const hint = textOf(fieldsOf(command.input).hint);
  const words = { name: cut(textOf(command.name) ?? ''), description: cut(textOf(command.description) ?? '') };
  return hint === null ? words : { ...words, hint: cut(hint) };
}

function toNotice(update: Fields): readonly AgentUpdate[] {
  const text = [textOf(update.title), textOf(update.description)].filter((part) => part !== null).join(': ');
  const level = update.severity === 'error' ? 'error' : update.severity === 'warning' ? 'warn' : null;
  return notice(text).map((one) => (level === null ? one : { ...one, level }));
}

function toUsage(update: Fields): readonly AgentUpdate[] {
  const { used, size } = update;
  if (typeof used !== 'number' || typeof size !== 'number') return [];
  const { amount, currency } = fieldsOf(update.cost);
  // What costs nothing, or is not counted, is not worth a word.
  const cost = typeof amount === 'number' && amount > 0 ? `${amount} ${textOf(currency) ?? ''}`.trim() : null;
  return [{ kind: 'usage', used, size, cost }];
}

function toStatus(value: unknown): ToolCallStatus | null {
  const known: readonly ToolCallStatus[] = ['pending', 'in_progress', 'completed', 'failed'];
  return known.find((status) => status === value) ?? null;
}

function notice(text: string): readonly Extract<AgentUpdate, { kind: 'notice' }>[] {
  return text === '' ? [] : [{ kind: 'notice', text: cut(text) }];
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.slice(0, limits.agentListEntriesMax).map(fieldsOf) : [];
}

/** A screen shows a few hundred lines; one text of an update is kept up to the bound, with a note of what is missing. */
export function cut(text: string): string {
  const max = limits.agentTextCharactersMax;
  if (text.length <= max) return text;
  return `${text.slice(0, max)}\n[signalbox left out ${text.length - max} more characters]`;
}
