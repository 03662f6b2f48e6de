/**
 * Our own answer to a call of a tool, as an agent shows it with the call: what was found, without the facts about the call that stand in its
 * pane and in its record. Pure. It reads an agent's words, so it believes nothing and throws nothing.
 */

/** Lines of our answer that are no finding: `adapters/mcp/tool-result.ts` writes them. */
const factPattern =
  /^(?:status: ok|status: error|(?:tool|server|execution|policy|audit): .*|data: \{"(?:encoding|sha256)":.*)$/;
const emptyPattern = /^--- (?:stdout|stderr|content): empty$/;
/** The facts come first and are short; what a command printed comes after them. */
const factCharactersMax = 2_000;

/** The text as it is when it is not our answer. */
export function toFindings(detail: string): string {
  if (!isOurs(detail)) return detail;
  const lines = detail.split('\n');
  const factsEnd = lines.findIndex((line) => line.startsWith('audit: id '));
  const kept = lines.flatMap((line, at): readonly string[] => {
    if (at <= factsEnd) return factPattern.test(line) ? [] : [line];
    if (emptyPattern.test(line) || line === '--- stdout' || line === '--- content' || line === '---') return [];
    if (line === '--- stderr') return ['stderr:'];
    return at === factsEnd + 1 && factPattern.test(line) ? [] : [line];
  });
  return kept.join('\n');
}

/** With which status a command ended; undefined where none is named. */
export function toExitCode(detail: string): string | undefined {
  const facts = detail.slice(0, factCharactersMax);
  return isOurs(detail) ? /^execution: .*\bexitCode (\d{1,3})\b/m.exec(facts)?.[1] : undefined;
}

/** Whether the operator changed what was asked before it ran; the line that says so is among the findings. */
export function wasEdited(detail: string): boolean {
  return isOurs(detail) && /^edited by the operator; /m.test(detail.slice(0, factCharactersMax));
}

/** What ran instead of what was asked, as the gate says it; null where nothing was changed, nothing ran, or nobody knows. */
export function toRanInstead(detail: string): string | null {
  if (!wasEdited(detail)) return null;
  const ran = /^edited by the operator; this ran instead: (.+)$/m.exec(detail.slice(0, factCharactersMax))?.[1];
  return ran === undefined || ran === 'not known' ? null : ran;
}

function isOurs(detail: string): boolean {
  return detail.startsWith('status: ') && /^audit: id [\w-]+, /m.test(detail.slice(0, factCharactersMax));
}
