/** The formats by name; each is loaded when it is asked for. */
import type { FormatName } from "../commands/specs";
import { colorsFor, type Io } from "../terminal";
import type { Format, ReportContext } from "./format";

const DEFAULT_COLUMNS = 100;

const FORMATS: Record<FormatName, (context: ReportContext, io: Io) => Promise<Format>> = {
  text: async (_, io) => {
    const { textFormat } = await import("./text");
    return textFormat({ colors: colorsFor(io.stdout, io.env), columns: io.stdout.columns ?? DEFAULT_COLUMNS });
  },
  json: async () => (await import("./json")).jsonFormat,
  sarif: async (context) => (await import("./sarif")).sarifFormat(context),
  github: async () => (await import("./github")).githubFormat,
  gitlab: async () => (await import("./gitlab")).gitlabFormat,
  junit: async (context) => (await import("./junit")).junitFormat(context),
  markdown: async () => (await import("./markdown")).markdownFormat,
};

export const openFormat = (name: FormatName, context: ReportContext, io: Io): Promise<Format> =>
  FORMATS[name](context, io);
