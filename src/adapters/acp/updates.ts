/** session/update of the protocol as our updates. Everything comes from the agent and may be missing, wrong or huge: nothing here throws. */
import type { AgentUpdate, PlanEntry, ToolCallStatus } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Zero, one or several updates for one `update` object of a session/update notification. */
export function toAgentUpdates(value: unknown): readonly AgentUpdate[] {
  const update = fieldsOf(value);
  const kind = textOf(update.sessionUpdate);
  switch (kind) {
    case 'agent_message_chunk':
      return chunk('message', update.content);
    case 'agent_thought_chunk':
      return chunk('thought', update.content);
    case 'user_message_chunk':
      return chunk('user-echo', update.content);
    case 'tool_call':
    case 'tool_call_update':
      return toToolCall(update);
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
      return notice([textOf(update.title), textOf(update.description)].filter((part) => part !== null).join(': '));
    case 'compaction_update':
      return notice(`The agent shortens its memory of this conversation: ${textOf(update.status) ?? 'unknown state'}.`);
    case 'compaction_summary_chunk':
      return [];
    // Shown nowhere yet: models and other options are set in the agent's own configuration.
    case 'config_option_update':
      return [];
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

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function chunk(kind: 'message' | 'thought' | 'user-echo', content: unknown): readonly AgentUpdate[] {
  const text = toBlockText(content);
  return text === '' ? [] : [{ kind, text: cut(text) }];
}

/** An upsert: fields that the agent did not send stay absent, so that they keep their value. */
function toToolCall(update: Fields): readonly AgentUpdate[] {
  const id = textOf(update.toolCallId);
  if (id === null) return notice('The agent sent a tool call without an id; it cannot be shown.');
  const title = textOf(update.title);
  const toolKind = textOf(update.kind);
  const status = toStatus(update.status);
  const content = listOf(update.content);
  const detail = toDetail(content, update.rawInput);
  const diff = content.map(toDiff).find((one) => one !== null);
  return [
    {
      kind: 'tool-call',
      id,
      ...(title === null ? {} : { title: cut(title) }),
      ...(toolKind === null ? {} : { toolKind }),
      ...(status === null ? {} : { status }),
      ...(detail === '' ? {} : { detail: cut(detail) }),
      ...(diff ? { diff } : {}),
    },
  ];
}

function toDetail(content: readonly Fields[], rawInput: unknown): string {
  const texts = content.flatMap((part) => {
    if (part.type === 'terminal') return [`terminal ${textOf(part.terminalId) ?? 'without an id'}`];
    return part.type === 'content' ? [toBlockText(part.content)] : [];
  });
  const text = texts.filter((part) => part !== '').join('\n');
  if (text !== '') return text;
  const input = fieldsOf(rawInput);
  return Object.keys(input).length > 0 ? JSON.stringify(input) : '';
}

function toDiff(
  part: Fields,
): { readonly path: string; readonly before: string | null; readonly after: string } | null {
  const path = textOf(part.path);
  const after = textOf(part.newText);
  if (part.type !== 'diff' || path === null || after === null) return null;
  const before = textOf(part.oldText);
  return { path, before: before === null ? null : cut(before), after: cut(after) };
}

/** The text of a content block; what is not text is named. */
function toBlockText(value: unknown): string {
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
  return { text: cut(textOf(entry.content) ?? ''), status };
}

function toCommand(command: Fields): { readonly name: string; readonly description: string } {
  return { name: cut(textOf(command.name) ?? ''), description: cut(textOf(command.description) ?? '') };
}

function toUsage(update: Fields): readonly AgentUpdate[] {
  const { used, size } = update;
  if (typeof used !== 'number' || typeof size !== 'number') return [];
  const { amount, currency } = fieldsOf(update.cost);
  const cost = typeof amount === 'number' ? `${amount} ${textOf(currency) ?? ''}`.trim() : null;
  return [{ kind: 'usage', used, size, cost }];
}

function toStatus(value: unknown): ToolCallStatus | null {
  const known: readonly ToolCallStatus[] = ['pending', 'in_progress', 'completed', 'failed'];
  return known.find((status) => status === value) ?? null;
}

function notice(text: string): readonly AgentUpdate[] {
  return text === '' ? [] : [{ kind: 'notice', text: cut(text) }];
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.slice(0, limits.agentListEntriesMax).map(fieldsOf) : [];
}

/** A screen shows a few hundred lines; one text of an update is kept up to the bound, with a note of what is missing. */
function cut(text: string): string {
  const max = limits.agentTextCharactersMax;
  if (text.length <= max) return text;
  return `${text.slice(0, max)}\n[signalbox left out ${text.length - max} more characters]`;
}
