import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors";
import { nowIso } from "./clock";
import { setting } from "./env";

/** A mail in plain text, to one address. */
export type Mail = { to: string; subject: string; text: string };

const SUFFIX = ".eml";
const SHOWN = 50;

/** Returns whether this server can send mail. On the laptop, it goes to the data folder. */
export const canSendMail = (): boolean => setting("REDLINE_LOCAL") === "1";

/** Sends a mail; on the laptop, to `<data>/mail`. Throws NETWORK_ERROR. */
export async function sendMail(mail: Mail): Promise<void> {
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    const name = `${nowIso().replaceAll(":", "-")}-${randomBytes(4).toString("hex")}${SUFFIX}`;
    await writeFile(join(folder(), name), messageOf(mail), { mode: 0o600 });
  } catch (cause) {
    throw new AppError("NETWORK_ERROR", "The mail could not be sent. Everything else is saved. Try again.", { cause });
  }
}

/** Returns the mails that this laptop has sent last, newest first. */
export async function readSentMail(): Promise<(Mail & { id: string; sentAt: string })[]> {
  const names = await readdir(folder()).catch(() => []);
  const newest = names.filter((each) => each.endsWith(SUFFIX)).toSorted();
  return Promise.all(
    newest
      .toReversed()
      .slice(0, SHOWN)
      .map(async (name) => ({ id: name, ...parse(await readFile(join(folder(), name), "utf8")) })),
  );
}

const folder = () => join(setting("REDLINE_DATA"), "mail");

/** RFC 5322, with words in headers encoded, so that no text of anyone's becomes a header. */
function messageOf({ to, subject, text }: Mail): string {
  const headers = [
    "From: Redline <redline@localhost>",
    `To: ${to.replaceAll(/[\r\n]/g, "")}`,
    `Subject: =?utf-8?B?${Buffer.from(subject, "utf8").toString("base64")}?=`,
    `Date: ${nowIso()}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
  ];
  return [...headers, "", ...text.split("\n")].join("\r\n");
}

function parse(message: string): Mail & { sentAt: string } {
  const [head = "", ...body] = message.split("\r\n\r\n");
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1]?.trim() ?? "";
  const subject = Buffer.from(/\?B\?(.*)\?=$/.exec(header("Subject"))?.[1] ?? "", "base64").toString("utf8");
  const text = body.join("\r\n\r\n").replaceAll("\r\n", "\n");
  return { to: header("To"), subject, sentAt: header("Date"), text };
}
