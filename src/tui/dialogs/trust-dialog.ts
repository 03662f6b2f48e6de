/**
 * The question whether a server's host key is the right one. The fingerprint is shown in full and a part of it is typed back.
 */
import type { ServerView } from '../../protocol/view.ts';
import type { FieldSpec, FormSpec } from '../form-model.ts';
import { foreign, plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';

/** Characters of the fingerprint that are typed: read off, not confirmed by habit. */
const typedCharacters = 4;

/** A key that was shown, and whose it is in words where that is not the server itself but a jump host on the way. */
export interface ShownKey {
  readonly fingerprint: string;
  readonly jumpHost: string | null;
  /** Where the user's own ssh knows it from; null: nowhere. */
  readonly knownTo: string | null;
}

/** `trust` answers null when the key is trusted, else why not. */
export function toTrustForm(server: ServerView, key: ShownKey, trust: () => Promise<string | null>): FormSpec {
  const { fingerprint, jumpHost, knownTo } = key;
  const whose =
    jumpHost === null
      ? `This server${toWay(server)} showed a host key that is not known yet:`
      : `It is behind ${foreign(jumpHost)}, which showed a host key that is not known yet:`;
  return {
    title: 'Host key',
    intro: [
      [span(foreign(server.id), 'title', { bold: true }), span(`  ${foreign(server.address)}`, 'muted')],
      plain(whose),
      [],
      plain(foreign(fingerprint), 'code', { bold: true }),
      [],
      ...(knownTo === null ? toComparison() : [[span('known to your ssh: ', 'ok'), span(foreign(knownTo))]]),
    ],
    fields: knownTo === null ? [toEndField()] : [],
    verb: 'trusts it',
    submit(values) {
      const problem = knownTo === null ? findProblem(values.text('end').trim(), fingerprint) : null;
      return problem ?? trust();
    },
  };
}

function toComparison(): readonly StyledLine[] {
  return [
    plain(
      'Whoever holds this key can read everything you send. Compare it with what that machine itself says on its console, not over the network:',
      'muted',
    ),
    plain('for f in /etc/ssh/*.pub; do ssh-keygen -lf $f; done', 'code'),
  ];
}

/** What somebody has compared for ssh is confirmed with one key; what nobody has compared is read off. */
function toEndField(): FieldSpec {
  return {
    kind: 'text',
    name: 'end',
    label: `To trust it, type its last ${typedCharacters} characters (capitals count), or paste all of it`,
  };
}

/** Behind jump hosts it is reached on a way of its own, whose keys are known already. */
function toWay({ through = [] }: ServerView): string {
  return through.length === 0 ? '' : `, reached through ${foreign(through.join(', then '))},`;
}

/** All of it, as the console printed it, is a better comparison than its end. */
function findProblem(text: string, fingerprint: string): string | null {
  const end = fingerprint.slice(-typedCharacters);
  if (text === end || text.split(/\s+/).includes(fingerprint)) return null;
  if (text.toLowerCase() === end.toLowerCase())
    return 'Small and capital letters are different ones here; nothing was trusted.';
  return text.includes('SHA256:')
    ? 'This is another fingerprint; nothing was trusted.'
    : 'These are not its last characters; nothing was trusted.';
}
