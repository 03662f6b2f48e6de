/** What an agent says that it asks of one of our tools. Apart from the operation itself, which only its door knows. */

/** What a call of one of our tools asks for, as the agent says: a hint for people, never a proof of what was asked. */
export interface AskedTool {
  readonly tool: string;
  readonly server: string | null;
  /** The request in one line. */
  readonly summary: string;
}
