const CHUNK_ROWS = 50;

/** Rows in chunks of about known heights, so that the browser lays out those in view only. */
export class RowChunks {
  private readonly chunks: string[] = [];
  private rows: string[] = [];
  private lines = 0;
  private bars = 0;
  private isPlain = true;

  addRow(row: string): void {
    if (this.lines === CHUNK_ROWS) this.endChunk();
    this.lines++;
    this.rows.push(row);
  }

  addBar(bar: string): void {
    this.bars++;
    this.rows.push(bar);
  }

  /** Adds what may have any height. */
  addBlock(block: string): void {
    this.isPlain = false;
    this.rows.push(block);
  }

  html(): string {
    this.endChunk();
    return this.chunks.join("");
  }

  private endChunk(): void {
    if (this.rows.length === 0) return;
    const plain = this.isPlain ? ` class="code-chunk" style="--lines:${this.lines};--bars:${this.bars}"` : "";
    this.chunks.push(`<div${plain}>${this.rows.join("")}</div>`);
    [this.rows, this.lines, this.bars, this.isPlain] = [[], 0, 0, true];
  }
}
