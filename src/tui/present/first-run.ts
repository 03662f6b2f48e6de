/**
 * What the screen says while no server is registered: the three ways to go on. Pure.
 */
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { emptyLine, plain, span, wrap } from './text.ts';

export function toFirstRunLines(page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [
    plain('No server is registered yet.', 'title', { bold: true }),
    emptyLine,
    ...wrap(
      [
        span(
          'signalbox lets an AI agent work on your servers over SSH. Every request passes one gate: policy, your approval, the audit log.',
          'muted',
        ),
      ],
      page.columns,
    ),
    emptyLine,
  ];
  const way = (command: string, sentence: string): void => {
    lines.push(plain(`  ${command}`, 'code', { bold: true }));
    lines.push(...wrap([span(sentence, 'muted')], page.columns, plain('    ')), emptyLine);
  };
  way('signalbox server import', 'reads ~/.ssh/config and asks which hosts to register.');
  way('signalbox server add', 'registers one server.');
  way('signalbox demo', 'shows everything on servers inside this program: no network, no keys.');
  lines.push([
    span('u', 'key'),
    span('  reads the server files again, ', 'muted'),
    span('5', 'key'),
    span('  lists the agents, ', 'muted'),
    span('?', 'key'),
    span('  helps.', 'muted'),
  ]);
  return lines;
}

/** The one sentence of a screen that is too small for anything else. */
export function toTooSmallLines(page: Page): readonly StyledLine[] {
  return wrap([span('Too small: make it at least 20x5, better 80x24.')], page.columns);
}
