/** `audit acknowledge`: tells the host that a person has seen how an operation ended. */
import { OperationError } from '../../core/codes.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, printJson, printLine } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';

interface Options {
  readonly storeImage?: true;
  readonly json?: true;
}

/** Throws INVALID_ARGUMENT for an id that is not open, or that several open ones begin with. */
export async function acknowledgeAudit(io: CliIo, id: string, options: Options): Promise<void> {
  await withHost(io, 'if-needed', async (client) => {
    const { openItems } = await client.view();
    const matches = openItems.filter((item) => id !== '' && item.auditId.startsWith(id));
    const item = matches.find((one) => one.auditId === id) ?? matches[0];
    if (item === undefined || (matches.length > 1 && item.auditId !== id))
      throw new OperationError(
        'INVALID_ARGUMENT',
        matches.length > 1
          ? `Several open items begin with ${toSafeLine(id)}: ${matches.map((one) => one.auditId).join(', ')}; type more of the id.`
          : `${toSafeLine(id)} is not open; "signalbox audit list --open" shows what is.`,
      );
    const { auditId } = item;
    const message = options.storeImage
      ? (await client.call('openItem.storeImage', { auditId })).message
      : 'It stays in the audit log.';
    if (!options.storeImage) await client.call('openItem.acknowledge', { auditId });
    if (options.json) return printJson(io, { auditId, kind: item.kind, message });
    printLine(
      io,
      `${toSafeLine(auditId)} (${item.kind}, ${toSafeLine(item.summary)}) is acknowledged. ${toSafeLine(message)}`,
    );
  });
}
