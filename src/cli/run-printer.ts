/** Prints what a session does while it does it: for people as text, for programs as one JSON event a line. */
import type { HostEvent } from '../protocol/events.ts';
import type { BlockView, ConversationItem, View } from '../protocol/view.ts';
import { type CliIo, printNote } from './output.ts';
import { toReadableText, toSafeJson, toSafeLine, toSafeSentence } from './safe-text.ts';

export interface RunPrinter {
  print(session: string, view: View, event: HostEvent): void;
  /** Ends a line that is still open. */
  end(): void;
}

export function toRunPrinter(io: CliIo, format: 'json' | 'text'): RunPrinter {
  return format === 'json' ? toJsonPrinter(io) : toTextPrinter(io);
}

function toJsonPrinter(io: CliIo): RunPrinter {
  const concerns = toFilter();
  return {
    print: (session, view, event) => {
      if (concerns(session, view, event)) io.stdout.write(`${toSafeJson(event)}\n`);
    },
    end: () => undefined,
  };
}

function toTextPrinter(io: CliIo): RunPrinter {
  const concerns = toFilter();
  let isLineOpen = false;
  const write = (text: string): void => {
    if (text === '') return;
    isLineOpen = !text.endsWith('\n');
    io.stdout.write(io.stdout.isTTY ? toReadableText(text) : text);
  };
  const end = (): void => {
    if (isLineOpen) io.stdout.write('\n');
    isLineOpen = false;
  };
  return {
    end,
    print: (session, view, event) => {
      if (!concerns(session, view, event)) return;
      if (event.type === 'item.appended') {
        const item = view.sessions[session]?.items.findLast(({ id }) => id === event.item);
        if (item?.kind === 'agent') write(event.text);
        return;
      }
      const line = event.type === 'block.changed' ? toEndLine(view, event) : toNoteLine(event);
      if (line !== null) {
        end();
        printNote(io, line);
      }
      if (event.type !== 'item.added' || event.item.kind !== 'agent') return;
      end();
      write(event.item.text);
    },
  };
}

/** What is no word of the agent goes to stderr, one line each. */
function toNoteLine(event: HostEvent): string | null {
  switch (event.type) {
    case 'item.added':
      return event.item.kind === 'notice' ? toSafeSentence(event.item.text) : toToolLine(event.item);
    case 'item.replaced':
      return toToolLine(event.item);
    case 'approval.added':
      return `Waits for an approval: ${event.card.id}; \`signalbox approvals show ${event.card.id}\`.`;
    case 'approval.removed':
      return `Approval ${event.id}: ${toSafeLine(event.end)}.`;
    case 'session.changed': {
      const [local] = event.change.localCards ?? [];
      return local ? `The agent asks about a tool of its own (${toSafeLine(local.title)}); answer on a screen.` : null;
    }
    default:
      return null;
  }
}

function toEndLine(view: View, event: Extract<HostEvent, { type: 'block.changed' }>): string | null {
  if (event.change.state !== 'ended') return null;
  const block = view.panes[event.server]?.blocks.find(({ id }) => id === event.block);
  return block ? toBlockLine({ ...block, server: event.server }) : null;
}

function toToolLine(item: ConversationItem): string | null {
  if (item.kind !== 'tool' || item.status === 'pending') return null;
  const reason = item.status === 'failed' ? toReason(item.detail) : '';
  return `${toolWords[item.status]}: ${toSafeLine(item.title)}${reason === '' ? '' : `: ${reason}`}`;
}

const toolWords = { in_progress: 'Runs', completed: 'Done', failed: 'Failed' } as const;
const reasonCharactersMax = 300;

/** The first line of what the agent shows of a call; its input as JSON says nothing about the failure. */
function toReason(detail: string): string {
  const line = detail.split('\n').find((one) => one.trim() !== '') ?? '';
  return line.startsWith('{') ? '' : toSafeLine(line.trim().slice(0, reasonCharactersMax));
}

/** Why the gate or the server did not do it: the agent need not pass that on. */
function toBlockLine({ summary, server, status, message }: BlockEnd): string | null {
  if (status === 'ok' || message === null) return null;
  return `On ${toSafeLine(server)}, "${toSafeLine(summary)}": ${toSafeSentence(message)}`;
}

type BlockEnd = Pick<BlockView, 'summary' | 'status' | 'message'> & { readonly server: string };

/** True for events of a session: its conversation, its state, its cards and the blocks of its operations. */
function toFilter(): (session: string, view: View, event: HostEvent) => boolean {
  const cards = new Set<string>();
  return (session, view, event) => {
    switch (event.type) {
      case 'session.changed':
        return event.id === session;
      case 'item.added':
      case 'item.appended':
      case 'item.replaced':
        return event.session === session;
      case 'approval.added':
        if (event.card.session === session) cards.add(event.card.id);
        return event.card.session === session;
      case 'approval.removed':
        // The view has forgotten the card already.
        return cards.delete(event.id);
      case 'block.added':
        return event.block.session === session;
      case 'block.changed':
      case 'block.output':
        return view.panes[event.server]?.blocks.find(({ id }) => id === event.block)?.session === session;
      default:
        return false;
    }
  };
}
