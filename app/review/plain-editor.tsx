import { Form } from "@remix-run/react";
import { Button, ButtonLink } from "../ui/button";
import { Field, Textarea } from "../ui/field";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";
import type { PlainEdit } from "./load-plain-edit.server";
import type { ReviewPage } from "./page";

type PlainEditorProps = {
  page: ReviewPage;
  plain: PlainEdit;
  error?: string;
  /** The text of a save that was refused. */
  refused?: string;
};

/** One file in a plain text field: editing without scripts, or with another tool's keys. */
export function PlainEditor({ page, plain, error, refused }: PlainEditorProps) {
  const back = `/sessions/${page.session.id}?file=${encodeURIComponent(plain.path)}`;
  const text = refused ?? plain.text;
  return (
    <Page isWide>
      <PageHeader title={`Edit ${plain.path}`} about={`${page.session.name}, v${plain.base}`} />
      {error && <Notice tone="danger">{error}</Notice>}
      {page.session.isTrashed && <Notice tone="warn">This session is in the trash. Restore it to save.</Notice>}
      <Form method="post" action={`${back}&edit=1`} className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="save-text" />
        <input type="hidden" name="changeId" value={page.changeId} />
        <input type="hidden" name="base" value={plain.base} />
        <input type="hidden" name="path" value={plain.path} />
        <Field label="Text">
          {(control) => (
            <Textarea
              {...control}
              name="text"
              className="code min-h-[60dvh] overflow-x-auto"
              wrap="off"
              spellCheck={false}
              defaultValue={text.startsWith("\n") ? `\n${text}` : text}
            />
          )}
        </Field>
        <div className="flex gap-2">
          <Button type="submit" variant="primary">
            Save version
          </Button>
          <ButtonLink to={back}>Back to review</ButtonLink>
        </div>
      </Form>
    </Page>
  );
}
