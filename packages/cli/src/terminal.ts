/** The standard streams of a command; tests pass their own. */
import { createColors } from "picocolors";

export type Io = {
  cwd: string;
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
};

export type Colors = ReturnType<typeof createColors>;

/** Colours for a terminal, or where FORCE_COLOR asks for them; none where NO_COLOR is set, whatever its value. */
export function colorsFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return createColors(false);
  if (FORCE_COLOR !== undefined) return createColors(FORCE_COLOR !== "0" && FORCE_COLOR !== "false");
  return createColors(Boolean(stream.isTTY) && TERM !== "dumb");
}

/** Writes and waits until the stream takes more. A reader that went away (`| head`) is no error. */
export function write(stream: NodeJS.WritableStream, text: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
      else resolve();
    });
  });
}

export async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible
const INVISIBLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text of the reviewed code as it may be shown: it can't move the cursor, colour or reorder the terminal's text. */
export const printable = (text: string): string =>
  text.replace(INVISIBLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
