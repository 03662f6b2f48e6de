/** The question whether a workspace's servers.json counts: all that it would use on this machine and where it leads, as it is now, and no other. */
import type { FormSpec } from '../form-model.ts';
import { foreign, plain, span } from '../present/text.ts';

/** What `server trust --json` prints. */
export interface WorkspaceFile {
  readonly file: string;
  readonly sha256: string;
  /** A paragraph a server. */
  readonly described: readonly (readonly string[])[];
}

/** `trust` answers null when exactly these bytes are trusted, else why not. */
export function toTrustWorkspaceForm(file: WorkspaceFile, trust: () => Promise<string | null>): FormSpec {
  return {
    title: 'Servers of this workspace',
    intro: [
      [span(foreign(file.file), 'title', { bold: true })],
      plain(
        'Whoever wrote this file says which machines these names mean. Any change to it is asked about again.',
        'muted',
      ),
      ...file.described.flatMap(([head = '', ...rest]) => [
        [],
        [span(foreign(head))],
        ...rest.map((line) => [span(`  ${foreign(line.trim())}`, /^\s*hides /.test(line) ? 'warn' : 'muted')]),
      ]),
      [],
      [span('sha256 ', 'muted'), span(foreign(file.sha256), 'code')],
    ],
    fields: [],
    verb: 'trusts it as it is',
    submit: () => trust(),
  };
}
