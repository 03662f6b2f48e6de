/** What a program is called, by whatever way it is named. */

/** The last part of a path: a program is the same by whatever path it is called. */
export function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
