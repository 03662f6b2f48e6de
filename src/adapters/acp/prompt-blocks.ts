/** A prompt of ours as content blocks of the protocol. What an agent did not say it takes is refused, not sent and lost. */
import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { AgentAbilities, PromptAttachment } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';

/** Throws OperationError UNSUPPORTED for an image that this agent does not take. A file goes as text where it cannot be embedded. */
export function toPromptBlocks(
  text: string,
  attachments: readonly PromptAttachment[],
  agent: { readonly name: string; readonly abilities: AgentAbilities },
): ContentBlock[] {
  return [{ type: 'text', text }, ...attachments.map((one) => toBlock(one, agent))];
}

function toBlock(
  attachment: PromptAttachment,
  { name, abilities }: { readonly name: string; readonly abilities: AgentAbilities },
): ContentBlock {
  // A name, no place: the file is not where an agent could open it.
  const uri = `attachment:///${encodeURIComponent(attachment.name)}`;
  switch (attachment.kind) {
    case 'image':
      if (!abilities.images)
        throw new OperationError(
          'UNSUPPORTED',
          `${name} takes no images; take "${attachment.name}" out of the prompt.`,
        );
      return { type: 'image', mimeType: attachment.mediaType, data: attachment.base64, uri };
    case 'file':
      if (!abilities.embeddedFiles)
        return { type: 'text', text: `Attached file ${attachment.name}:\n\n${attachment.text}` };
      return { type: 'resource', resource: { uri, mimeType: attachment.mediaType, text: attachment.text } };
  }
}
