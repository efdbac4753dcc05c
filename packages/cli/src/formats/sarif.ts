import { sarifLog } from "@redline/core/sarif/index";
import type { Format, ReportContext } from "./format";

export const sarifFormat = ({ version }: ReportContext): Format => ({
  end: (files, { notes }) => sarifLog(files, { version, notes }),
});
