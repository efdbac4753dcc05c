import type { ErrorShape } from "@redline/core/errors";
import { LIMITS } from "@redline/core/limits";
import { detectLanguage, languageLabel } from "@redline/core/reviewers/schema";
import { useFetcher } from "@remix-run/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { usePageActions } from "../palette/page-actions";
import { Button } from "../ui/button";
import { Field, Input, Select, Textarea } from "../ui/field";
import { Notice } from "../ui/notice";
import { DropArea } from "./drop-area";
import { EXAMPLE_CODE } from "./example-code";
import { IncomingList } from "./incoming-list";
import { LanguageOptions } from "./language-options";
import { type Progress, packSession, type Uploaded } from "./send-session";
import { SendingProgress } from "./sending-progress";
import { UploadFailed } from "./upload";
import { useIncomingFiles } from "./use-incoming-files";

type FormResult = ErrorShape & { typed?: { name: string; text: string; language: string } };

const DETECT_AFTER_MS = 200;

/**
 * The new session form: paste, drop or choose code. Without JavaScript it is a text field and a file field. `formKey`
 * makes resubmitting idempotent; `sent` is the server's response without JavaScript.
 */
export function NewSessionForm({ formKey, sent }: { formKey: string; sent?: FormResult }) {
  const fetcher = useFetcher<FormResult>();
  const form = useRef<HTMLFormElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const uploaded = useRef<Uploaded>(new Map());
  const incoming = useIncomingFiles();
  const [detected, setDetected] = useState("");
  const [progress, setProgress] = useState<Progress>();
  const [problem, setProblem] = useState<string>();
  const answer = fetcher.data ?? sent;
  const isBusy = fetcher.state !== "idle" || progress !== undefined;

  const detect = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(detect.current), []);
  const onText = () => {
    clearTimeout(detect.current);
    const read = () => text.current && setDetected(text.current.value.trim() && detectLanguage("", text.current.value));
    detect.current = setTimeout(read, DETECT_AFTER_MS);
  };

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy || !form.current) return;
    const found = validateForm(text.current?.value ?? "", incoming);
    setProblem(found);
    if (found) return;
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

  const error = problem ?? (fetcher.state === "idle" ? answer?.error.message : undefined);
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
      <Field label="Code" error={answer?.error.field === "text" ? answer.error.message : undefined}>
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
              placeholder="Defaults to the first file’s name"
            />
          )}
        </Field>
      </div>
      <DropArea onFiles={incoming.add} />
      {incoming.remark && <Notice tone={incoming.remark.isProblem ? "danger" : "plain"}>{incoming.remark.text}</Notice>}
      {incoming.files.length > 0 && (
        <IncomingList
          files={incoming.files}
          onRemove={incoming.remove}
          onLanguage={incoming.setLanguage}
          onConvert={incoming.convert}
        />
      )}
      {(error ?? incoming.problem) && <Notice tone="danger">{error ?? incoming.problem}</Notice>}
      {isConvertible(answer) && (
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
            text.current.focus();
            onText();
          }}
        >
          Use an example
        </Button>
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
