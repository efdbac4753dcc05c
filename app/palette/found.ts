/** What the palette finds on the server: sessions to go to, and the files of the one that is open. */
export type PaletteResults = { sessions: { id: string; name: string }[]; files: string[] };
