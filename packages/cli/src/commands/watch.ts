/** `redline watch`. */
import type { Io } from "../terminal";
import type { Arguments } from "./command";
import { open } from "./open";

export const run = (args: Arguments, io: Io): Promise<number> => open(args, io, { isShown: false });
