/** Tells when nobody has asked the web process for anything for a while: a page that is open holds a stream, which counts. */
export class IdleWatch {
  private open = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly afterMs: number,
    private readonly onIdle: () => void,
  ) {
    this.wait();
  }

  begun(): void {
    this.open++;
    clearTimeout(this.timer);
  }

  ended(): void {
    this.open--;
    if (this.open === 0) this.wait();
  }

  private wait(): void {
    this.timer = setTimeout(this.onIdle, this.afterMs).unref();
  }
}
