/** Everything that can grow has its bound here, with the reason beside the number. */

const KiB = 1024;
const MiB = 1024 * KiB;

export const limits = {
  /** A command line longer than this is not typed by anyone; refusing it keeps every later step small. */
  commandBytesMax: 4 * KiB,
  /** Here-documents of one line: the parser of what is not simple compares each with all before it, and nobody types so many. */
  hereDocumentsMax: 32,
  /** Output of one command kept for its caller, each stream: more than a model can read, less than would hurt the host. */
  outputBytesMax: 1 * MiB,
  /** A file read in one piece by an agent. */
  readBytesMax: 4 * MiB,
  /**
   * Read on both sides of a part of a file to tell what in it is a secret: more than the longest that is recognised (a key block,
   * 32 KiB), so that no choice of offset and length shows a piece of one.
   */
  redactionContextBytes: 64 * KiB,
  /** A file written or patched: its content, diff and both images are held in memory at once. */
  writeBytesMax: 8 * MiB,
  /** Above this the snapshot store keeps only the hash ("hash_only"). */
  snapshotBytesMax: 4 * MiB,
  /** Standard input given to a command by its caller; shown on the card in full. */
  stdinBytesMax: 64 * KiB,
  /** Entries of a listing or matches of a search, whatever the caller asks for. */
  entriesMax: 10_000,
  entriesDefault: 200,
  commandTimeoutMsDefault: 120_000,
  commandTimeoutMsMin: 100,
  commandTimeoutMsMax: 3_600_000,
  /** A durable command whose connection is lost is looked for after this, then after twice as long, up to the second. */
  durableRetryMs: 500,
  durableRetryMsMax: 30_000,
  /** How far its output was read is kept this often: what is read twice after a host's end is at most this much. */
  durableKeepMs: 1_000,
  /** Durable commands that are read to their end stay listed with it for a day, and at most so many: a screen or two of them. */
  durableDoneMs: 86_400_000,
  durableDoneMax: 50,
  /** A card nobody answers in ten minutes is refused; 0 in the configuration means never. */
  approvalExpiryMsDefault: 600_000,
  /** Waiting cards of one session: past this the agent is told to wait for its earlier requests. */
  waitingPerSessionMax: 64,
  /** Requests of one session under way at once, those that wait included: an agent works on a few, a flood of them is a fault. */
  requestsPerSessionMax: 128,
  /**
   * Memory that the requests of one session hold while they are under way: a few writes of the largest size with both sides and
   * their diff. As many as may wait, each that large, would be gigabytes.
   */
  heldBytesPerSessionMax: 128 * MiB,
  /** Progress to a caller whose card waits; clients give up after 60 s of silence. */
  progressEveryMs: 5_000,
  /** The same request refused this often in one turn is a loop: the agent is told to stop, and its turn is paused. */
  identicalRefusalsMax: 3,
  /** Different refused requests remembered in one turn; an agent that varies its requests is slowed by the operator, not by us. */
  refusalsRememberedMax: 256,
  /** Requests that begin to wait within this time are one notification. */
  notifySettleMs: 500,
  /** Notifications are to be noticed; more often they are noise. */
  notifyEveryMs: 5_000,
  /** A notification program hands its text on and ends; one that hangs must not pile up. */
  notifyCommandTimeoutMs: 10_000,
  /** Keys typed in the first moments after a card appears were meant for something else. */
  cardDeafMs: 300,
  /** A change whose connection is lost is brought to its end over a new one: tried after these waits, as a server that restarts takes seconds. */
  changeRetriesMs: [0, 1_000, 4_000],
  /** Live channels on one connection: sshd's MaxSessions is 10, one is SFTP, one stays free for cancelling. */
  channelsPerServerMax: 8,
  /** From this round trip on a channel is kept open for the next command: opening one would cost as much again. */
  channelAheadFromMs: 10,
  /** sshd frees a session only after it has read what came with its end: a refusal right then is no answer yet. Waits grow by this much. */
  sessionRetryMs: 25,
  sessionRetriesMax: 6,
  /** For a place among few sessions: longer commands have them for minutes, and whoever asks is told so. */
  sessionWaitMs: 10_000,
  /** What a server may send of one command before we have taken it: enough for 5 MB/s at 100 ms, and little for each of many floods. */
  commandWindowBytes: 512 * KiB,
  /** The same of output that is taken so fast that this is a few milliseconds of it; as much as OpenSSH allows. */
  commandWindowBytesMax: 2 * MiB,
  /** The same of a shell: what rushes by after a Ctrl-C is this much, and nobody reads 2 MB/s. */
  shellWindowBytes: 128 * KiB,
  /** Servers that one command of the operator's runs on at once: a fleet is soon done, and neither it nor the host is flooded. */
  serversAtOnceMax: 8,
  /** Handshakes at once: sshd's MaxStartups begins to refuse at 10. */
  handshakesAtOnceMax: 8,
  /** A server gives a login two minutes (sshd's LoginGraceTime); who has not answered by then is not there. */
  loginQuestionMs: 110_000,
  /** Logins that wait for a person at once: nobody answers more, and each has a connection that waits. */
  loginQuestionsMax: 32,
  /** Answers of a person that may be wrong, as with ssh (NumberOfPasswordPrompts). */
  loginTriesMax: 3,
  /** scrypt's N of a new vault: 128 MiB and about half a second for each guess. */
  vaultScryptCost: 2 ** 17,
  vaultPassphraseCharactersMin: 8,
  /** Each is a few hundred bytes of a file that is read and written whole. */
  vaultSecretsMax: 1_000,
  /** A passphrase that was typed is kept in memory this long after it was used last. */
  passphraseKeptMs: 900_000,
  /** An unused connection closes. */
  connectionIdleMs: 600_000,
  connectReadyTimeoutMs: 12_000,
  keepaliveEveryMs: 5_000,
  keepaliveMissesMax: 2,
  /** A machine that slept this long has connections that their servers may have given up; a clock that was set is off by less. */
  sleepMsMin: 60_000,
  /** No single SFTP request takes longer; one that does means the channel is stuck and is replaced. */
  sftpDeadlineMs: 15_000,
  /** TERM, then this long until KILL. */
  cancelGraceMs: 1_500,
  /** One message of an agent (ACP or MCP); a longer one ends the connection to that agent. */
  agentMessageBytesMax: 32 * MiB,
  /** One message between host and screens. */
  protocolMessageCharactersMax: 64 * MiB,
  /** What an agent is told of the operator's edit of a file, and both texts together: for a larger one reading it again costs less. */
  editDiffCharactersMax: 32 * KiB,
  /** Text kept of one block in a pane's live view; the whole output is with the caller and in the audit record's byte count. */
  blockTextCharactersMax: 256 * KiB,
  /** Blocks kept in a pane's live view. */
  blocksPerPaneMax: 200,
  /** Items of a conversation kept in the live view. */
  conversationItemsMax: 2_000,
  /** Rules of one policy.json: each is asked about its own command only, but people read them all. */
  policyRulesMax: 1_000,
  /** One pattern of a rule; a longer one is not read by anyone. */
  policyPatternCharactersMax: 512,
  /** Past actions that a new rule is tried on, newest first: enough to see what it would do, quick enough to wait for. */
  policyReplayActionsMax: 5_000,
  sessionsMax: 64,
  /** What a server is changes slowly, its free memory does not: whoever wants it exact asks for it anew. */
  factsFreshMs: 3_600_000,
  /** An agent may have a server looked at anew this long after it was: each look is a dozen commands, and what they tell changes slowly. */
  factsRefreshMs: 30_000,
  /** Reads of known facts that are remembered as recorded: every session reads the facts of a few servers. */
  factsReadsKeptMax: 4_096,
  /** Servers whose facts are kept in memory; the others are on disk. */
  factsKeptMax: 1_000,
  /** Running services and disks named in the facts of a server: a model reads them at once. */
  factsServicesMax: 100,
  factsDisksMax: 32,
  /** Programs outside of signalbox that use its tools at once: a person has an editor or two, and some clients start one each window. */
  externalSessionsMax: 32,
  serversMax: 10_000,
  /** Shutdown: how long running operations may take to settle. */
  shutdownGraceMs: 5_000,
  /** A screen that is this far behind is cut off and attaches anew from a snapshot. */
  screenBacklogBytesMax: 8 * MiB,
  /** One audit record; longer texts in it are shortened before hashing, with a note. */
  auditRecordBytesMax: 64 * KiB,
  /** A configuration file: a thousand servers are far below it. */
  configFileBytesMax: 4 * MiB,
  /** Commands of this machine that the operator allowed: one for each server of a large registry that has its own; the oldest are asked about again. */
  localCommandsMax: 10_000,
  /** Runs of `ssh -G` until no further command of "Match exec" comes to light: one that is another each time would never end. */
  sshConfigRoundsMax: 8,
  /** Jumps in a row to one server; more is a loop or a mistake. */
  jumpsMax: 8,
  /** A command that prints a secret may ask for a touch or a PIN, but not for ever. */
  secretCommandTimeoutMs: 30_000,
  /** `ssh -G` only reads files, unless they make it run or resolve something. */
  sshConfigTimeoutMs: 10_000,
  /** One text of an agent's update (a message chunk, a tool's output): far more than a screen shows, far less than a message may be. */
  agentTextCharactersMax: 256 * KiB,
  /** Entries of an agent's plan, command or mode list, and tool calls remembered to join a permission request with. */
  agentListEntriesMax: 1_000,
  /** What all remembered tool calls of an agent said of themselves: many of the usual size, or a few of the largest that is shown. */
  agentCallsCharactersMax: 4 * MiB,
  /** Updates of an agent kept until somebody listens: they may come before its session is announced. */
  agentUpdatesHeldMax: 10_000,
  /** Shells of the operator: more are never looked at, and each keeps an emulator with its scrollback. */
  shellsMax: 64,
  /** Of one server: below the channels of a connection, so that commands always find one. */
  shellsPerServerMax: 4,
  /** Columns or rows of a terminal: no screen is larger. */
  terminalSideMax: 1_000,
  /** Terminals an agent holds at once; it releases those it has read. */
  terminalsPerSessionMax: 64,
  /** The end of what an agent wrote to stderr, quoted when it ends: the last lines say why. */
  agentStderrBytesMax: 16 * KiB,
  /** Its last lines, as screens show them while it runs: what matters is among them, and a view stays small. */
  agentStderrLinesMax: 20,
  agentStderrLineCharactersMax: 400,
  /** Processes and threads of an isolated agent with all it starts: a build takes hundreds, one that never ends must not take the machine. */
  agentTasksMax: 8_192,
  /** A registry of agents that is imported: the public one has some dozens in a tenth of this. */
  registryBytesMax: 4 * MiB,
  registryAgentsMax: 1_000,
  /** What a probe found of an agent that works: its version changes with its file, which is looked at each time. */
  agentProbeMsMax: 86_400_000,
  /** What a probe found of one that does not: a login or a repair elsewhere changes that. */
  agentProblemMsMax: 3_600_000,
  /** From spawn to the answer of session/new: agents that update themselves or log in take their time. */
  agentStartTimeoutMs: 60_000,
  /** An answer about its settings or its sessions, of an agent that runs; those that load a model meanwhile take some seconds. */
  agentRequestTimeoutMs: 30_000,
  /** A login that an agent does by itself: a person opens a page and types a code there. */
  agentLoginTimeoutMs: 900_000,
  /** An agent that was told to cancel has this long to end its turn; then its turn counts as over. */
  agentCancelGraceMs: 10_000,
  /** An agent in whose session another one answers is ended then, unless the configuration says otherwise: it can go on where it was. */
  agentIdleMsDefault: 1_800_000,
  /** After end of input, and again after TERM: then KILL. */
  agentEndGraceMs: 1_500,
  /** A segment of the audit log is closed at this size: its index is held in memory while it grows, and read anew after a kill. */
  auditSegmentBytesMax: 16 * MiB,
  /** One text in an audit record; a command line is 4 KiB at most, a reason or a path has no need of more. */
  auditTextCharactersMax: 8 * KiB,
  /** Room kept free on the disk so that results of what already runs can be recorded when it fills up. */
  auditBallastBytes: 256 * KiB,
  /** Forms (plain, base64, hex, …) of values the program holds; each costs a table entry. */
  heldFormsMax: 65_536,
  /** Placeholders remembered so that four digits stay unique; past this they get longer. */
  placeholdersMax: 16_384,
  /** Texts that are known to hold no secret are not searched again; these are the short ones that records repeat. */
  cleanTextsMax: 1024,
  cleanTextCharactersMax: 256,
  /** A line without an end is held back this long before it is redacted in parts. */
  redactionHoldCharactersMax: 256 * KiB,
  /** Computing a diff that takes longer than this would keep everything else waiting. */
  diffTimeoutMs: 2_000,
  /** A git command of the snapshot store that says nothing for this long is stuck. */
  gitTimeoutMs: 20_000,
  /** Commits of the snapshot store that a purge writes anew in one go: about a megabyte of their descriptions is held at once. */
  purgeCommitsAtOnce: 1_000,
  /** Loose objects of the snapshot store, as git's own `gc.auto`: past this they are packed. */
  looseObjectsMax: 6_700,
  /** Contents from this size on are brought to the snapshot store while they are written to the server: below it, the git that does so costs more. */
  stagedBytesMin: 128 * KiB,
  /** Operations on one file that are taken back in one step; more are taken back in several. */
  rollbackStepsMax: 200,
  /** Changes of one session that its list of changes and its rollback look at, the newest: far above what a person reads. */
  sessionChangesMax: 2_000,
  /** Output of one command kept as a recording: hours of a log, and small enough to be sent to somebody. */
  recordingBytesMax: 32 * MiB,
  /** Output of one command that may always wait for the disk: past this its server waits once all recordings have too much of it. */
  recordingUnwrittenBytesMax: 512 * KiB,
  /** Of all together: a flood alone is as fast as its server, and many at once do not fill the memory. */
  recordingsUnwrittenBytesMax: 4 * MiB,
  /** All recordings together, unless the configuration says otherwise: months of work, and a part of a disk that nobody misses. */
  recordingsBytesMaxDefault: 4 * 1024 * MiB,
  /** All transcripts together, unless the configuration says otherwise: words only, so it is years of work. */
  transcriptsBytesMaxDefault: 1024 * MiB,
  /** Prompts of a person kept for the next screen, drafts, and characters of each: what anyone looks for again, a few megabytes. */
  promptsKeptMax: 1_000,
  draftsKeptMax: 100,
  promptKeptCharactersMax: 64 * KiB,
  /** A long command registers the running hash of its recording this often, by time and by size. */
  recordingProgressEveryMs: 60_000,
  recordingProgressEveryBytes: 16 * MiB,
  /** How often the store looks whether it is time to pack. */
  snapshotCommitsPerPackCheck: 64,
} as const;
