/** A prompt on its way to an agent: how it is shown while it waits, and what it makes of a title. */
import { createHash } from 'node:crypto';
import type { PromptAttachment } from '../../core/agents.ts';
import type { KeptPrompt } from '../../core/kept-session.ts';
import type { TranscriptEntry } from './read-transcript.ts';

export interface QueuedPrompt {
  readonly text: string;
  readonly attachments: readonly PromptAttachment[];
}

/** As it is shown: an attachment by its name. */
export function toQueuedText({ text, attachments }: QueuedPrompt): string {
  return [text, ...attachments.map(({ name }) => `[attached: ${name}]`)].join('\n');
}

/** For the next host. Files are not kept. */
export function toKeptPrompt(prompt: QueuedPrompt): KeptPrompt {
  return { text: toQueuedText(prompt), isWhole: prompt.attachments.length === 0 };
}

/** What a transcript keeps of attachments: enough to know the same file again, and nothing that is in it. */
export function toAttachmentsEntry(item: number, { attachments }: QueuedPrompt): TranscriptEntry {
  const files = attachments.map((one) => {
    const bytes = one.kind === 'file' ? Buffer.from(one.text) : Buffer.from(one.base64, 'base64');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name: one.name, mediaType: one.mediaType, bytes: bytes.length, sha256 };
  });
  return { type: 'attachments', item, files };
}

/** The first words of a prompt, as the name of its session. What is added is ASCII: screens show the rest of foreign text escaped. */
export function toTitle(text: string): string {
  const words = text.trim().split(/\s+/).slice(0, 8).join(' ');
  return words.length <= 48 ? words : `${words.slice(0, 45)}...`;
}
