/** Fields that several operations share, so that they are named, bounded and explained alike. */
import { z } from 'zod';
import { isNameText } from '../../base/byte-names.ts';
import { limits } from '../limits.ts';
import { serverIdSchema } from '../server.ts';

export const serverField = serverIdSchema.describe('Id of the server, as list_servers shows it.');

export const pathField = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => path.startsWith('/'), 'must be an absolute path on the server')
  .refine((path) => !path.includes('\0'), 'must not contain a NUL byte')
  .refine(isNameText, 'must be valid Unicode text, or a name as a listing gives it')
  .describe('Absolute path on the server.');

export const cwdField = z
  .string()
  .max(4096)
  .refine((path) => path.startsWith('/'), 'must be an absolute path on the server')
  .refine((path) => !path.includes('\0'), 'must not contain a NUL byte')
  .refine(isNameText, 'must be valid Unicode text, or a name as a listing gives it')
  .describe('Absolute folder on the server to run in; default: the login folder.');

export const limitField = z
  .int()
  .min(1)
  .max(limits.entriesMax)
  .default(limits.entriesDefault)
  .describe('Most entries to return.');

export const encodingField = z
  .enum(['utf-8', 'base64'])
  .describe('How the text is to be read; base64 for bytes that are not UTF-8.');

export const sha256Field = z.string().regex(/^[0-9a-f]{64}$/);
