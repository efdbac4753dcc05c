/** The numbers of limits.md, as plain data that the UI, the API, the docs and the tests share. Units are in the names. */
const KB = 1024;
const MB = 1024 * KB;
const DAY_SECONDS = 24 * 60 * 60;

export const LIMITS = {
  file: {
    maxBytes: 5 * MB,
    /** Lambda takes 6 MB of base64, so a browser's file over this goes by presigned POST. */
    maxFormBytes: 1 * MB,
    maxPathChars: 255,
    uploadExpirySeconds: DAY_SECONDS,
  },
  session: {
    maxFiles: 50,
    maxBytes: 20 * MB,
    maxNameChars: 120,
    trashDays: 7,
    pageSize: 50,
  },
  /** Changed files of a difference, and both sides of them together; a file is opened on demand. */
  difference: {
    maxFiles: 1_000,
    maxBytes: 50 * MB,
    maxPatchBytes: 20 * MB,
    maxHeads: 500,
    /** A program that waits for what a session changes asks again after so long, and is told of another process's so soon. */
    longestWaitMs: 25_000,
    lookMs: 2_000,
    /** Heads to choose from when changes since one are shown. */
    headsListed: 50,
    /** Findings of the base that are listed as gone. */
    maxGoneListed: 100,
  },
  verdict: { maxChars: 5_000, pageSize: 100 },
  /** Decisions on hunks and lines of a difference, with turns and what was undone. */
  hunkDecision: { maxPerSession: 5_000, maxHunks: 5_000, maxRanges: 1_000, maxNoteChars: 2_000 },
  zip: { maxEntries: 2_000, maxRatio: 100, maxUnpackedBytes: 50 * MB },
  review: {
    maxFileBytes: 512 * KB,
    maxLineChars: 2_000,
    /** Brackets and JSX elements that are open at once, counted before any parser sees the text. */
    maxNesting: 200,
    deadlineMs: 5_000,
    recycleMb: 400,
    recycleFiles: 200,
    /** A review on which its worker died this often is ended as failed. */
    maxAttempts: 5,
    /** Fixes of one file that are offered; past it findings still stand, without a redline. */
    maxFixesPerFile: 200,
    /** Findings kept of one file; the coverage says "partly" past it. */
    maxFindingsPerFile: 500,
  },
  highlight: { maxLines: 5_000 },
  codebase: { maxInlineTreeBytes: 8 * KB, maxInlineBodyBytes: 32 * KB },
  blobs: {
    graceMs: DAY_SECONDS * 1_000,
    rememberMs: (DAY_SECONDS / 2) * 1_000,
    /** Compressed: up to here a year in the table costs no more than an object of its own. */
    maxSmallBytes: 1_500,
  },
  /** Compressed, of one draft's files together; the rest is in blobs. */
  draft: { keepDays: 30, maxInlineBytes: 4 * KB },
  versions: { pageSize: 50 },
  idempotency: { keepSeconds: DAY_SECONDS },
  thread: { maxOpen: 50, maxPerSession: 500, maxMessages: 500, pageSize: 50, historySent: 10, historyStep: 4 },
  message: { maxChars: 5_000, pageSize: 100 },
  eventLog: {
    batchMs: 1_000,
    /** After the first: what is stored later costs less, and is lost with a process that is killed. */
    laterBatchMs: 2_000,
    batchBytes: 4 * KB,
    endAfterMs: 55_000,
    /** The most logs that one stream carries. */
    maxLogs: 32,
    pingMs: 15_000,
    keepSeconds: 30 * DAY_SECONDS,
  },
  lease: { seconds: 60, renewSeconds: 20 },
  /** The most deliveries of a job before it goes to the dead letters. */
  jobs: { receives: 3 },
  model: {
    fullFileTokens: 80_000,
    maxInputTokens: 100_000,
    /** The assumed context of a model, input and output together, without a configured one. */
    contextTokens: 128_000,
    /** Lines around a selection that go with it when the whole file is too long. */
    localLines: 50,
    replyOutputTokens: 4_000,
    agentOutputTokens: 16_000,
    silentMs: 30_000,
    /** The longest time for which a server may load its model, or keep a call in its queue. */
    waitMs: 3 * 60_000,
    /** The longest time for which a server may show that it works (a comment in the stream) without output. */
    quietMs: 10 * 60_000,
    /** A call that has not begun after this long is said to wait. */
    noticeMs: 1_000,
    /** Capabilities found out about a server are checked again after this long. */
    foundOutMs: DAY_SECONDS * 1_000,
    throttleAttempts: 5,
    instructionsChars: 4_000,
    /** Malformed tool calls in a row that end an answer. */
    maxMalformedCalls: 3,
  },
  signIn: {
    days: 7,
    /** The days for which a browser that signed in is recognised as its account's own. */
    deviceDays: 180,
    failuresPerMinute: { address: 5, account: 10, device: 5 },
  },
  signUp: { perMinute: 5, maxNameChars: 80, maxEmailChars: 254, confirmationDays: 1, resetHours: 1 },
  password: {
    minChars: 8,
    /** From this length on, a password needs no particular kinds of character. */
    passphraseChars: 15,
    maxChars: 200,
    /** argon2id. */
    memoryKib: 46 * KB,
    passes: 1,
  },
  /** Mails that one person's actions may cause. */
  mail: { perMinute: 5, burst: 30 },
  team: { maxNameChars: 50, maxMembers: 200, maxOwned: 20, maxInvitations: 50, invitationDays: 7 },
  /** The interval at which a worker polls for cancellation. */
  work: { cancelPollMs: 1_000 },
  reply: {
    /** Time that a function leaves to end an answer in, before its own end. */
    leaveMs: 10_000,
    /** A client that means to follow the answer has this long to come; then a worker begins it. */
    followGraceSeconds: 3,
  },
  modelReview: {
    /** Findings beside one line that are shown before the rest is folded. */
    shown: 10,
    /** The most tokens of one answer about one file. */
    outputTokens: 8_000,
    /** Calls for one file: answers to its tool calls and a repair included. */
    maxCalls: 8,
    /** A file on which the worker died this often is left out. */
    maxAttempts: 3,
    /** A worker begins no further file with less time than this left, and ends a call with less than `leaveMs` left. */
    lastStartMs: 120_000,
    leaveMs: 20_000,
  },
  quota: {
    /** Model tokens of a day (UTC) by plan; null where only a budget that was set bounds them. */
    dailyTokens: { local: null, free: 100_000, pro: 2_000_000, team: null },
    maxBudgetTokens: 1_000_000_000,
    /** An unsettled call of this age can't be alive: no request, job or function runs longer. */
    unsettledSeconds: 15 * 60,
    keepSeconds: 40 * DAY_SECONDS,
  },
  usage: { pageSize: 50, maxDays: 366 },
} as const;
