/** The palette's server-side results: matching sessions, and the open session's files. */
export type PaletteResults = { sessions: { id: string; name: string }[]; files: string[] };
