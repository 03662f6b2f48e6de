/** The schema of `policy.json`: rules of the operator, and more paths that count as sensitive. It knows no file and judges nothing. */
import { z } from 'zod';
import { limits } from '../../limits.ts';
import { environments } from '../../server.ts';

const idSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-" (63 characters at most)',
  );

const nameGlob = z.string().regex(/^[A-Za-z0-9._*-]{1,64}$/, 'must be a name; "*" stands for any characters');

const scopeSchema = z.strictObject({
  /** Ids of servers; `*` stands for any characters. */
  servers: z.array(nameGlob).min(1).optional(),
  groups: z.array(nameGlob).min(1).optional(),
  /** One, or several; a server whose record names none is in production. */
  environment: z.union([z.enum(environments), z.array(z.enum(environments)).min(1)]).optional(),
});

const exampleSchema = z.string().min(1).max(limits.commandBytesMax);

export const ruleSchema = z.strictObject({
  id: idSchema,
  decision: z.enum(['auto-allow', 'approval-required', 'reject']),
  /** Why, for whoever reads a card or the log. */
  because: z
    .string()
    .min(1, 'must say why the rule is there')
    .max(500)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters'),
  scope: scopeSchema.optional(),
  /** A name such as `systemctl`, an absolute path, or `*` (any command; never to allow). */
  command: z
    .string()
    .regex(
      /^(\*|[A-Za-z0-9_.+-]{1,255}|(\/[A-Za-z0-9_.+-]{1,255}){1,32})$/,
      'must be a command name, an absolute path, or "*"',
    )
    .optional(),
  /** To allow: every option that may be there (`--name=*`: with any value). Otherwise one of them is enough. */
  options: z
    .array(z.string().regex(/^-[^\p{Cc} ]+$/u, 'must be options, each beginning with "-"'))
    .max(256)
    .optional(),
  /** To allow: a pattern for each operand in order, `...` at the end repeats the last. Otherwise they must occur in this order. */
  operands: z.array(z.string().min(1).max(limits.policyPatternCharactersMax)).max(64).optional(),
  /** The whole argv, word by word; instead of `command`. */
  exact: z.array(z.string()).min(1).max(256).optional(),
  /** A date (the rule lives to its end, UTC) or a time with its zone (RFC 3339). */
  expires: z
    .string()
    .refine(
      (text) => toExpiryMs(text) !== null,
      'must be a date such as 2027-01-31, or a time such as 2027-01-31T18:00:00Z',
    )
    .optional(),
  /** Command lines that it must match, checked whenever the file is read. */
  match: z.array(exampleSchema).max(100).optional(),
  /** Command lines that it must not match. */
  notMatch: z.array(exampleSchema).max(100).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const ruleFileSchema = z.strictObject({
  version: z.literal(1),
  rules: z.array(ruleSchema).max(limits.policyRulesMax),
  /** Absolute paths that count as sensitive on every server, with everything below them. */
  sensitivePaths: z
    .array(z.string().startsWith('/', 'must be an absolute path on the servers').max(4_096))
    .max(1_000)
    .optional(),
});
export type RuleFile = z.infer<typeof ruleFileSchema>;

/** When a rule ends, in milliseconds since the epoch; null for what is neither a date nor a time with a zone. */
export function toExpiryMs(expires: string): number | null {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(expires);
  if (!isDate && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(expires)) return null;
  const ms = Date.parse(isDate ? `${expires}T00:00:00Z` : expires);
  // Date.parse takes February 30th for March 2nd.
  const isReal = new Date(Date.parse(`${expires.slice(0, 10)}T00:00:00Z`))
    .toISOString()
    .startsWith(expires.slice(0, 10));
  if (Number.isNaN(ms) || !isReal) return null;
  return isDate ? ms + 86_400_000 : ms;
}
