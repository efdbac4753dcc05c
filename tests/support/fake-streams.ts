/** Event streams that the test drives. */
export class FakeStreams {
  readonly all: FakeStream[] = [];
  readonly open = (url: string): FakeStream => {
    const stream = new FakeStream(url);
    this.all.push(stream);
    return stream;
  };

  get urls(): string[] {
    return this.all.map(({ url }) => url);
  }

  get openCount(): number {
    return this.all.filter(({ isOpen }) => isOpen).length;
  }

  get last(): FakeStream {
    const last = this.all.at(-1);
    if (!last) throw new Error("No stream was opened.");
    return last;
  }
}

class FakeStream extends EventTarget {
  isOpen = true;

  constructor(readonly url: string) {
    super();
  }

  close(): void {
    this.isOpen = false;
  }

  open(): void {
    this.dispatchEvent(new Event("open"));
  }

  send(type: string, sequence: number, data: object = {}): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: String(sequence) }));
  }

  fail(): void {
    this.dispatchEvent(new Event("error"));
  }
}
