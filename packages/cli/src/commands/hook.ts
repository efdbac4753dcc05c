/** `redline hook turn-start|turn-end`, which coding agents run around each of their turns. */
import { CommandFailure } from "../failure";
import { openGit } from "../git/repository";
import { readEvent, takesText, toOutput } from "../hook/event";
import { newsOf } from "../hook/news";
import { linkedSessions, readTold, type ToldOf, writeTold } from "../hook/told";
import { dataFolder, readServing } from "../server/data-folder";
import { connectServer, type Server, ServerRefused } from "../server/server";
import { type Io, readAll, write } from "../terminal";
import type { Arguments } from "./command";

const MOMENTS = ["turn-start", "turn-end"] as const;
type Moment = (typeof MOMENTS)[number];

/** A hook that fails must not hold up the agent: what went wrong is on standard error, and the code is 0. */
export async function run({ positionals }: Arguments, io: Io): Promise<number> {
  const [moment, more] = positionals;
  if (!isMoment(moment) || more !== undefined) {
    throw new CommandFailure(
      "redline hook takes turn-start or turn-end.",
      "redline hook --help says when each is run.",
    );
  }
  const event = readEvent(io.stdin.isTTY ? "" : (await readAll(io.stdin)).toString("utf8"));
  let message = "";
  try {
    message = await told(moment, takesText(event), { ...io, cwd: event.folder ?? io.cwd });
  } catch (error) {
    await write(io.stderr, `redline hook: ${(error as Error).message}\n`);
  }
  await write(io.stdout, toOutput(event, message));
  return 0;
}

const isMoment = (name: string | undefined): name is Moment => MOMENTS.some((each) => each === name);

/** Opens or ends the turn in the work tree's sessions. Returns what the agent is to be told. */
async function told(moment: Moment, takes: boolean, io: Io): Promise<string> {
  const folder = dataFolder(io.env, io.cwd);
  // Nobody reviews where Redline does not serve.
  if (!readServing(folder)) return "";
  const git = await openGit(io.cwd, io.env);
  const sessions = linkedSessions(folder, git.root);
  await git.close();
  if (sessions.length === 0) return "";
  const server = await connectServer(io);
  const texts: string[] = [];
  for (const sessionId of sessions) {
    texts.push(await turn(moment, takes, { server, sessionId }).catch(unlessGone));
  }
  const news = texts.filter((text) => text !== "").join("\n\n");
  return news && `A person reviewed your changes in Redline. Take what they decided as it is.\n\n${news}`;
}

async function turn(
  moment: Moment,
  takes: boolean,
  { server, sessionId }: { server: Server; sessionId: string },
): Promise<string> {
  const state = moment === "turn-start" ? "start" : "end";
  await server.requestJson("POST", `/differences/${sessionId}/turns`, { state });
  if (!takes) return "";
  const { text, told } = await newsOf(server, sessionId, readTold(server.folder, sessionId) ?? BEFORE_ALL);
  writeTold(server.folder, sessionId, told);
  return text;
}

/** The work tree may have been linked with a session that is in the trash by now, or deleted. */
function unlessGone(error: unknown): string {
  if (error instanceof ServerRefused && [403, 404].includes(error.status)) return "";
  throw error;
}

const BEFORE_ALL: ToldOf = { decision: 0, notesAt: "" };
