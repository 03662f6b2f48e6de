/** Every change a host can tell its screens; `reduce` turns them into the next view. */
import type {
  AgentView,
  BlockView,
  CardView,
  ConversationItem,
  DurableView,
  LoginView,
  NoticeView,
  OpenItemView,
  ServerView,
  SessionView,
  ShellView,
} from './view.ts';

export type HostEvent =
  | { readonly type: 'server.changed'; readonly server: ServerView }
  | { readonly type: 'servers.replaced'; readonly servers: Readonly<Record<string, ServerView>> }
  | { readonly type: 'session.added'; readonly session: SessionView }
  /** Any fields but the conversation. */
  | {
      readonly type: 'session.changed';
      readonly id: string;
      readonly change: Partial<Omit<SessionView, 'id' | 'items'>>;
    }
  | { readonly type: 'session.removed'; readonly id: string }
  | { readonly type: 'item.added'; readonly session: string; readonly item: ConversationItem }
  /** Text appended to a user, agent, thought or notice item. */
  | { readonly type: 'item.appended'; readonly session: string; readonly item: number; readonly text: string }
  | { readonly type: 'item.replaced'; readonly session: string; readonly item: ConversationItem }
  | { readonly type: 'block.added'; readonly server: string; readonly block: BlockView }
  /** Any fields but the text. */
  | {
      readonly type: 'block.changed';
      readonly server: string;
      readonly block: string;
      readonly change: Partial<Omit<BlockView, 'id' | 'text' | 'skippedBytes'>>;
    }
  | {
      readonly type: 'block.output';
      readonly server: string;
      readonly block: string;
      readonly text: string;
      readonly skippedBytes: number;
    }
  | { readonly type: 'shell.added'; readonly shell: ShellView }
  | { readonly type: 'shell.changed'; readonly id: string; readonly change: Partial<Omit<ShellView, 'id'>> }
  | { readonly type: 'shell.removed'; readonly id: string }
  | { readonly type: 'approval.added'; readonly card: CardView }
  /** How it left the queue, in words ("approved by operator@screen"); the first answer wins and the others learn it here. */
  | { readonly type: 'approval.removed'; readonly id: string; readonly end: string }
  | { readonly type: 'logins.replaced'; readonly logins: readonly LoginView[] }
  | { readonly type: 'durables.replaced'; readonly durables: readonly DurableView[] }
  | { readonly type: 'openItem.added'; readonly item: OpenItemView }
  | { readonly type: 'openItem.removed'; readonly auditId: string }
  | { readonly type: 'agents.replaced'; readonly agents: readonly AgentView[] }
  | { readonly type: 'audit.grown'; readonly rows: number }
  | { readonly type: 'notice.added'; readonly notice: NoticeView };

export type HostEventType = HostEvent['type'];
