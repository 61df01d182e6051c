/** What is made of the items of a scanned swipe. */

import type { NativeBlockWriter } from "../../platform/analytics/native/native-block-writer.js";
import type { NativeColumn } from "../../platform/analytics/native/native-column.js";
import { ListColumn } from "../../platform/analytics/native/native-columns.js";
import { TextColumn } from "../../platform/analytics/native/text-column.js";
import type { RecordScanner } from "./record-scanner.js";
import type { TextPlaces } from "./scanned-items.js";

export class ItemColumns {
  private readonly itemCount: NativeColumn;
  private readonly listedFen: NativeColumn;
  private readonly itemCodes: TextLists;
  private readonly baskets: { readonly traceKeys: TextLists; readonly basketKey: NativeColumn } | null;

  /** @param hasBaskets: has the table the columns that patrols ask for? */
  constructor(block: NativeBlockWriter, hasBaskets: boolean) {
    this.itemCount = block.column("itemCount");
    this.listedFen = block.column("listedFen");
    this.itemCodes = new TextLists(block.column("itemCodes"));
    this.baskets = hasBaskets
      ? { traceKeys: new TextLists(block.column("traceKeys")), basketKey: block.column("basketKey") }
      : null;
  }

  write(row: number, { items, bytes }: RecordScanner): void {
    this.itemCount.set(row, items.count);
    this.listedFen.set(row, items.listedFen);
    this.itemCodes.write(row, bytes, items.codes);
    if (this.baskets === null) return;
    this.baskets.traceKeys.write(row, bytes, items.traces);
    this.baskets.basketKey.set(row, items.basketKey());
  }
}

class TextLists {
  private readonly column: ListColumn;
  private readonly texts: TextColumn;

  constructor(column: NativeColumn) {
    if (!(column instanceof ListColumn && column.elements instanceof TextColumn))
      throw new TypeError("expected a column of lists of texts");
    this.column = column;
    this.texts = column.elements;
  }

  write(row: number, bytes: Uint8Array, { count, starts, ends }: TextPlaces): void {
    for (let i = 0; i < count; i++) this.texts.slice(this.column.place(), bytes, starts[i]!, ends[i]!);
    this.column.end(row);
  }
}
