/** A `multipart/form-data` body read as it arrives: fields first, then one file that is never held in memory. */
import { S3Error } from "./errors";
import type { S3Request } from "./request";

const LARGEST_FIELDS_BYTES = 20 * 1024;

export interface PostedForm {
  /** By lower-case name. */
  fields: Map<string, string>;
  fileName: string;
  /** To be read once, to its end. */
  file: AsyncIterable<Buffer>;
}

/** @throws {S3Error} MalformedPOSTRequest, MaxPostPreDataLengthExceeded; reading `file` may throw the first too */
export async function readForm({ headers, source }: S3Request): Promise<PostedForm> {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(headers["content-type"] ?? "") ?? [];
  const boundary = quoted ?? plain;
  if (!boundary || !headers["content-type"]?.startsWith("multipart/form-data"))
    throw new S3Error(412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data");
  // The first boundary has no line end before it; one is put there so that all of them look alike.
  const bytes = new ByteReader(source.iterator({ destroyOnReturn: false }), Buffer.from("\r\n"));
  const edge = Buffer.from(`\r\n--${boundary}`);
  const fields = new Map<string, string>();
  let left = LARGEST_FIELDS_BYTES;
  await bytes.until(edge, left);
  for (;;) {
    const head = (await bytes.until(Buffer.from("\r\n\r\n"), left)).toString("utf8");
    const name = /;\s*name="([^"]*)"/i.exec(head)?.[1]?.toLowerCase();
    if (name === undefined) throw malformed();
    if (name === "file") {
      const fileName = /;\s*filename="([^"]*)"/i.exec(head)?.[1] ?? "";
      return { fields, fileName: fileName.replace(/^.*[\\/]/, ""), file: bytes.through(edge) };
    }
    const value = await bytes.until(edge, left);
    left -= head.length + value.length;
    fields.set(name, value.toString("utf8"));
  }
}

class ByteReader {
  constructor(
    private readonly source: AsyncIterator<Buffer>,
    private waiting: Buffer,
  ) {}

  /** The bytes before the mark; the mark is gone afterwards. */
  async until(mark: Buffer, limit: number): Promise<Buffer> {
    for (;;) {
      const place = this.waiting.indexOf(mark);
      if (place > limit || (place < 0 && this.waiting.length > limit + mark.length))
        throw new S3Error(400, "MaxPostPreDataLengthExceeded", "The fields before the file are too large.");
      if (place >= 0) {
        const before = this.waiting.subarray(0, place);
        this.waiting = this.waiting.subarray(place + mark.length);
        return before;
      }
      const next = await this.next();
      this.waiting = Buffer.concat([this.waiting, next]);
    }
  }

  /** The bytes before the mark, as they come, and then the rest of the source, thrown away. */
  async *through(mark: Buffer): AsyncIterable<Buffer> {
    for (;;) {
      const place = this.waiting.indexOf(mark);
      if (place >= 0) {
        if (place > 0) yield this.waiting.subarray(0, place);
        for (let rest = await this.source.next(); !rest.done; rest = await this.source.next());
        return;
      }
      // A mark may begin in this chunk and end in the next.
      const sure = Math.max(0, this.waiting.length - mark.length);
      if (sure > 0) yield this.waiting.subarray(0, sure);
      this.waiting = Buffer.concat([this.waiting.subarray(sure), await this.next()]);
    }
  }

  private async next(): Promise<Buffer> {
    const { done, value } = await this.source.next();
    if (done) throw malformed();
    return value;
  }
}

const malformed = () =>
  new S3Error(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.");
