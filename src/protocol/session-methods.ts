/** What a client can ask of the host about sessions: the part of the methods that begins with `session`. */
import type { ConversationItem, FormValueView } from './view.ts';

export interface SessionMethods {
  'session.new': {
    params: {
      readonly agent: { readonly id: string } | { readonly command: readonly string[] };
      readonly servers: readonly string[];
      readonly prompt?: string;
      readonly title?: string;
      readonly readonly?: boolean;
    };
    result: { readonly id: string };
  };
  /**
   * Opens a session for an MCP client, a program outside of signalbox that uses our tools: it is never contained, has no conversation, and ends with
   * this connection. The socket opens with one line that holds the token.
   */
  'session.external': {
    params: { readonly servers: readonly string[]; readonly title?: string; readonly readonly?: boolean };
    result: { readonly id: string; readonly socket: string; readonly token: string };
  };
  /** Sent when the agent is free, queued otherwise. */
  'session.prompt': {
    params: { readonly session: string; readonly text: string; readonly attachments?: readonly AttachmentView[] };
    result: Record<string, never>;
  };
  /** Takes a prompt that waits back; refused when it was sent meanwhile. `text` as the view shows it. */
  'session.unqueue': {
    params: { readonly session: string; readonly index: number; readonly text: string };
    /** The files that went with it, so that they can go with it again. */
    result: { readonly attachments: readonly AttachmentView[] };
  };
  /** Sends the prompts that an earlier host did not send, or drops them; those that were not kept whole are never sent, and told. */
  'session.resend': {
    params: { readonly session: string; readonly how: 'send' | 'drop' };
    result: { readonly answered: number; readonly left: readonly string[] };
  };
  /** Answered when all that was said and done by now is in the transcripts: what a command does before it reads them. */
  'sessions.flush': { params: Record<string, never>; result: Record<string, never> };
  /** Another agent answers from here on; one that was in the session before goes on where it was. */
  'session.switchAgent': {
    params: {
      readonly session: string;
      readonly agent: { readonly id: string } | { readonly command: readonly string[] };
    };
    result: Record<string, never>;
  };
  /** These servers are meant as their records are now. Its agents are ended, and start with them; CONFLICT while a turn runs. */
  'session.confirmServers': {
    params: { readonly session: string; readonly servers: readonly string[] };
    result: Record<string, never>;
  };
  /** Starts the agent of a session whose agent does not run. */
  'session.start': { params: { readonly session: string }; result: Record<string, never> };
  /** A screen has shown the conversation up to this item; an older one than before, or one that is not there yet, changes nothing. */
  'session.seen': { params: { readonly session: string; readonly item: number }; result: Record<string, never> };
  /** The newest items with ids below `before` that the view no longer has, oldest first; none where nothing older was kept. */
  'session.items': {
    params: { readonly session: string; readonly before: number };
    result: { readonly items: readonly ConversationItem[] };
  };
  'session.cancel': { params: { readonly session: string }; result: Record<string, never> };
  'session.rename': { params: { readonly session: string; readonly title: string }; result: Record<string, never> };
  'session.kill': { params: { readonly session: string }; result: Record<string, never> };
  'session.setMode': { params: { readonly session: string; readonly mode: string }; result: Record<string, never> };
  /** A value of one of the agent's options. */
  'session.setOption': {
    params: { readonly session: string; readonly option: string; readonly value: string | boolean };
    result: Record<string, never>;
  };
  'session.answerForm': {
    params: {
      readonly session: string;
      readonly form: string;
      readonly answer:
        | { readonly action: 'accept'; readonly values: Readonly<Record<string, FormValueView>> }
        | { readonly action: 'decline' }
        | { readonly action: 'cancel' };
    };
    result: Record<string, never>;
  };
  'session.answerLocal': {
    params: { readonly session: string; readonly card: string; readonly allow: boolean };
    result: Record<string, never>;
  };
}

/** A file of the operator's that goes with a prompt; the client has read it. */
export type AttachmentView =
  | { readonly kind: 'file'; readonly name: string; readonly mediaType: string; readonly text: string }
  | { readonly kind: 'image'; readonly name: string; readonly mediaType: string; readonly base64: string };
