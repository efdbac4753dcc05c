import { isPatchText } from "@redline/core/differences/schema";
import type { ErrorShape } from "@redline/core/errors";
import { LIMITS } from "@redline/core/limits";
import { detectLanguage, languageLabel } from "@redline/core/reviewers/schema";
import { useFetcher } from "@remix-run/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Hint } from "../hints/hint";
import { markHintUsed } from "../hints/used-hints";
import { usePageActions } from "../palette/page-actions";
import { Shortcut } from "../palette/shortcut-help";
import { Button } from "../ui/button";
import { Field, Input, Select, Textarea } from "../ui/field";
import { Notice } from "../ui/notice";
import { DropArea } from "./drop-area";
import { EXAMPLE_CODE } from "./example-code";
import { IncomingList } from "./incoming-list";
import { LanguageOptions } from "./language-options";
import { PatchNotice } from "./patch-notice";
import { type Progress, packSession, type Uploaded } from "./send-session";
import { SendingProgress } from "./sending-progress";
import { UploadFailed } from "./upload";
import { useIncomingFiles } from "./use-incoming-files";
import { usePagePaste } from "./use-page-paste";
import { takeHandedFiles } from "./use-stray-drop";

type FormResult = ErrorShape & { typed?: { name: string; text: string; language: string } };

const DETECT_AFTER_MS = 200;

/**
 * The new session form: paste, drop or choose code. Without JavaScript it is a text field and a file field. `formKey`
 * makes resubmitting idempotent; `teamId` is the team that it is shown for; `sent` is the server's response without JavaScript.
 */
export function NewSessionForm({ formKey, teamId, sent }: { formKey: string; teamId?: string; sent?: FormResult }) {
  const fetcher = useFetcher<FormResult>();
  const form = useRef<HTMLFormElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const uploaded = useRef<Uploaded>(new Map());
  const incoming = useIncomingFiles();
  const [detected, setDetected] = useState("");
  const [isPatchPasted, setPatchPasted] = useState(false);
  const [progress, setProgress] = useState<Progress>();
  const [problem, setProblem] = useState<string>();
  const result = fetcher.data ?? sent;
  const isBusy = fetcher.state !== "idle" || progress !== undefined;

  const { add } = incoming;
  useEffect(() => {
    const handed = takeHandedFiles();
    if (handed) void add(handed);
  }, [add]);

  const detect = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(detect.current), []);
  const onText = () => {
    clearTimeout(detect.current);
    const read = () => {
      if (!text.current) return;
      const { value } = text.current;
      setPatchPasted(isPatchText(value));
      setDetected(value.trim() && detectLanguage("", value));
    };
    detect.current = setTimeout(read, DETECT_AFTER_MS);
  };

  usePagePaste((pasted) => {
    if (!text.current) return;
    text.current.focus();
    text.current.setRangeText(pasted, text.current.value.length, text.current.value.length, "end");
    onText();
  });

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy || !form.current) return;
    const found = validateForm(text.current?.value ?? "", incoming);
    setProblem(found);
    if (found) return;
    markHintUsed("submit");
    try {
      const packed = await packSession(new FormData(form.current), incoming.files, uploaded.current, setProgress);
      fetcher.submit(packed, { method: "post", action: "/sessions/new", encType: "multipart/form-data" });
    } catch (error) {
      if (!(error instanceof UploadFailed)) throw error;
      setProblem(error.message);
    } finally {
      setProgress(undefined);
    }
  }

  usePageActions([
    {
      id: "review",
      label: "Review this code",
      shortcut: "mod+enter",
      group: "New session",
      run: () => form.current?.requestSubmit(),
    },
  ]);

  const error = problem ?? (fetcher.state === "idle" ? result?.error.message : undefined);
  return (
    <fetcher.Form
      ref={form}
      method="post"
      action="/sessions/new"
      encType="multipart/form-data"
      onSubmit={onSubmit}
      className="flex flex-col gap-4"
    >
      <input type="hidden" name="key" value={formKey} />
      {teamId && <input type="hidden" name="team" value={teamId} />}
      <Field label="Code" error={result?.error.field === "text" ? result.error.message : undefined}>
        {(control) => (
          <Textarea
            {...control}
            ref={text}
            name="text"
            rows={12}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            placeholder="Paste code here"
            className="code min-h-40 resize-y overflow-x-auto"
            defaultValue={sent?.typed?.text}
            onChange={onText}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Language of the pasted code">
          {(control) => (
            <Select {...control} name="language" defaultValue={sent?.typed?.language}>
              <option value="">{detected ? `Detected: ${languageLabel(detected)}` : "Detect"}</option>
              <LanguageOptions />
            </Select>
          )}
        </Field>
        <Field label="Name (optional)">
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="off"
              maxLength={LIMITS.session.maxNameChars}
              defaultValue={sent?.typed?.name}
              placeholder="Defaults to the first file's name"
            />
          )}
        </Field>
      </div>
      <DropArea onFiles={incoming.add} />
      {incoming.remark && <Notice tone={incoming.remark.isProblem ? "danger" : "plain"}>{incoming.remark.text}</Notice>}
      <PatchNotice isPasted={isPatchPasted} files={incoming.files} />
      {incoming.files.length > 0 && (
        <IncomingList
          files={incoming.files}
          onRemove={incoming.remove}
          onLanguage={incoming.setLanguage}
          onConvert={incoming.convert}
        />
      )}
      {(error ?? incoming.problem) && <Notice tone="danger">{error ?? incoming.problem}</Notice>}
      {isConvertible(result) && (
        <label className="flex items-center gap-2 text-13">
          <input type="checkbox" name="convert" defaultChecked />
          Convert text in UTF-16 or Latin-1 to UTF-8
        </label>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" aria-disabled={isBusy}>
          Review
        </Button>
        <Button
          variant="quiet"
          className="scripted"
          onClick={() => {
            if (!text.current) return;
            text.current.value = EXAMPLE_CODE;
            form.current?.requestSubmit();
          }}
        >
          Review an example
        </Button>
        <Hint id="submit" className="on-wide">
          <Shortcut keys="mod+enter" /> in the field does the same
        </Hint>
        <SendingProgress isBusy={isBusy} progress={progress} />
      </div>
    </fetcher.Form>
  );
}

/** Returns whether refused or skipped files can be converted to UTF-8. */
const isConvertible = (sent: FormResult | undefined): boolean =>
  (sent?.error.details as { convertible?: unknown } | undefined)?.convertible !== undefined;

function validateForm(text: string, { files, problem }: ReturnType<typeof useIncomingFiles>): string | undefined {
  const refused = files.filter((file) => file.problem).length;
  if (refused > 0) return `Remove the ${refused === 1 ? "unsupported file" : `${refused} unsupported files`} first.`;
  if (problem) return problem;
  return text.trim() === "" && files.length === 0 ? "Paste some code or choose a file to review." : undefined;
}
