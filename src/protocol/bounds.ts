/** What a view and a frame may grow to, each with its reason; host and clients apply the same numbers. Knows nothing of the engine's own limits. */

const Ki = 1024;
const Mi = 1024 * Ki;

export const bounds = {
  /** Text kept of one block: some 3,000 full lines, more than a pane's scrollback shows. */
  blockTextCharactersMax: 256 * Ki,
  /** Text kept of all blocks of one pane; the oldest blocks lose theirs first. */
  paneTextCharactersMax: 512 * Ki,
  /** Blocks kept in a pane. */
  blocksPerPaneMax: 200,
  /** Panes kept; the one that was quiet longest goes first. More are never looked at side by side. */
  panesMax: 256,
  /** Items kept of one conversation; the transcript on disk has all of them. */
  conversationItemsMax: 2_000,
  /** Characters kept of one conversation, so that a snapshot of many sessions stays sendable. */
  conversationCharactersMax: 1 * Mi,
  /** One item; the host begins a new one long before, so only a host with a bug meets this. */
  itemCharactersMax: 64 * Ki,
  /** Where the host begins a new item for a long message at the latest: small items are cheap to wrap and to replace. */
  itemCharactersSplit: 16 * Ki,
  /** From here on it does so between two paragraphs, and a little later between two lines: a part is never cut where it need not be. */
  itemCharactersSplitFrom: 12 * Ki,
  /** Items of a conversation that are read from its transcript at once: some screens of scrolling. */
  olderItemsPageMax: 200,
  olderItemsCharactersMax: 512 * Ki,
  /** Older items that a screen keeps beside those of the view, and their characters: past either an export is the better reader. */
  olderItemsKeptMax: 10_000,
  olderItemsKeptCharactersMax: 8 * Mi,
  /** Diffs, terminals and files named of one tool call, each; a call that works on more says so in its text. */
  toolPartsMax: 64,
  /** A prompt typed or pasted by a person. */
  promptCharactersMax: 1 * Mi,
  /** Text, or base64 of an image of 6 MiB: models take no more. */
  attachmentCharactersMax: 8 * Mi,
  attachmentsMax: 16,
  queuedPromptsMax: 32,
  localCardsMax: 64,
  /** Keys and pastes that wait for what is opening: more than anybody types in the time. */
  heldInputsMax: 1_000,
  titleCharactersMax: 120,
  noticesMax: 100,
  openItemsMax: 1_000,
  /** What a server asks at once while one logs in, and one answer: a code, or a long passphrase. */
  loginPromptsMax: 16,
  loginAnswerCharactersMax: 1_024,
  /** What is typed or pasted into a shell in one request, as base64; a longer paste is several. */
  shellTypedCharactersMax: 64 * Ki,
  /** Columns or rows of a shell. */
  shellSideMax: 1_000,
  /** A request before `hello`: nothing but hello is due then. */
  helloCharactersMax: 64 * Ki,
  /** A request: an 8 MiB file as base64 or as escaped text fits, little else does. */
  requestCharactersMax: 24 * Mi,
  /** A frame from the host: a snapshot is the largest. */
  frameCharactersMax: 64 * Mi,
  /** Block text and conversation text that a snapshot may carry, each. */
  snapshotTextCharactersMax: 8 * Mi,
  /** Requests of one connection that wait for their answers at once. */
  requestsAtOnceMax: 64,
  /** Clients connected at once: a person has a few screens and some commands running. */
  connectionsMax: 128,
  /** Output of a block waits this long before it is sent as one event. */
  outputCoalesceMs: 16,
  /** The same for a block that rushes by: twelve pictures a second of what nobody can read. */
  floodCoalesceMs: 80,
  /** Of what a block prints in that time at least this much of the end is sent, some hundred lines; a flood's front is skipped and counted. */
  outputPerMomentCharacters: 32 * Ki,
  /** Past this a screen lags: block output that still waits for it is replaced by a count of skipped bytes. */
  screenLagBytes: 1 * Mi,
  /** Past this a screen is cut off; it attaches anew from a snapshot. */
  screenBacklogBytesMax: 8 * Mi,
  /** Newest actions that a time line counts: a day of a busy fleet, and a fifth of a second of reading. */
  timelineRowsMax: 20_000,
  /** Buckets of a time line: one a column of the widest screen. */
  timelineBucketsMax: 512,
  /** Newest operations of a server that are searched for changes of one file. */
  historyRowsMax: 5_000,
} as const;
