/**
 * Colours of code, as tokens of the theme. Loaded with the first block of code whose language it knows: it is far heavier than all that draws
 * it. Pure.
 */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import nginx from 'highlight.js/lib/languages/nginx';
import python from 'highlight.js/lib/languages/python';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import type { Span, StyledLine, Token } from '../styled.ts';
import { type KnownLanguage, knownLanguages } from './code-languages.ts';

const grammars: Readonly<Record<KnownLanguage, Parameters<typeof hljs.registerLanguage>[1]>> = {
  ...{ bash, diff, dockerfile, go, ini, javascript, json, nginx, python, shell, sql, typescript, xml, yaml },
};
for (const [name, grammar] of Object.entries(grammars)) hljs.registerLanguage(name, grammar);

/** Longer blocks have one colour: a grammar may need longer than a frame for them. */
export const colouredCharactersMax = 16 * 1024;

/** The first part of a name of highlight.js; what is not named here looks like any code. */
const looks: Readonly<Record<string, Token>> = {
  keyword: 'codeKeyword',
  built_in: 'codeKeyword',
  literal: 'codeNumber',
  number: 'codeNumber',
  type: 'codeName',
  title: 'codeName',
  name: 'codeName',
  section: 'codeName',
  attr: 'codeName',
  attribute: 'codeName',
  string: 'codeString',
  regexp: 'codeString',
  symbol: 'codeString',
  comment: 'codeComment',
  meta: 'codeComment',
  addition: 'diffAdd',
  deletion: 'diffRemove',
};

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** Null for a language that is not known, and for more code than may be coloured. The text of the lines is exactly the code. */
export function toCodeLines(language: string, code: string): readonly StyledLine[] | null {
  const name = knownLanguages[language.toLowerCase()];
  if (name === undefined || code.length > colouredCharactersMax) return null;
  const { value } = hljs.highlight(code, { language: name, ignoreIllegals: true });
  const lines: Span[][] = [[]];
  const open: Token[] = [];
  for (const part of value.match(/<span class="[^"]*">|<\/span>|[^<]+/g) ?? []) {
    if (part === '</span>') open.pop();
    else if (part.startsWith('<')) open.push(toToken(part) ?? open.at(-1) ?? 'code');
    else
      addText(
        lines,
        part.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity),
        open,
      );
  }
  return lines;
}

function toToken(part: string): Token | null {
  const name = /class="hljs-([a-z_]+)/.exec(part)?.[1];
  return name === undefined ? null : (looks[name] ?? null);
}

function addText(lines: Span[][], text: string, open: readonly Token[]): void {
  text.split('\n').forEach((piece, index) => {
    if (index > 0) lines.push([]);
    if (piece !== '') lines.at(-1)?.push({ text: piece, token: open.at(-1) ?? 'code' });
  });
}
