/** `npm run bench`: what signalbox costs, each number beside its baseline from the same run; the program that is measured is the one in dist. */
import { runBundled } from './run-bundled.mjs';

await runBundled('tests/bench/run.ts', process.argv.slice(2));
