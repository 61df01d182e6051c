/** A progress bar on a terminal's standard error; silent anywhere else. */

const WIDTH = 30;
const REDRAW_BYTES = 4 << 20;

export class Progress {
  private doneBytes = 0;
  private drawnBytes = 0;
  private readonly isShown = process.stderr.isTTY === true;

  constructor(private readonly totalBytes: number) {}

  add(bytes: number, lines: number): void {
    this.doneBytes += bytes;
    if (!this.isShown || this.doneBytes - this.drawnBytes < REDRAW_BYTES) return;
    this.drawnBytes = this.doneBytes;
    const share = this.totalBytes === 0 ? 0 : Math.min(1, this.doneBytes / this.totalBytes);
    const bar = "#".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, ".");
    process.stderr.write(`\r[${bar}] ${Math.floor(share * 100)} %  ${lines} lines`);
  }

  clear(): void {
    if (this.isShown && this.drawnBytes > 0) process.stderr.write("\r\u001b[K");
  }
}
