/**
 * The question whether a server's host key is the right one. The fingerprint is shown in full and a part of it is typed back.
 */
import { findTypedProblem, fingerprintCommand, typedCharacters } from '../../protocol/unknown-key.ts';
import type { ServerView } from '../../protocol/view.ts';
import type { FieldSpec, FormSpec } from '../form-model.ts';
import { foreign, plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';

/** A key that was shown, and whose it is in words where that is not the server itself but a jump host on the way. */
export interface ShownKey {
  readonly fingerprint: string;
  /** `ssh-ed25519`; null where nobody said. */
  readonly type: string | null;
  readonly jumpHost: string | null;
  /** Where the user's own ssh knows it from; null: nowhere. */
  readonly knownTo: string | null;
}

/** `trust` answers null when the key is trusted, else why not. */
export function toTrustForm(server: ServerView, key: ShownKey, trust: () => Promise<string | null>): FormSpec {
  const { fingerprint, type, jumpHost, knownTo } = key;
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
      [
        ...(type === null ? [] : [span(`${foreign(type)} `, 'code')]),
        span(foreign(fingerprint), 'code', { bold: true }),
      ],
      [],
      ...(knownTo === null ? toComparison() : [[span('known to your ssh: ', 'ok'), span(foreign(knownTo))]]),
    ],
    fields: knownTo === null ? [toEndField()] : [],
    verb: 'trusts it',
    submit(values) {
      const problem = knownTo === null ? findTypedProblem(values.text('end').trim(), fingerprint) : null;
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
    plain(fingerprintCommand, 'code'),
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
