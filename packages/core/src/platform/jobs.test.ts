import { describe, expect, it } from "vitest";
import { jobIn } from "./jobs";

const REVIEW = { kind: "review", sessionId: "ses_1", version: 1, userId: "usr_1" };
const thrown = (body: string) => {
  try {
    return jobIn(body);
  } catch (error) {
    return error;
  }
};

describe("a message on the queue of jobs", () => {
  it("is the job it asks for", () => expect(jobIn(JSON.stringify(REVIEW))).toEqual(REVIEW));

  it("can never be done when it is no job", () => {
    const { version: _, ...incomplete } = REVIEW;
    for (const body of ["", "no JSON", "{}", '{"kind":7}', JSON.stringify(incomplete)]) {
      expect(thrown(body), body).toMatchObject({ code: "INVALID_INPUT" });
    }
  });

  it("is tried again when a newer version asked for a kind that this one does not know", () => {
    const body = JSON.stringify({ kind: "publish", projectId: "prj_1" });
    expect(thrown(body)).toMatchObject({ code: "INTERNAL_ERROR", status: 500 });
  });
});
