/** Looks at what config.json says about the screen: its theme and its keys. Draws nothing. */
import type { Paths } from '../../core/paths.ts';
import { readScreenSettings } from '../screen-settings.ts';
import { type Finding, ok, warn } from './finding.ts';

export function checkScreen(paths: Paths, env: NodeJS.ProcessEnv): readonly Finding[] {
  const { themeName, keys, problems } = readScreenSettings(paths.configFile, paths.config, env);
  const themeProblems = problems.filter((problem) => !keys.problems.includes(problem));
  return [
    ...(themeProblems.length === 0 ? [ok('theme', themeName)] : []),
    ...themeProblems.map((problem) => warn('theme', problem, 'Correct "screen.theme", or choose one with `:theme`.')),
    ...(keys.problems.length === 0 ? [ok('keys', 'as `signalbox keys` lists them')] : []),
    ...keys.problems.map((problem) => warn('keys', problem, '`signalbox keys` lists the names and their keys.')),
    ...keys.notes.map((note) => warn('keys', note, 'Choose another key if that is not what you want.')),
  ];
}
